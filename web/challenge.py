"""A small sum that a visitor of the portal reads or hears, and answers: no pictures, no third party, no script.

It travels signed in the form.  It stops scripts that fill in every form they meet, and each answer counts once; whoever
writes a program for this very page is stopped by the limits of `workflows.portal_uses`.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from bpmn.moment import Moment
from faults import N_
from web.words import gettext

LIFE = timedelta(hours=1)
_NUMERALS = "零一二三四五六七八九十"
_WORDS = (N_("one"), N_("two"), N_("three"), N_("four"), N_("five"), N_("six"), N_("seven"), N_("eight"), N_("nine"))


@dataclass(frozen=True, slots=True)
class Challenge:
    """``token`` goes into the form, ``question`` is what the visitor reads."""

    token: str
    question: str


def draw(moment: Moment) -> Challenge:
    one, other = secrets.randbelow(9) + 1, secrets.randbelow(9) + 1
    token = _signer().dumps([secrets.token_hex(8), one, other, moment.now.isoformat()])
    return Challenge(token, gettext(N_("What is %(one)s plus %(other)s?"), one=_word(one), other=_word(other)))


def solved(token: str, answer: str, moment: Moment) -> tuple[str, datetime] | None:
    """The nonce of the challenge and when it was given; None where the answer is wrong, too late or forged."""
    try:
        nonce, one, other, given = _signer().loads(token)
    except (BadData, ValueError, TypeError):
        return None
    given_at = datetime.fromisoformat(given)
    if not given_at <= moment.now <= given_at + LIFE:
        return None
    return (nonce, given_at) if _number(answer) == one + other else None


def _word(number: int) -> str:
    return gettext(_WORDS[number - 1])


def _number(answer: str) -> int | None:
    """12, １２ and 十二 are the same."""
    text = unicodedata.normalize("NFKC", answer).strip()
    if text.isdecimal() and len(text) < 4:
        return int(text)
    head, ten, tail = text.partition("十")
    parts = [_NUMERALS.find(part) if len(part) == 1 else -1 for part in (head or "一", tail or "零")]
    if ten and min(parts) >= 0:
        return 10 * parts[0] + parts[1]
    return _NUMERALS.index(text) if len(text) == 1 and text in _NUMERALS else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or b"", salt="challenge")
