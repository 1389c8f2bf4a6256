"""What a form is once it has been read: frozen values that every other module of this package works on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Scalar = str | bool | int


@dataclass(frozen=True, slots=True)
class Condition:
    """A field is asked for only while another field of the same level has one (or none) of these values."""

    field: str
    values: tuple[Scalar, ...]
    negated: bool = False

    def holds(self, answers: Mapping[str, Any]) -> bool:
        """An unanswered field fulfils nothing, not even a negated condition. Several choices: one of them is enough."""
        answer = answers.get(self.field)
        if answer is None:
            return False
        given = answer if isinstance(answer, list | tuple) else [answer]
        # `True == 1` in Python, but the answer 1 is not the answer "yes".
        found = any(type(one) is type(value) and one == value for one in given for value in self.values)
        return found is not self.negated


@dataclass(frozen=True, slots=True)
class Field:
    """One question. ``min``/``max`` bound the length of a text, the value of a number, the number of rows or choices,
    or a date (ISO, or ``today``); None means the default of the type."""

    name: str
    label: str
    type: str
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()  # (value, label)
    visible_if: tuple[Condition, ...] = ()  # all of them must hold
    readonly: bool = False
    prefill: str | None = None  # an expression; the caller evaluates it
    columns: tuple[Field, ...] = ()  # of a table; one of them may be a table itself, whose columns are none
    min: int | float | str | None = None
    max: int | float | str | None = None
    places: int | None = None  # decimal places
    unit: str = ""
    help: str = ""
    register: str = ""  # where the ids of a ref are kept

    @property
    def fixed_rows(self) -> bool:
        """A table with a read-only column, also of a table in its rows, takes no other rows than it comes with."""
        return any(column.readonly or (column.columns and column.fixed_rows) for column in self.columns)

    def shown_with(self, answers: Mapping[str, Any]) -> bool:
        return all(condition.holds(answers) for condition in self.visible_if)


@dataclass(frozen=True)
class Form:
    """Equal forms have equal digests (SHA-256 of the document), which makes them cheap keys of caches.

    ``steps`` has the form as other steps show it.  Such a one has its ``permissions`` and the step that is its
    ``source``, see `forms.permissions`.
    """

    digest: str
    name: str = field(compare=False)
    title: str = field(compare=False)
    fields: tuple[Field, ...] = field(compare=False)
    permissions: Mapping[str, str] = field(default_factory=dict, compare=False)
    source: str = field(default="", compare=False)
    steps: Mapping[str, Form] = field(default_factory=dict, compare=False)

    def at(self, step: str) -> Form:
        """The form as that step shows it; itself for the step that it was made for."""
        return self.steps.get(step, self)

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)


def shown_fields(fields: tuple[Field, ...], answers: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields that these answers make visible; what a hidden field holds counts for nothing further down."""
    visible: list[Field] = []
    seen: dict[str, Any] = {}
    for one in fields:
        if one.shown_with(seen):
            visible.append(one)
            seen[one.name] = answers.get(one.name)
    return tuple(visible)
