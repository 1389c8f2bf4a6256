"""The publication gate D8: whatever the public gets to read passes it, or stays in the house.

One function for diagrams, pages and other services.  Personal data is hidden first and what is left is judged again, so
that a draft with a telephone number in it is still a draft.  The table that is published now decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.services import ServiceFault
from engine.tables import Instance
from faults import N_
from workflows import tables_in_force
from workflows.personal_data import mask

TABLE = "D8_publication_gate"
OPEN = ("public", "internal", "work_secret")
SECRET = ("confidential", "secret", "top_secret")
CLASSIFICATIONS = (*OPEN, *SECRET)
# 绝密, 机密 and 秘密 as they are marked at the head of a document: with the star, or alone on a line with their term.
_MARKS = {"绝密": "top_secret", "机密": "secret", "秘密": "confidential"}
_MARK = re.compile(r"(?<![\u4e00-\u9fff])(绝\s?密|机\s?密|秘\s?密)(?:\s{0,3}[★☆✩*]|(?=[ \t\u3000]{0,3}(?:\n|$)))")


@dataclass(frozen=True, slots=True)
class Piece:
    """What is to be published. ``publishable`` is false where the ledger or somebody says it may not be; ``ground`` is
    why it is not; a ``draft`` has not been signed or reviewed yet."""

    text: str
    classification: str = "public"
    draft: bool = False
    publishable: bool = True
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """``verdict``: pass, refuse, block, withhold, require_ground. ``text`` is what may be shown, empty unless passed.

    ``basis`` says why, ``masked`` which kinds of personal data were hidden.
    """

    verdict: str
    basis: str
    text: str
    masked: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return self.verdict == "pass"


def judge(session: Session, piece: Piece, moment: Moment) -> Passage:
    """Hold a piece against D8. Raises ValueError for a classification that there is not."""
    if piece.classification not in CLASSIFICATIONS:
        raise ValueError(f"no classification {piece.classification!r}")
    table = tables_in_force.table(session, TABLE)
    marked = secrecy_mark(piece.text)
    hidden = mask(piece.text)
    facts: dict[str, Any] = {
        "classification": marked or piece.classification,
        "personal_data": bool(hidden.kinds),
        "draft": piece.draft,
        "publishable": piece.publishable,
        "ground_given": bool(piece.ground.strip()),
    }
    found = table.decide(facts, moment)
    if found["verdict"] == "mask":  # type: ignore[call-overload]
        found = table.decide(facts | {"personal_data": False}, moment)
    assert isinstance(found, dict)  # hit policy FIRST
    # A table that says "mask" of what is masked already must not let it out.
    verdict = "block" if found["verdict"] == "mask" else str(found["verdict"])
    passed = verdict == "pass"
    return Passage(verdict, str(found["basis"]), hidden.text if passed else "", hidden.kinds)


def judge_all(session: Session, piece: Piece, texts: Mapping[str, str], moment: Moment) -> dict[str, Passage]:
    """The same of several texts that are published together: name -> passage."""
    return {name: judge(session, replace(piece, text=text), moment) for name, text in texts.items()}


def secrecy_mark(text: str) -> str | None:
    """The level of state secret that the text is marked with, if it is: confidential, secret or top_secret."""
    found = _MARK.search(text)
    return _MARKS["".join(found[1].split())] if found else None


def gate(session: Session, _instance: Instance, inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The service. Returns {"verdict", "passed", "basis", "text" (masked; empty unless passed), "masked": [kinds]}.

    Raises ServiceFault: bad_classification.
    """
    classification = inputs.get("classification") or "public"
    if classification not in CLASSIFICATIONS:
        message = N_("There is no classification “{value}”.")
        raise ServiceFault("bad_classification", message, value=classification)
    piece = Piece(
        text=str(inputs.get("text") or ""),
        classification=classification,
        draft=inputs.get("draft") is True,
        publishable=inputs.get("publishable") is not False,
        ground=str(inputs.get("ground") or ""),
    )
    passage = judge(session, piece, moment)
    return {
        "verdict": passage.verdict,
        "passed": passage.is_open,
        "basis": passage.basis,
        "text": passage.text,
        "masked": list(passage.masked),
    }
