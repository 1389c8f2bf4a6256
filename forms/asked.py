"""Lays out a form for a page: every input with its name, its text, its choices, its fault. Templates only draw it.

The counterpart of `forms.shown`: that one is for reading answers, this one for asking.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime
from typing import Any

from faults import N_
from forms.field import Condition, Field, Form, shown_fields
from forms.fields import TYPES
from forms.fields.kind import Shown, Words
from forms.shown import show_field

# They stand for the number of a row in the blank row that the page copies, that of a table and of one in its rows.
ROW, INNER_ROW = "__row__", "__inner__"
_NO_FILE: Mapping[str, Any] = dict.fromkeys(("id", "name", "url", "thumb", "size", "grade"))
_COUNTED = ("text", "longtext", "richtext")
PLAIN_CHOICES = 12  # more choices than that get a search field


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. ``number`` counts from 1; ``place`` is its number in the names of its inputs."""

    place: str
    number: int | None
    questions: tuple[Asked, ...]

    @property
    def holds_tables(self) -> bool:
        return any(question.field.columns for question in self.questions)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the page asks it.

    ``name`` is the name of the input, ``ident`` its id in the page, ``template`` the macro that draws it.  ``text`` is
    what stands in a text input; ``choices`` the options of lists; ``files`` mappings with id, name and what else the
    page knows; ``place`` the texts of latitude, longitude and accuracy.  ``condition`` is JSON for the script, and
    ``condition_words`` says the same to people without script.
    """

    name: str
    ident: str
    label: str
    template: str
    field: Field
    required: bool
    text: str = ""
    well_formed: bool = True  # the text is a value of the type, not just what was typed
    limit: int | None = None  # characters
    error: str = ""
    help: str = ""
    unit: str = ""
    shown: bool = True
    condition: str = ""
    condition_words: str = ""
    choices: tuple[Choice, ...] = ()
    files: tuple[Mapping[str, Any], ...] = ()
    place: Mapping[str, str] = dataclass_field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    blank: Row | None = None
    answer: Shown | None = None  # of a read-only field
    known: Mapping[str, Mapping[str, Any]] = dataclass_field(default_factory=dict)  # the files in a read-only table

    @property
    def described_by(self) -> str:
        """The ids of what explains the input, for aria-describedby."""
        parts = [("help", self.help), ("when", self.condition_words), ("error", self.error)]
        return " ".join(f"{self.ident}-{part}" for part, there in parts if there)

    @property
    def searchable(self) -> bool:
        return len(self.choices) > PLAIN_CHOICES


@dataclass(frozen=True, slots=True)
class Complaint:
    """A line of the summary of faults. ``ident`` is None where no input can be pointed at."""

    ident: str | None
    label: str
    message: str


@dataclass(frozen=True, slots=True)
class Page:
    """What the page knows and a form does not.

    ``choices(field)`` lists (value, label) for org, user and ref fields, empty where anything may be typed; ``say``
    translates; ``lookup(kind, id)`` names things that read-only answers mention; ``file(id)`` gives name, url, thumb,
    size and grade of an attachment, None if it is unknown.
    """

    choices: Callable[[Field], Sequence[tuple[str, str]]]
    say: Callable[[str], str]
    lookup: Callable[[str, str], str | None]
    file: Callable[[str], Mapping[str, Any] | None]


def asked(form: Form, values: Mapping[str, Any], errors: Mapping[str, str], page: Page) -> tuple[Asked, ...]:
    """The questions of a form. ``values`` are answers or what was typed; ``errors`` maps paths to translated words."""
    return _level(form.fields, values, errors, page, "")


def complaints(
    questions: Sequence[Asked], errors: Mapping[str, str], say: Callable[[str], str]
) -> tuple[Complaint, ...]:
    """The faults in the order of the page; those that belong to no input come first."""
    if not errors:
        return ()
    located = list(_located(questions, "", "", say))
    known = {question.name for question, _ in located}
    lost = [Complaint(None, "", message) for element, message in errors.items() if element not in known]
    return tuple(lost + [Complaint(one.ident, label, one.error) for one, label in located if one.error])


def _located(
    questions: Sequence[Asked], place: str, above: str, say: Callable[[str], str]
) -> Iterator[tuple[Asked, str]]:
    """Every question with its label and, before that, where it stands. ``above``: where the tables among them stand."""
    for question in questions:
        yield question, place + question.label
        for row in question.rows:
            here = {"table": question.label, "number": row.number}
            before = above + say(N_("{table}, row {number}: ")).format(**here)
            inner = above + say(N_("{table}, row {number}, ")).format(**here) if row.holds_tables else ""
            yield from _located(row.questions, before, inner, say)


def _level(
    fields: tuple[Field, ...], values: Mapping[str, Any], errors: Mapping[str, str], page: Page, prefix: str
) -> tuple[Asked, ...]:
    shown = {one.name for one in shown_fields(fields, values)}
    by_name = {one.name: one for one in fields}
    return tuple(
        _question(one, values.get(one.name), errors, page, prefix, one.name in shown, by_name) for one in fields
    )


def _question(
    one: Field,
    value: Any,
    errors: Mapping[str, str],
    page: Page,
    prefix: str,
    shown: bool,
    by_name: Mapping[str, Field],
) -> Asked:
    name = prefix + one.name
    say = page.say
    rows, blank = _rows(one, value, errors, page, name)
    return Asked(
        name=name,
        ident=f"f-{name}",
        label=say(one.label),
        template="fixed" if one.readonly else TYPES[one.type].template,
        field=one,
        required=one.required,
        text=_text(one, value),
        well_formed=_is_well_formed(one, value),
        limit=TYPES[one.type].schema(one).get("maxLength") if one.type in _COUNTED else None,
        error=_error(one, name, errors, bool(rows)),
        help=say(one.help) if one.help else "",
        unit=say(one.unit) if one.unit else "",
        shown=shown,
        condition=json.dumps([_rule(rule, prefix) for rule in one.visible_if]) if one.visible_if else "",
        condition_words=" ".join(_words(rule, by_name[rule.field], say) for rule in one.visible_if),
        choices=_choices(one, value, page),
        files=_files(one, value, page),
        place=_place(one, value),
        rows=rows,
        blank=blank,
        answer=show_field(one, value, Words(say, page.lookup)) if one.readonly and value is not None else None,
        known=_known(one, value, page) if one.readonly and one.columns else {},
    )


def _text(one: Field, value: Any) -> str:
    """What a text input holds: the value, or whatever was typed instead of one."""
    if isinstance(value, list):
        return "\n".join(part for part in value if isinstance(part, str))
    return "" if value is None or isinstance(value, dict | bool) else TYPES[one.type].write(value)


def _is_well_formed(one: Field, value: Any) -> bool:
    """Whether a picker of days or instants would take the value; it silently drops everything else."""
    try:
        return one.type not in ("date", "datetime") or datetime.fromisoformat(value) is not None
    except (TypeError, ValueError):
        return False


def _error(one: Field, name: str, errors: Mapping[str, str], has_rows: bool) -> str:
    """The fault of this input, or of a part that has no input of its own."""
    if name in errors:
        return errors[name]
    inner = (message for element, message in errors.items() if element.startswith(name + "-"))
    return "" if has_rows else next(inner, "")


def _rule(rule: Condition, prefix: str) -> dict[str, Any]:
    values = [_posted(value) for value in rule.values]
    return {"field": prefix + rule.field, "not_in" if rule.negated else "in": values}


def _posted(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _words(rule: Condition, control: Field, say: Callable[[str], str]) -> str:
    labels = {_posted(value): label for value, label in control.options}
    yes_no = {"true": N_("Yes"), "false": N_("No")} if control.type == "bool" else {}
    words = [say((yes_no or labels).get(_posted(value), _posted(value))) for value in rule.values]
    template = N_("Not if “{field}” is: {values}.") if rule.negated else N_("Only if “{field}” is: {values}.")
    return say(template).format(field=say(control.label), values=say(N_(", ")).join(words))


def _choices(one: Field, value: Any, page: Page) -> tuple[Choice, ...]:
    if one.type == "bool":
        pairs: Sequence[tuple[str, str]] = [("true", page.say(N_("Yes"))), ("false", page.say(N_("No")))]
    elif one.options:
        pairs = [(option, page.say(label)) for option, label in one.options]
    elif TYPES[one.type].refers in ("org", "user", "ref"):
        pairs = page.choices(one)
    else:
        return ()
    chosen = [_posted(part) for part in (value if isinstance(value, list) else [value]) if part is not None]
    found = [Choice(option, label, option in chosen) for option, label in pairs]
    # What was chosen before and is no longer offered stays visible, so that nobody wonders where it went.
    kind = TYPES[one.type].refers or ""
    gone = [part for part in chosen if part not in {option for option, _ in pairs}] if pairs else []
    return tuple(found + [Choice(part, page.lookup(kind, part) or part, True) for part in gone])


def _files(one: Field, value: Any, page: Page) -> tuple[Mapping[str, Any], ...]:
    if TYPES[one.type].refers != "attachment" or value is None:
        return ()
    known = ((part, page.file(part) or {}) for part in _idents(value))
    return tuple(dict(_NO_FILE) | {"id": part, "name": part} | dict(facts) for part, facts in known)


def _idents(value: Any) -> list[str]:
    parts = value if isinstance(value, list) else [value]
    found = (part.get("id") if isinstance(part, dict) else part for part in parts)
    return [ident for ident in found if isinstance(ident, str)]


def _known(table: Field, value: Any, page: Page) -> dict[str, Mapping[str, Any]]:
    """What the page knows of the files in the rows of a table, and in those of the tables in them."""
    found: dict[str, Mapping[str, Any]] = {}
    for row in value if isinstance(value, list) else ():
        for column in table.columns if isinstance(row, dict) else ():
            if column.columns:
                found |= _known(column, row.get(column.name), page)
            elif TYPES[column.type].refers == "attachment":
                found |= {ident: page.file(ident) or {} for ident in _idents(row.get(column.name))}
    return {ident: facts for ident, facts in found.items() if facts}


def _place(one: Field, value: Any) -> dict[str, str]:
    given = value if isinstance(value, dict) else {}
    parts = ("lat", "lon", "accuracy") if one.type == "geo" else ()
    return {part: TYPES["decimal"].write(given[part]) if part in given else "" for part in parts}


def _rows(
    one: Field, value: Any, errors: Mapping[str, str], page: Page, name: str
) -> tuple[tuple[Row, ...], Row | None]:
    """The rows of a table, at least one (a person must see where to write), and the blank one for the script.

    Of a table that takes no other rows only those that there are.
    """
    if not one.columns:
        return (), None
    given = [row if isinstance(row, dict) else {} for row in value] if isinstance(value, list) else []
    wanted = 0 if one.fixed_rows else max(1, int(one.min or 1))
    filled = given + [{}] * (wanted - len(given))
    rows = tuple(
        Row(str(place), place + 1, _level(one.columns, row, errors, page, f"{name}-{place}-"))
        for place, row in enumerate(filled)
    )
    if one.fixed_rows:
        return rows, None
    place = INNER_ROW if "-" in name else ROW
    return rows, Row(place, None, _level(one.columns, {}, {}, page, f"{name}-{place}-"))
