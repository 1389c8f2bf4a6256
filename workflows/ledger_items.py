"""Rows of ledgers, entered by a district while its ledger is open: added, changed, removed, and read as answers.

What a row may hold is said by the form ``ledger_establishment/compile_ledger``, one row of which is one set of answers.
Completeness (D9) is another question, asked of the whole ledger when it is submitted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.access import Actor, NotFound, NotYours, grant_for
from engine.organisations import paths
from engine.tables import Organisation
from faults import N_, Fault, Problem
from forms.answers import AnswersRefused
from forms.answers import validate as validate_answers
from forms.document import STANDARD, read_form
from forms.field import Form
from workflows.documents import FORMS
from workflows.organisation import district_of, is_subordinate
from workflows.sub_items import find
from workflows.tables import Ledger, LedgerItem

FORM = "ledger_establishment/compile_ledger"
COMPILERS = ("district_supervision_officer",)
OPEN = frozenset({"compiling", "returned"})
MOST_ITEMS = 2_000  # in one ledger
_DATES = ("start_date", "deadline")
_LISTS = ("co_units", "milestones", "evidence_standard")


class LedgerClosed(Fault):
    """This ledger has been submitted or is in force, so its rows can't be edited. Ask for its return, or for a change
    of the item."""


class RowChanged(Fault):
    """Somebody else has changed this row in the meantime. Reload the page and look at it again."""


class TooManyItems(Fault):
    """A ledger holds at most {most} rows. Put what belongs together into one row."""


@cache
def form() -> Form:
    """The fields of one row, without those that every task has."""
    whole = read_form((FORMS / f"{FORM}.json").read_bytes())
    standard = {one["name"] for one in STANDARD}
    # Another digest: caches would take the two for the same form.
    return replace(
        whole, digest=f"{whole.digest}-row", fields=tuple(field for field in whole.fields if field.name not in standard)
    )


def may_edit(actor: Actor, ledger: Ledger, district_path: str | None) -> bool:
    """Whether the actor may change rows of the ledger now."""
    return ledger.status in OPEN and grant_for(actor, COMPILERS, district_path, None) is not None


def opened(session: Session, actor: Actor, ledger_id: str) -> Ledger:
    """The ledger, locked, for the actor to change its rows. Raises NotFound, NotYours, LedgerClosed."""
    ledger = session.get(Ledger, ledger_id, with_for_update=True, populate_existing=True)
    if ledger is None:
        raise NotFound
    if grant_for(actor, COMPILERS, session.get_one(Organisation, ledger.district).path, None) is None:
        raise NotYours
    if ledger.status not in OPEN:
        raise LedgerClosed
    return ledger


def add(session: Session, actor: Actor, ledger_id: str, answers: Mapping[str, Any], moment: Moment) -> LedgerItem:
    """Add a row. Raises what `opened` raises, AnswersRefused, TooManyItems."""
    ledger = opened(session, actor, ledger_id)
    clean = validate(session, ledger.district, [answers], moment)[0]
    (item_id,) = insert_rows(session, ledger, [clean], "draft", moment)
    return session.get_one(LedgerItem, item_id)


def change(
    session: Session, actor: Actor, item_id: str, revision: int, answers: Mapping[str, Any], moment: Moment
) -> LedgerItem:
    """Change the row that was seen in this revision. Raises what `add` raises, and RowChanged."""
    item = _seen(session, actor, item_id, revision)
    clean = validate(session, item.district, [answers], moment)[0]
    for name, value in columns_of(clean).items():
        setattr(item, name, value)
    item.status = status_of(clean, "draft")
    item.revision += 1
    item.changed_at = moment.now
    session.flush()
    return item


def remove(session: Session, actor: Actor, item_id: str, revision: int) -> None:
    """Take the row that was seen in this revision out of the ledger. Raises what `opened` raises, and RowChanged."""
    item = _seen(session, actor, item_id, revision)
    session.execute(delete(LedgerItem).where(LedgerItem.id == item.id))
    session.expunge(item)


def validate(
    session: Session, district: str, rows: Iterable[Mapping[str, Any]], moment: Moment
) -> list[dict[str, Any]]:
    """Clean answers of rows of this district, the organisations in them looked up in one statement.

    Raises AnswersRefused for the first row that needs attention. Use `problems_of` to hear of all rows.
    """
    clean = []
    for answers, found in problems_of(session, district, rows, moment):
        if found:
            raise AnswersRefused(found)
        clean.append(answers)
    return clean


def problems_of(
    session: Session, district: str, rows: Iterable[Mapping[str, Any]], moment: Moment
) -> list[tuple[dict[str, Any], tuple[Problem, ...]]]:
    """Each row's clean answers, and what is wrong with it; elements of problems are field names."""
    judged = [_judged(row, moment) for row in rows]
    codes = {code for answers, _ in judged for code in _organisations(answers)}
    known = paths(session, codes)
    return [(answers, found or tuple(_misplaced(answers, district, known))) for answers, found in judged]


