"""Takes rows of a spreadsheet into a ledger, all of them or none, and writes a ledger as a spreadsheet.

A row with the position of a row of the ledger changes that one; a row without adds one.  What is wrong is told cell by
cell, all of it at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.access import Actor, NotFound
from engine.organisations import names
from engine.tables import Organisation
from faults import N_, Problem
from workflows import ledger_items, ledger_sheet
from workflows.ledger_sheet import SheetRow
from workflows.spreadsheet import Cell, SheetRefused, write_xlsx
from workflows.tables import Ledger, LedgerItem

# As many problems as anybody reads; the rest shows up at the next try.
MOST_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows were added and how many changed; rows that were the same already count as neither."""

    added: int
    changed: int


def take(session: Session, actor: Actor, ledger_id: str, rows: Sequence[Sequence[Cell]], moment: Moment) -> Imported:
    """Take over rows as `workflows.spreadsheet` reads them.

    Problems of cells have the cell's address (``F5``) as element, and ``row``, ``column`` (its heading) and ``found``
    among their params.  Raises SheetRefused and what `ledger_items.opened` raises.
    """
    ledger = ledger_items.opened(session, actor, ledger_id)
    read = ledger_sheet.read(rows, _organisations(session, rows, ledger.district))
    known = {item.position: item for item in session.scalars(_of_ledger(ledger_id))}
    judged = ledger_items.problems_of(session, ledger.district, [row.answers for row in read], moment)
    problems = list(_bad_positions(rows, read, known))
    for row, (_, found) in zip(read, judged, strict=True):
        problems += [_located(rows, row, problem) for problem in found]
    if problems:
        raise SheetRefused(problems[:MOST_PROBLEMS])
    clean = [(row.position, answers) for row, (answers, _) in zip(read, judged, strict=True)]
    added = [answers for position, answers in clean if position is None]
    changed = [_change(known[position], answers, moment) for position, answers in clean if position is not None]
    session.flush()
    ledger_items.insert_rows(session, ledger, added, "draft", moment)
    return Imported(len(added), sum(changed))


def export(session: Session, ledger_id: str) -> bytes:
    """The ledger as an .xlsx file, which can be taken in again. Raises NotFound. Three statements."""
    ledger = session.get(Ledger, ledger_id)
    if ledger is None:
        raise NotFound
    items = session.scalars(_of_ledger(ledger_id)).all()
    codes = {code for item in items for code in (item.responsible_unit, *item.co_units) if code}
    named = names(session, {*codes, ledger.district})
    rows = [ledger_sheet.cells(item.position, ledger_items.answers_of(item), named) for item in items]
    title = f"{named.get(ledger.district, ledger.district)}属地任务台账"
    return write_xlsx(title, ledger_sheet.columns(), rows, ledger_sheet.notes())


def _of_ledger(ledger_id: str) -> Any:
    return select(LedgerItem).where(LedgerItem.ledger_id == ledger_id).order_by(LedgerItem.position)


def _organisations(session: Session, rows: Sequence[Sequence[Cell]], district: str) -> dict[str, str]:
    """Name or code -> code, of what the cells may mean; of two of the same name, the one in the district."""
    texts = sorted(ledger_sheet.texts_of_organisations(rows))
    found: dict[str, str] = {}
    for begin in range(0, len(texts), 500):  # databases bound the number of parameters
        part = texts[begin : begin + 500]
        query = select(Organisation).where(or_(Organisation.name.in_(part), Organisation.code.in_(part)))
        for one in session.scalars(query.order_by(Organisation.path.contains(f"/{district}/"))):
            found |= {one.name: one.code, one.code: one.code}
    return found


def _bad_positions(
    rows: Sequence[Sequence[Cell]], read: Sequence[SheetRow], known: Mapping[int, LedgerItem]
) -> list[Problem]:
    counted = Counter(row.position for row in read if row.position is not None)
    problems = []
    for row in read:
        if row.position is None:
            continue
        where = Problem(ledger_sheet.POSITION, "", "")
        if row.position not in known:
            message = N_("The ledger has no row {found}. Leave the cell empty to add one.")
            problems.append(_located(rows, row, replace(where, code="unknown", message=message)))
        elif counted[row.position] > 1:
            message = N_("The row {found} is changed twice. Keep one of the two.")
            problems.append(_located(rows, row, replace(where, code="twice", message=message)))
    return problems


def _located(rows: Sequence[Sequence[Cell]], row: SheetRow, problem: Problem) -> Problem:
    field = problem.element.split("-")[0]
    found = row.position if field == ledger_sheet.POSITION else row.answers.get(field)
    shown = "" if found is None else str(found)
    params = {
        **problem.params,
        "row": row.number,
        "column": ledger_sheet.label(field),
        "found": shown if len(shown) <= 60 else shown[:59] + "…",
    }
    return replace(problem, element=ledger_sheet.address(rows, row.number, field), params=params)


def _change(item: LedgerItem, answers: Mapping[str, Any], moment: Moment) -> bool:
    columns = ledger_items.columns_of(answers)
    if all(getattr(item, name) == value for name, value in columns.items()):
        return False
    for name, value in columns.items():
        setattr(item, name, value)
    item.status = ledger_items.status_of(answers, "draft")
    item.revision += 1
    item.changed_at = moment.now
    return True
