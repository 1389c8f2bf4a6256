"""The ledger of a district: compiled by its supervision office, read by others, hidden from other districts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from typing import Any

import pytest

from engine import accounts
from engine.database import Sessions
from tests.web.campaigns import CALENDAR, CHAOYANG, FENGTAI, Town, in_course, opened, people
from tests.web.conftest import Enter
from workflows.spreadsheet import read_xlsx
from workflows.tables import Ledger, LedgerItem

ROW = {
    "sub_item": "A3",
    "applicable": "true",
    "item_name": "淘汰老旧机动车",
    "target_value": "26000",
    "unit_of_measure": "辆",
    "responsible_unit": "110105-HB",
    "responsible_post": "分管副区长",
    "start_date": "2013-05-01",
    "deadline": "2013-12-20",
    "milestones-0-date": "2013-06-30",
    "milestones-0-planned_percent": "20",
    "milestones-1-date": "2013-12-20",
    "milestones-1-planned_percent": "100",
    "evidence_standard": ["photo", "document"],
    "publishable": "true",
    "_action": "complete",
}
SHEET = (
    "\tB2\t是\t\t配套管线建设\t\t42\t公里\t\t朝阳区水务局\t分管副区长\t\t2013-05-01\t2013-11-30"
    "\t2013-08-31 50%；2013-11-30 100%\t照片\t一般\t是"
)
OFFICER, COLLEAGUE, STRANGER = "chaoyang-supervision-01", "chaoyang-supervision-02", "fengtai-supervision-01"


@pytest.fixture
def town(sessions: Sessions, hashed_password: str, clock: Any) -> Town:
    """Empty ledgers, on Monday 04-22."""
    made = Town(sessions)
    with sessions.begin() as session:
        people(session, hashed_password)
        opened(session, made)
    clock.now = datetime(2013, 4, 22, 10, tzinfo=CALENDAR.zone)
    return made


@pytest.fixture
def address(town: Town) -> str:
    return f"/ledgers/{town.ledgers[CHAOYANG]}"


def added(visitor: Any, address: str, **changed: Any) -> Any:
    visitor.get(f"{address}/rows/new")
    items = {name: value for name, value in {**ROW, "revision": "0", **changed}.items() if value is not None}
    return visitor.post(f"{address}/rows/new", items)


def test_an_empty_ledger_says_what_is_missing(enter: Enter, address: str) -> None:
    page = enter(OFFICER).get(address).text
    for words in (
        "朝阳区",
        "A1 污染增量控制",
        "D2 分阶段拆除历史遗留违法建设",
        f'href="{address}/rows/new?sub_item=A3"',
    ):
        assert words in page, words
    assert page.count("chapter-empty") == 26


def test_a_row_is_added_changed_and_removed(enter: Enter, address: str, town: Town) -> None:
    officer = enter(OFFICER)
    assert 'value="A3" selected' in officer.get(f"{address}/rows/new?sub_item=A3").text
    answer = added(officer, address)
    item = town.rows(LedgerItem)[0]
    assert answer.location == f"{address}#row-{item.id}"
    assert (item.item_name, float(item.target_value), len(item.milestones)) == ("淘汰老旧机动车", 26000, 2)
    page = officer.get(f"{address}/rows/{item.id}").text
    assert 'value="26000"' in page
    assert (
        officer.post(f"{address}/rows/{item.id}", {**ROW, "target_value": "30000", "revision": "1"}).status_code == 302
    )
    assert float(town.rows(LedgerItem)[0].target_value) == 30000
    assert "30,000 辆" in officer.get(address).text
    officer.post(f"{address}/rows/{item.id}/remove", {"revision": "2"})
    assert town.rows(LedgerItem) == []


def test_wrong_fields_are_named_and_nothing_typed_is_lost(enter: Enter, address: str, town: Town) -> None:
    answer = added(enter(OFFICER), address, deadline="2013-04-01", responsible_unit="110106-HB", item_name="淘汰旧车")
    assert answer.status_code == 422
    assert 'value="淘汰旧车"' in answer.text
    assert 'href="#f-deadline"' in answer.text or "deadline" in answer.text
    assert town.rows(LedgerItem) == []


def test_without_script_rows_of_a_table_are_added(enter: Enter, address: str) -> None:
    answer = added(enter(OFFICER), address, _add="milestones", _action=None)
    assert answer.status_code == 200
    assert 'name="milestones-2-date"' in answer.text


def test_who_saw_an_older_row_is_told(enter: Enter, address: str, town: Town) -> None:
    added(enter(OFFICER), address)
    item = town.rows(LedgerItem)[0]
    first, second = enter(OFFICER), enter(COLLEAGUE)
    for visitor in (first, second):
        visitor.get(f"{address}/rows/{item.id}")
    assert first.post(f"{address}/rows/{item.id}", {**ROW, "item_name": "甲", "revision": "1"}).status_code == 302
    late = second.post(f"{address}/rows/{item.id}", {**ROW, "item_name": "乙", "revision": "1"})
    assert late.status_code == 409
    assert 'value="乙"' in late.text
    assert town.rows(LedgerItem)[0].item_name == "甲"


@pytest.mark.parametrize(
    ("who", "status"), [("synthesis-lead-01", 200), ("chaoyang-leader-01", 200), (STRANGER, 403), ("deputy-01", 403)]
)
def test_others_read_or_see_nothing(enter: Enter, address: str, town: Town, who: str, status: int) -> None:
    visitor = enter(who)
    assert visitor.get(address).status_code == status
    assert visitor.get(f"{address}/export.xlsx").status_code == status
    assert visitor.get(f"{address}/rows/new").status_code == 403
    assert visitor.get(f"{address}/import").status_code == 403
    assert visitor.post(f"{address}/rows/new", ROW).status_code == 403
    assert visitor.post(f"{address}/import", {"pasted": SHEET, "_action": "confirm"}).status_code == 403
    assert town.rows(LedgerItem) == []


def test_a_row_of_another_ledger_is_not_found_here(enter: Enter, address: str, town: Town) -> None:
    added(enter(OFFICER), address)
    item = town.rows(LedgerItem)[0]
    other = f"/ledgers/{town.ledgers[FENGTAI]}/rows/{item.id}"
    stranger = enter(STRANGER)
    assert stranger.get(other).status_code == 404
    assert stranger.post(other, {**ROW, "revision": "1"}).status_code == 404
    assert stranger.post(f"{other}/remove", {"revision": "1"}).status_code == 404
    assert len(town.rows(LedgerItem)) == 1


def test_pasted_rows_are_shown_first_and_saved_once_confirmed(enter: Enter, address: str, town: Town) -> None:
    officer = enter(OFFICER)
    officer.get(f"{address}/import")
    shown = officer.post(f"{address}/import", {"pasted": SHEET, "_action": "try"})
    assert shown.status_code == 200
    assert "配套管线建设" in shown.text
    assert town.rows(LedgerItem) == []
    carried = unescape(re.findall(r'type="hidden" name="pasted" value="([^"]*)"', shown.text)[0])
    answer = officer.post(f"{address}/import", {"pasted": carried, "_action": "confirm"})
    assert answer.location == address
    assert town.rows(LedgerItem)[0].sub_item == "B2"


def test_every_wrong_cell_is_named(enter: Enter, address: str, town: Town) -> None:
    officer = enter(OFFICER)
    officer.get(f"{address}/import")
    wrong = SHEET.replace("42", "四十二").replace("2013-11-30\t", "2013年13月1日\t")
    answer = officer.post(f"{address}/import", {"pasted": SHEET + "\n" + wrong, "_action": "confirm"})
    assert answer.status_code == 422
    for words in (">G2<", "四十二", ">N2<"):
        assert words in answer.text, words
    assert town.rows(LedgerItem) == []


def test_an_exported_ledger_can_be_taken_in_again(enter: Enter, address: str, town: Town) -> None:
    officer = enter(OFFICER)
    added(officer, address)
    file = officer.get(f"{address}/export.xlsx")
    assert read_xlsx(file.data)[1][4] == "淘汰老旧机动车"
    officer.get(f"{address}/import")
    upload = {"file": (io.BytesIO(file.data), "台账.xlsx"), "_action": "try"}
    answer = officer.post(f"{address}/import", upload, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert 'value="confirm"' in answer.text
    assert len(town.rows(LedgerItem)) == 1


@pytest.mark.parametrize("data", [b"", b"no spreadsheet", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old"])
def test_files_that_are_no_spreadsheet(enter: Enter, address: str, data: bytes) -> None:
    officer = enter(OFFICER)
    officer.get(f"{address}/import")
    upload = {"file": (io.BytesIO(data), "台账.xlsx"), "_action": "try"}
    assert officer.post(f"{address}/import", upload, content_type="multipart/form-data").status_code == 422


def test_a_submitted_ledger_is_closed(enter: Enter, address: str, town: Town, sessions: Sessions) -> None:
    officer = enter(OFFICER)
    with sessions.begin() as session:
        session.get_one(Ledger, town.ledgers[CHAOYANG]).status = "submitted"
    assert f"{address}/rows/new" not in officer.get(address).text
    assert added(officer, address).status_code == 409
    assert town.rows(LedgerItem) == []


def test_baselines_have_a_history(
    sessions: Sessions, hashed_password: str, visit: Callable[[Any], Any], clock: Any
) -> None:
    town = Town(sessions)
    with sessions.begin() as session:
        people(session, hashed_password)
        in_course(session, town, [CHAOYANG])
        who = accounts.actor(session, "synthesis-lead-01")
    visitor = visit(who)
    address = f"/ledgers/{town.ledgers[CHAOYANG]}"
    assert f"{address}/baselines/1" in visitor.get(address).text
    page = visitor.get(f"{address}/baselines/1").text
    assert "SHA-256" in page
    assert "朝阳区控制机动车排放污染" in page
    assert visitor.get(f"{address}/baselines/2").status_code == 404
