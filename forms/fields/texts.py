"""Texts: one line, several paragraphs, and a sanitised subset of HTML."""

from __future__ import annotations

from datetime import date
from typing import Any

from forms import richtext, secrecy
from forms.field import Field
from forms.fields.kind import Fault, Posted, Shown, Words

LINE, PARAGRAPHS, RICH = 200, 4000, 50_000  # characters, unless the document says otherwise


def line_schema(field: Field) -> dict[str, Any]:
    return _length(field, LINE)


def paragraphs_schema(field: Field) -> dict[str, Any]:
    return _length(field, PARAGRAPHS)


def rich_schema(field: Field) -> dict[str, Any]:
    return _length(field, RICH) | {"contentMediaType": "text/html"}


def parse_line(field: Field, posted: Posted, name: str) -> str | None:
    text = posted.one(name)
    return text and " ".join(text.split())


def parse_paragraphs(field: Field, posted: Posted, name: str) -> str | None:
    text = posted.one(name)
    return text and text.replace("\r\n", "\n").replace("\r", "\n")


def tidy(value: Any) -> Any:
    return (value.strip() or None) if isinstance(value, str) else value


def tidy_rich(value: Any) -> Any:
    # What is too long to be accepted is not worth cleaning: the schema refuses it as it is.
    return richtext.clean(value) or None if isinstance(value, str) and len(value) <= 2 * RICH else value


def check_rich(_field: Field, value: Any, _today: date | None) -> Fault | None:
    found = secrecy.marks(str(value))
    return Fault("secrecy_mark", secrecy.MARKED, {"mark": found[0]}) if found else None


def show_line(field: Field, value: Any, words: Words) -> Shown:
    text = f"{value} {words.say(field.unit)}" if field.unit else str(value)
    return Shown(field.name, field.label, "text", text)


def show_paragraphs(field: Field, value: Any, words: Words) -> Shown:
    return Shown(field.name, field.label, "long", str(value))


def show_rich(field: Field, value: Any, words: Words) -> Shown:
    return Shown(field.name, field.label, "html", richtext.clean(str(value)))


def write_rich(value: Any) -> str:
    return richtext.to_text(str(value))


def _length(field: Field, usual: int) -> dict[str, Any]:
    return {"type": "string", "minLength": int(field.min or 1), "maxLength": int(field.max or usual)}