def insert_rows(
    session: Session, ledger: Ledger, rows: list[dict[str, Any]], status: str, moment: Moment
) -> tuple[str, ...]:
    """Append rows of clean answers to a locked ledger, in one statement; their ids. Raises TooManyItems."""
    counted = select(func.count(), func.coalesce(func.max(LedgerItem.position), 0))
    count, last = session.execute(counted.where(LedgerItem.ledger_id == ledger.id)).one()
    if count + len(rows) > MOST_ITEMS:
        raise TooManyItems(most=MOST_ITEMS)
    made = [
        {
            "id": uuid4().hex,
            "campaign_id": ledger.campaign_id,
            "ledger_id": ledger.id,
            "district": ledger.district,
            "position": last + place,
            "status": status_of(clean, status),
            "changed_at": moment.now,
            **columns_of(clean),
        }
        for place, clean in enumerate(rows, start=1)
    ]
    if made:
        session.execute(insert(LedgerItem), made)
    return tuple(str(row["id"]) for row in made)


def answers_of(item: LedgerItem) -> dict[str, Any]:
    """The row as answers of its form: what a page shows, exports and changes."""
    found = {field.name: getattr(item, field.name) for field in form().fields}
    return {name: _plain(value) for name, value in found.items() if value is not None and value != []}


def columns_of(clean: Mapping[str, Any]) -> dict[str, Any]:
    """Clean answers as values of the columns; what was not answered is emptied."""
    sub_item = find(str(clean["sub_item"]))
    assert sub_item is not None, "validated before"
    columns: dict[str, Any] = {field.name: clean.get(field.name) for field in form().fields}
    columns |= {name: date.fromisoformat(columns[name]) for name in _DATES if columns[name]}
    columns |= {name: columns[name] or [] for name in _LISTS}
    target = columns["target_value"]
    return columns | {
        "sub_item": sub_item.code,
        "task_code": sub_item.task_code,
        "target_value": None if target is None else Decimal(str(target)),
    }


def status_of(clean: Mapping[str, Any], status: str) -> str:
    """What does not apply is never tracked, whatever happens to the ledger."""
    return status if clean["applicable"] else "exempt"


def _seen(session: Session, actor: Actor, item_id: str, revision: int) -> LedgerItem:
    ledger_id = session.scalar(select(LedgerItem.ledger_id).where(LedgerItem.id == item_id))
    if ledger_id is None:
        raise NotFound
    opened(session, actor, ledger_id)
    item = session.get(LedgerItem, item_id, populate_existing=True)
    if item is None or item.revision != revision:
        raise RowChanged
    return item


def _judged(row: Mapping[str, Any], moment: Moment) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    try:
        clean = validate_answers(form(), row, today=moment.today)
    except AnswersRefused as refused:
        return dict(row), refused.problems
    return clean, tuple(_contradictions(clean))


def _contradictions(clean: Mapping[str, Any]) -> Iterable[Problem]:
    if find(str(clean["sub_item"])) is None:
        yield Problem("sub_item", "unknown", N_("There is no such sub-item. Choose one from A1 to D2."))
    if clean.get("deadline") and clean.get("start_date") and clean["deadline"] < clean["start_date"]:
        yield Problem("deadline", "order", N_("The deadline lies before the start."))
    if (clean.get("target_value") is None) is not (clean.get("unit_of_measure") is None):
        missing = "unit_of_measure" if clean.get("unit_of_measure") is None else "target_value"
        yield Problem(missing, "pair", N_("A target and its unit belong together. Fill in both, or neither."))


def _organisations(answers: Mapping[str, Any]) -> list[str]:
    several = answers.get("co_units") or []
    found = [answers.get("responsible_unit"), *(several if isinstance(several, list) else [])]
    return [code for code in found if isinstance(code, str)]


def _misplaced(answers: Mapping[str, Any], district: str, known: Mapping[str, str]) -> Iterable[Problem]:
    unit = answers.get("responsible_unit")
    if unit is not None and unit not in known:
        yield Problem("responsible_unit", "unknown", N_("There is no such organisation. Choose one from the list."))
    elif unit is not None and district_of(unit) not in (None, district):
        yield Problem("responsible_unit", "elsewhere", N_("This unit belongs to another district."))
    elif unit is not None and not is_subordinate(unit):
        message = N_("This body is not subordinate: it can't answer for an item with a light. Choose another unit.")
        yield Problem("responsible_unit", "not_subordinate", message)
    if any(code not in known for code in answers.get("co_units") or ()):
        yield Problem("co_units", "unknown", N_("There is no such organisation. Choose one from the list."))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value
