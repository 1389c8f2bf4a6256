"""The ledger of one district as a spreadsheet, out and in. Aims: a fixed number of statements, the same time for a row.

The peer is openpyxl, which reads and writes the same cells and nothing else.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from openpyxl import Workbook, load_workbook
from sqlalchemy import select, update

from benchmarks import clock, crowd, floor, table
from benchmarks.databases import Place
from benchmarks.world import World
from engine import accounts
from workflows import ledger_imports
from workflows.spreadsheet import read_xlsx
from workflows.tables import Ledger, LedgerItem

DISTRICT = "110101"
ROUNDS = 5


def measure(place: Place, both: Mapping[int, World]) -> None:
    rows = [row for one in both.values() for row in _measured(one)]
    heads = ["spreadsheet", "statements", "ms", "ms a row", "x openpyxl"]
    table.show(f"A district's ledger as a spreadsheet, {place.name}", heads, rows)


def _measured(one: World) -> list[list[object]]:
    ledger, count = _opened_again(one)
    document = _exported(one, ledger)
    give, take = partial(_exported, one, ledger), partial(_taken, one, ledger, document)
    cells = list(_bare_in(document))
    bare = {"bare out": partial(_bare_out, cells), "bare in": partial(_bare_in, document)}
    cost = clock.medians({"out": give, "in": take, **bare}, rounds=ROUNDS)
    return [
        [
            f"{way}, {count:,} rows",
            _sent(one, call),
            cost[way],
            cost[way] / count,
            cost[way] / cost[f"bare {way}"],
        ]
        for way, call in (("out", give), ("in", take))
    ]


def _opened_again(one: World) -> tuple[str, int]:
    """A ledger that may be edited, with its rows numbered."""
    with one.sessions.begin() as session:
        ledger = session.scalars(select(Ledger).where(Ledger.district == DISTRICT)).one()
        ids = session.scalars(select(LedgerItem.id).where(LedgerItem.ledger_id == ledger.id)).all()
        ledger.status = "returned"
        numbered = [{"id": item, "position": place} for place, item in enumerate(ids, start=1)]
        session.execute(update(LedgerItem), numbered)
        return ledger.id, len(ids)


def _exported(one: World, ledger: str) -> bytes:
    with one.sessions.read() as session:
        return ledger_imports.export(session, ledger)


def _taken(one: World, ledger: str, document: bytes) -> None:
    """Every row is read, judged and changed; nothing is kept."""
    cells: list[list[Any]] = [list(row) for row in read_xlsx(document)]
    place = cells[0].index("责任人职务")
    for row in cells[1:]:
        row[place] = "主要负责人"
    with one.sessions() as session:
        actor = accounts.actor(session, f"supervision-{DISTRICT}")
        taken = ledger_imports.take(session, actor, ledger, cells, crowd.now())
        session.flush()
        assert taken.changed == len(cells) - 1


def _bare_in(document: bytes) -> list[tuple[Any, ...]]:
    """The cells, read by nothing but the library."""
    book = load_workbook(io.BytesIO(document), read_only=True)
    return list(book.worksheets[0].iter_rows(values_only=True))


def _bare_out(cells: list[tuple[Any, ...]]) -> None:
    """The same cells, written by nothing but the library."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in cells:
        sheet.append(row)
    book.save(io.BytesIO())


def _sent(one: World, call: Callable[[], object]) -> int:
    with floor.recorded(one.engine) as recording:
        call()
    return len(recording.statements)
