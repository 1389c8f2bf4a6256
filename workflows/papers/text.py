"""From a template and data to a text: the title is its first ``<h1>``, the rest is cleaned HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from faults import N_, Problem
from forms import richtext
from workflows.papers.language import TemplateRefused, compiled, filled
from workflows.tables.base import TITLE

_TITLE = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Text:
    """``html`` is of the subset of `forms.richtext`."""

    title: str
    html: str


def text_of(template: str, data: Mapping[str, Any]) -> Text:
    """Raises TemplateRefused."""
    made = filled(compiled(template), data)
    heading = _TITLE.search(made)
    title = " ".join(html.unescape(_TAG.sub("", heading[1])).split()) if heading else ""
    if heading is None or not title:
        raise TemplateRefused([Problem("text", "title", N_("The template gives no title. Begin it with <h1>…</h1>."))])
    body = richtext.clean(made[: heading.start()] + made[heading.end() :])
    return Text(title[:TITLE], body)
