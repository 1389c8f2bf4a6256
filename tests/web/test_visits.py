"""The pages of a visit: what the team, the unit and the task group are asked, and what strangers are not told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.database import Sessions
from tests.scenarios.visits import FIRST, Field, Visited, install
from tests.web.conftest import Enter


@pytest.fixture
def field(sessions: Sessions, hashed_password: str, tmp_path: Path, clock: Any) -> Field:
    found = install(sessions, tmp_path / "attachments", hashed_password)
    clock.now = found.stage.now
    return found


def page(field: Field, visited: Visited, element: str, visitor: Any) -> Any:
    (task,) = field.stage.open_tasks(visited.id, element)
    return visitor.get(f"/tasks/{task.id}")


def test_each_step_of_a_visit_is_a_page_for_whom_it_is_for(enter: Enter, field: Field) -> None:
    item = field.signed_item()
    team, unit, lead = enter(FIRST), enter("chaoyang-air-01"), enter("air-lead-01")
    stranger = enter("fengtai-supervision-01")
    visited = field.ask(item_id=item.id)

    planned = page(field, visited, "plan_visit", team)
    assert planned.status_code == 200
    for words in ("制定计划", "淘汰老旧机动车", "区县政府督查室", "督查事由"):
        assert words in planned.text, words
    assert page(field, visited, "plan_visit", stranger).status_code == 403

    visited.plan("2013-05-06")
    seen = page(field, visited, "conduct_visit", team)
    assert seen.status_code == 200
    for words in ("检查表", "累计完成多少辆", "未查", "定位", "配合"):
        assert words in seen.text, words

    visited.see("gap", measured=900)
    signed = page(field, visited, "confirm_findings", unit)
    assert "有差距，实测 900" in signed.text
    assert 'name="confirmation"' in signed.text
    assert 'name="confirmation"' not in page(field, visited, "confirm_findings", team).text, "he is not asked to sign"
    visited.sign("agree_with_statement", statement="补贴六月到位。")

    reported = page(field, visited, "visit_report", team)
    for words in ("补贴六月到位。", "属实并有陈述", "督查情况"):
        assert words in reported.text, words
    visited.report("lagging")
    case = team.get(f"/cases/{visited.id}")
    assert case.status_code == 200
    assert "改进意见" in case.text
    (task, *_) = field.stage.open_tasks(visited.id, "improvement_opinion")
    assert "责令整改" in lead.get(f"/tasks/{task.id}").text
    assert stranger.get(f"/cases/{visited.id}").status_code == 403


def test_the_district_finds_no_surprise_visit_anywhere(enter: Enter, field: Field) -> None:
    item = field.signed_item()
    hidden = field.ask(reason="suspect_false", item_id=item.id, title="暗访黄标车")
    hidden.plan_cross("2013-05-07")
    for account in (FIRST, "chaoyang-air-01", "chaoyang-leader-01"):
        visitor = enter(account)
        assert visitor.get(f"/cases/{hidden.id}").status_code == 403
        for address in ("/cases", "/registers/visits", "/tasks", f"/items/{item.id}"):
            assert "暗访黄标车" not in visitor.get(address).text, (account, address)
    assert "暗访黄标车" in enter("synthesis-lead-01").get("/registers/visits").text
