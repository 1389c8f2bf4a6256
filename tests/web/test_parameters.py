"""Parameters: seen by administrators and auditors, set by administrators with effect from a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from workflows import parameters
from workflows.parameters import PARAMETERS

ADDRESS = "/admin/parameters/ledger_days"


def test_all_of_them_are_listed(visit: Callable[[Any], Any], cast: Any) -> None:
    for who in (cast.admin, cast.auditor):
        page = visit(who).get("/admin/parameters").text
        for name in PARAMETERS:
            assert f'href="/admin/parameters/{name}"' in page, name


def test_a_value_counts_from_its_day(visit: Callable[[Any], Any], cast: Any, sessions: Any, moment: Any) -> None:
    admin = visit(cast.admin)
    later = moment.today + timedelta(days=3)
    typed = {"value": "12", "valid_from": later.isoformat(), "reason": "五一假期"}
    assert admin.post(ADDRESS, typed).location == ADDRESS
    page = admin.get(ADDRESS).text
    for words in ("五一假期", "admin 01", later.isoformat()):
        assert words in page, words
    with sessions.read() as session:
        assert parameters.value(session, "ledger_days", moment.today) == 10
        assert parameters.value(session, "ledger_days", later) == 12
    assert "mark-blue" in admin.get("/admin/parameters").text


@pytest.mark.parametrize(
    ("field", "value"),
    [("value", "many"), ("value", "NaN"), ("value", "1e999"), ("value", "-3"), ("value", "2.5"), ("value", ""),
     ("valid_from", "2013-05-05"), ("valid_from", "soon"), ("reason", "  ")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    visit: Callable[[Any], Any], cast: Any, sessions: Any, moment: Any, field: str, value: str
) -> None:
    admin = visit(cast.admin)
    typed = {"value": "12", "valid_from": moment.today.isoformat(), "reason": "五一假期", field: value}
    answer = admin.post(ADDRESS, typed)
    assert answer.status_code == 422
    assert f'id="{field}"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    with sessions.read() as session:
        assert parameters.is_changed(session) == frozenset()


def test_others_set_nothing(visit: Callable[[Any], Any], cast: Any, sessions: Any, moment: Any) -> None:
    typed = {"value": "12", "valid_from": moment.today.isoformat(), "reason": "x"}
    for who in (cast.auditor, cast.officer):
        assert visit(who).post(ADDRESS, typed).status_code == 403
    assert '<form class="card"' not in visit(cast.auditor).get(ADDRESS).text
    assert visit(cast.officer).get(ADDRESS).status_code == 403
    assert visit(cast.admin).get("/admin/parameters/nothing").status_code == 404
    with sessions.read() as session:
        assert parameters.is_changed(session) == frozenset()
