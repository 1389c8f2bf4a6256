"""What differs between two versions of a form: fields that came, went, changed or stand elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from forms.field import Condition, Field, Form

Kind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, slots=True)
class Difference:
    """``path`` is the name of the field, ``table.column`` of a column, empty for the form itself.

    ``facet`` is the attribute that changed, with the texts before and after.
    """

    path: str
    kind: Kind
    facet: str = ""
    before: str = ""
    after: str = ""


def compare(before: Form, after: Form) -> tuple[Difference, ...]:
    """All differences, in the order of the later form, what was removed at the end of its level."""
    head = [Difference("", "changed", "title", before.title, after.title)] if before.title != after.title else []
    return (*head, *_levels("", before.fields, after.fields), *_steps(before, after))


def _levels(prefix: str, before: tuple[Field, ...], after: tuple[Field, ...]) -> Iterator[Difference]:
    old = {field.name: field for field in before}
    kept = [field.name for field in after if field.name in old]
    order = [field.name for field in before if field.name in kept]
    for field in after:
        path = f"{prefix}{field.name}"
        if field.name not in old:
            yield Difference(path, "added", after=field.label)
            continue
        yield from _changes(path, old[field.name], field)
        if kept.index(field.name) != order.index(field.name):
            place = (str(order.index(field.name) + 1), str(kept.index(field.name) + 1))
            yield Difference(path, "moved", "place", *place)
        yield from _levels(f"{path}.", old[field.name].columns, field.columns)
    for field in before:
        if field.name not in kept:
            yield Difference(f"{prefix}{field.name}", "removed", before=field.label)


def _steps(before: Form, after: Form) -> Iterator[Difference]:
    """What other steps may do with the form; of a field, its permission there before and after."""
    for step in {**after.steps, **before.steps}:
        old, new = before.steps.get(step), after.steps.get(step)
        facet = f"step {step}"
        if old is None or new is None:
            yield Difference("", "removed" if new is None else "added", facet)
        elif old.source != new.source:
            yield Difference("", "changed", facet, old.source, new.source)
        rules = [form.permissions if form else {} for form in (old, new)]
        for path in {**rules[1], **rules[0]}:
            texts = [rule.get(path, "") for rule in rules]
            if texts[0] != texts[1]:
                yield Difference(path, "changed", facet, *texts)


def _changes(path: str, before: Field, after: Field) -> Iterator[Difference]:
    for facet in (one.name for one in fields(Field) if one.name not in ("name", "columns")):
        old, new = getattr(before, facet), getattr(after, facet)
        if old != new:
            yield Difference(path, "changed", facet, _text(old), _text(new))


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return "yes"
    if isinstance(value, Condition):
        sign = "not in" if value.negated else "in"
        return f"{value.field} {sign} {', '.join(map(str, value.values))}"
    if isinstance(value, tuple):
        return "\n".join(f"{one[0]} {one[1]}" if isinstance(one, tuple) else _text(one) for one in value)
    if isinstance(value, Mapping):
        return "\n".join(f"{key} {item}" for key, item in value.items())
    return str(value)
