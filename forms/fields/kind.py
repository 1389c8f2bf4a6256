"""What a field type consists of, and the values that its functions take and give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from faults import N_
from forms.field import Field

ShownKind = Literal[
    "empty", "text", "long", "html", "list", "rows", "files", "photos", "signature", "place", "register"
]


@dataclass(frozen=True, slots=True)
class Posted:
    """The items of an HTML form: every name with all its values, as the browser sent them."""

    items: Mapping[str, Sequence[str]]
    _places: dict[str, set[int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def one(self, name: str) -> str | None:
        """The last value that is not blank, without the white space around it."""
        return next((text for text in reversed(self.all(name))), None)

    def all(self, name: str) -> list[str]:
        values = self.items.get(name, ())
        return [value.strip() for value in values if isinstance(value, str) and value.strip()]

    def places(self, table: str) -> list[int]:
        """The numbers of the rows that were sent for a table, ascending. ``table``: its name, or ``outer-3-inner``."""
        if not self._places:
            self._places[""] = set()  # so that the names are looked through once only
            for name in self.items:
                parts = name.split("-", 4)
                for depth in range(1, len(parts) - 1, 2):
                    if is_place(parts[depth]):
                        self._places.setdefault("-".join(parts[:depth]), set()).add(int(parts[depth]))
        return sorted(self._places.get(table, ()))


def is_place(part: str) -> bool:
    """Whether a part of the name of an input is the number of a row."""
    return len(part) <= 4 and part.isascii() and part.isdecimal()


@dataclass(frozen=True, slots=True)
class Words:
    """How to say things: ``say`` translates a text, ``lookup(kind, id)`` gives the name of an org, user or ref."""

    say: Callable[[str], str]
    lookup: Callable[[str, str], str | None]

    def name(self, kind: str, ident: str) -> str:
        return self.lookup(kind, ident) or ident


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer in words. What is filled in depends on ``kind``:

    ``text`` for text, long, html (sanitised) and place; ``items`` for list (words), files and signature (attachment
    ids) and photos (mappings with id, sha256, captured_at, geo, device, grade); ``header`` and ``rows`` for rows;
    ``text`` and ``items`` (the address of its page) for register.
    """

    name: str
    label: str
    kind: ShownKind = "empty"
    text: str = ""
    items: tuple[Any, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[Shown, ...], ...] = ()

    @property
    def holds_tables(self) -> bool:
        return any(cell.kind == "rows" for row in self.rows for cell in row)


@dataclass(frozen=True, slots=True)
class Fault:
    """What a check of a type finds: a template of a message and its parameters."""

    code: str
    message: str
    params: Mapping[str, Any]


def _accept(field: Field, value: Any, today: date | None) -> Fault | None:
    return None


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class FieldType:
    """A row of the table of types.

    - ``schema(field)`` gives JSON Schema, without title
    - ``parse(field, posted, name)`` reads items of an HTML form: None where nothing was entered, the text as typed
      where it can't be understood
    - ``template`` is the macro in web/templates/forms/inputs.html that draws the input
    - ``show(field, value, words)`` puts a value into words
    - ``malformed`` is said where a value is none of this type
    - ``tidy(value)`` brings an answer into its one canonical form and leaves alone what it does not understand
    - ``check(field, value, today)`` finds what a schema can't say
    - ``write(value)`` is the text that stands in an input
    - ``takes`` are the attributes that a document may use
    - ``largest`` is the most that ``max`` may allow, for types in which it counts something
    - ``refers`` says what kind of thing the ids of this type mean
    - ``deepest`` says how many tables may lie around it: none (0), one whose column it is, or one in a row of another
    - ``fixed`` types are never asked for, only shown: such fields must be read-only
    """

    schema: Callable[[Field], dict[str, Any]]
    parse: Callable[[Field, Posted, str], Any]
    template: str
    show: Callable[[Field, Any, Words], Shown]
    malformed: str = N_("This is not a valid value.")
    tidy: Callable[[Any], Any] = _as_it_is
    check: Callable[[Field, Any, date | None], Fault | None] = _accept
    write: Callable[[Any], str] = str
    takes: frozenset[str] = frozenset()
    largest: int | None = None
    refers: Literal["org", "user", "ref", "attachment"] | None = None
    deepest: int = 2
    fixed: bool = False
