"""Diagram files played in memory with the scenarios beside them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bpmn.moment import Moment
from engine.scenarios import OtherProcess
from engine.scripts import BadScenario
from faults import Refused
from workflows import deploy, simulation

MOMENT = Moment(datetime(2013, 5, 6, 1, 30, tzinfo=UTC))
DOCUMENTS = Path(__file__).parents[1] / "documents"


@pytest.fixture
def errand(tmp_path: Path) -> Path:
    """The diagram of the errand with its forms."""
    path = tmp_path / "errand.bpmn"
    path.write_bytes((DOCUMENTS / "errand.bpmn").read_bytes())
    for name, form in json.loads((DOCUMENTS / "errand.json").read_text("utf-8")).items():
        file = tmp_path / "forms" / f"{name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(form), "utf-8")
    return path


def scenario(path: Path, process: str = "errand", end: str = "finished", verdict: str = "pass") -> Path:
    acts = [
        {"at": "PT1H", "do": "complete", "element": "issue", "actor": "a",
         "data": {"what": "扫雪", "deadline": "2013-05-10", "checker": None}},
        {"at": "P1D", "do": "complete", "element": "report", "actor": "b", "data": {"result": "好"}},
        {"at": "P2D", "do": "complete", "element": "check", "actor": "c", "data": {"verdict": verdict}},
    ]  # fmt: skip
    whole = {
        "process": process, "name": "扫雪", "starts_at": "2013-05-06T09:30:00+08:00", "start": "begin", "acts": acts,
        "variables": {"title": "扫雪", "org": "north", "starter": "a"}, "expected": {"end": end},
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(whole), "utf-8")
    return path


def test_a_scenario_is_told_in_the_order_of_time(errand: Path) -> None:
    scenario(errand.parent / "scenarios" / "errand" / "snow.json")
    published, played = simulation.play(errand, (), MOMENT)
    lines = list(simulation.report(published, played, MOMENT))
    assert lines[0] == "扫雪: passes"
    assert lines[1:4] == [
        "  2013-05-06 09:30 started",
        "  2013-05-06 09:30 issue opened, due 2013-05-07 17:30",
        "  2013-05-06 10:30 issue completed",
    ]
    assert "  2013-05-08 09:30 completed at finished" in lines
    assert lines[-1] == "passed: 6 of 6 elements"


def test_one_that_fails_says_why(errand: Path, tmp_path: Path) -> None:
    given = scenario(tmp_path / "elsewhere.json", verdict="fail")
    published, played = simulation.play(errand, (given,), MOMENT)
    assert [problem.code for problem in played[0].problems] == ["not_ended"]
    lines = list(simulation.report(published, played, MOMENT))
    assert lines[0] == "扫雪: fails"
    assert "  waits at report" in lines
    assert lines[-1] == "never passed: finished"


def test_without_scenarios_it_is_started_and_waits(errand: Path) -> None:
    published, played = simulation.play(errand, (), MOMENT)
    lines = list(simulation.report(published, played, MOMENT))
    assert lines[0] == "start: passes"
    assert "  waits at issue" in lines


@pytest.mark.parametrize("path", deploy.shipped(), ids=lambda path: path.stem)
def test_every_shipped_process_can_be_played(path: Path) -> None:
    published, played = simulation.play(path, (), MOMENT)
    assert list(simulation.report(published, played, MOMENT))


def test_what_is_wrong_is_a_sentence(errand: Path, tmp_path: Path) -> None:
    with pytest.raises(OtherProcess):
        simulation.play(errand, (scenario(tmp_path / "x.json", process="chore"),), MOMENT)
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(BadScenario):
        simulation.play(errand, (tmp_path / "bad.json",), MOMENT)
    (tmp_path / "bad.bpmn").write_text("<x/>")
    with pytest.raises(Refused):
        simulation.play(tmp_path / "bad.bpmn", (), MOMENT)
    nothing = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x"/>'
    (tmp_path / "none.bpmn").write_text(nothing)
    with pytest.raises(Refused):
        simulation.play(tmp_path / "none.bpmn", (), MOMENT)
