"""Scenarios: recorded, written by hand, played on drafts, and guarding what is published."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bpmn.moment import Moment
from engine import definitions, process_drafts, publish, scenarios, scripts
from engine import runs as runs_of
from engine.access import NotFound, NotYours
from engine.expectations import NONE, Expected
from engine.process_drafts import Changes
from engine.publish import Bundle, PublishRefused
from engine.scenarios import ChangedMeanwhile, Confidential, NoName, NotFinished, OtherProcess, TooManyScenarios
from engine.scripts import BadScenario, Play
from engine.tables import Instance, Scenario, Version
from engine.trials import TrialsFail


def finished(errand: Any, *verdicts: str) -> str:
    started = errand.issued()
    for verdict in verdicts:
        errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, {"result": "扫了"})
        errand.complete(errand.cast.chief, errand.open_task(started.instance_id).id, {"verdict": verdict})
    return str(started.instance_id)


@pytest.fixture
def recorded(errand: Any) -> str:
    """A case that was done over once, as a scenario."""
    instance_id = finished(errand, "fail", "pass")
    with errand.sessions.begin() as session:
        return scenarios.record(session, errand.cast.admin, instance_id, "返工一次", errand.moment).id


def runs(errand: Any, bundle: Bundle) -> tuple[scenarios.Run, ...]:
    with errand.sessions.read() as session:
        return runs_of.on_process(session, errand.cast.admin, "errand", bundle, errand.moment.calendar)


def changed(bundle: Bundle, old: str, new: str) -> Bundle:
    text = bundle.diagram.decode()
    assert old in text
    return replace(bundle, diagram=text.replace(old, new).encode())


def codes(run: scenarios.Run) -> set[str]:
    return {problem.code for problem in run.problems}


def test_what_was_recorded_passes_on_its_own_version(errand: Any, errand_bundle: Bundle, recorded: str) -> None:
    (run,) = runs(errand, errand_bundle)
    assert run.passes, run.problems
    assert run.expected.end == "finished"
    assert run.expected.passes == ("issue", "report", "check", "report", "check")
    assert {element for element, _ in run.expected.dates} == {"issue", "report"}


def test_what_a_change_does_to_it_is_said(errand: Any, errand_bundle: Bundle, recorded: str) -> None:
    shorter = changed(errand_bundle, '=check.verdict == "pass"', "=check.verdict in ['pass', 'fail']")
    (run,) = runs(errand, shorter)
    assert codes(run) == {"act_left", "not_passed", "not_due"}
    assert {problem.element for problem in run.problems} == {"report", "check"}
    (run,) = runs(errand, changed(errand_bundle, 'ducha:due="wd(1)"', 'ducha:due="wd(2)"'))
    assert codes(run) == {"other_date"}
    (run,) = runs(errand, changed(errand_bundle, 'id="finished"', 'id="finished" name="完"'))
    assert run.passes


def test_another_step_in_between_does_no_harm_unless_it_waits(
    errand: Any, errand_bundle: Bundle, recorded: str
) -> None:
    more = changed(
        errand_bundle,
        '<bpmn:sequenceFlow id="f3" sourceRef="report" targetRef="check"/>',
        '<bpmn:manualTask id="sign" name="签字"/><bpmn:sequenceFlow id="f3" sourceRef="report" targetRef="sign"/>'
        '<bpmn:sequenceFlow id="f3b" sourceRef="sign" targetRef="check"/>',
    )
    (run,) = runs(errand, more)
    assert run.passes, run.problems


def test_expectations_one_by_one(errand: Any, errand_bundle: Bundle, recorded: str) -> None:
    (run,) = runs(errand, errand_bundle)
    published = definitions.compiled("errand", errand_bundle.diagram, errand_bundle.forms, {})

    def judged(expected: Expected) -> list[str]:
        found = scenarios.judge(expected, run.script, run.rehearsal, published.process)
        return [problem.code for problem in found]

    assert judged(Expected()) == []
    assert judged(Expected(end="other")) == ["other_end"]
    assert judged(Expected(end=NONE)) == ["has_ended"]
    assert judged(Expected(passes=("check", "issue"))) == ["other_order"]
    assert judged(Expected(passes=("report", "report", "report"))) == ["not_passed"]
    assert judged(Expected(avoids=("check",))) == ["not_avoided"]
    assert judged(Expected(avoids=("nowhere",))) == []
    assert judged(Expected(ends_within=timedelta(days=1))) == []
    assert judged(Expected(ends_within=-timedelta(days=1))) == ["lasts_longer"]
    assert judged(Expected(dates=(("check", timedelta()),))) == ["other_date"]


def test_one_that_stops_half_way(errand: Any, errand_bundle: Bundle, recorded: str) -> None:
    with errand.sessions.begin() as session:
        admin = errand.cast.admin
        play = scenarios.play_of(scenarios.get(session, admin, recorded))
        half = replace(play, script=replace(play.script, acts=play.script.acts[:1], ends_after=timedelta()))
        scenarios.change(session, admin, recorded, 1, half, errand.moment)
    (run,) = runs(errand, errand_bundle)
    assert "not_ended" in codes(run)
    assert run.rehearsal.open == ("report",)
    assert [one.element for one in run.rehearsal.waits] == ["report"]


def test_coverage(errand: Any, errand_bundle: Bundle, recorded: str) -> None:
    (run,) = runs(errand, errand_bundle)
    published = definitions.compiled("errand", errand_bundle.diagram, errand_bundle.forms, {})
    found = scenarios.coverage([run.rehearsal, run.rehearsal], published)
    assert (found.elements["check"], found.flows["again"], found.missed, found.share) == (4, 2, (), 1.0)
    nothing = scenarios.coverage([], published)
    assert nothing.missed == tuple(published.process.elements)
    assert nothing.share == 0


def test_publishing_needs_them_to_pass_or_a_reason(errand: Any, errand_bundle: Bundle, recorded: str) -> None:
    admin = errand.cast.admin
    with errand.sessions.begin() as session:
        draft = process_drafts.begin(session, admin, "errand", errand.moment).id
    late = changed(errand_bundle, 'ducha:due="wd(1)"', 'ducha:due="wd(2)"').diagram
    with errand.sessions.begin() as session:
        process_drafts.save(session, admin, draft, 1, Changes(diagram=late), errand.moment)
    tomorrow = errand.moment.now + timedelta(days=1)
    for call in (
        lambda session: process_drafts.publish_now(session, admin, draft, 2, "", {}, errand.moment, " "),
        lambda session: process_drafts.schedule(session, admin, draft, 2, "", tomorrow, {}, errand.moment),
    ):
        with errand.sessions.begin() as session, pytest.raises(TrialsFail) as refused:
            call(session)
        assert "返工一次" in str(refused.value)
    with errand.sessions.read() as session:
        assert len(session.scalars(select(Version)).all()) == 1
    with errand.sessions.begin() as session:
        process_drafts.publish_now(session, admin, draft, 2, "", {}, errand.moment, "期限就是要放宽")
        found = process_drafts.get(session, admin, draft)
        assert (found.status, found.reason, found.failing) == ("published", "期限就是要放宽", ["返工一次"])


def test_an_error_comes_before_scenarios(errand: Any, errand_bundle: Bundle, recorded: str) -> None:
    admin = errand.cast.admin
    with errand.sessions.begin() as session:
        draft = process_drafts.begin(session, admin, "errand", errand.moment).id
        process_drafts.save(session, admin, draft, 1, Changes(forms={"errand/check": None}), errand.moment)
    with errand.sessions.begin() as session, pytest.raises(PublishRefused):
        process_drafts.publish_now(session, admin, draft, 2, "", {}, errand.moment)
    broken = replace(errand_bundle, diagram=b"<x/>")
    with errand.sessions.read() as session:
        names = runs_of.failing(session, admin, "errand", broken, errand.moment.calendar)
    assert names == ("返工一次",)


def test_a_scheduled_one_is_played_again_when_its_time_comes(errand: Any, errand_bundle: Bundle) -> None:
    admin, later = errand.cast.admin, errand.moment.now + timedelta(days=1)
    with errand.sessions.begin() as session:
        draft = process_drafts.begin(session, admin, "errand", errand.moment).id
    late = changed(errand_bundle, 'ducha:due="wd(1)"', 'ducha:due="wd(2)"').diagram
    with errand.sessions.begin() as session:
        process_drafts.save(session, admin, draft, 1, Changes(diagram=late), errand.moment)
        process_drafts.schedule(session, admin, draft, 2, "", later, {}, errand.moment)
    instance_id = finished(errand, "pass")
    with errand.sessions.begin() as session:
        scenarios.record(session, admin, instance_id, "新的", errand.moment)
    with errand.sessions.begin() as session:
        assert process_drafts.publish_due(session, {}, Moment(later)) == []
        found = process_drafts.get(session, admin, draft)
        assert found.status == "open"
        assert "新的" in found.failure


def test_only_administrators_and_only_finished_ones(errand: Any, errand_bundle: Bundle, recorded: str) -> None:
    play = Play("errand", "x", scripts.script_of({"starts_at": "2013-05-06T09:30:00+08:00"}), Expected())
    for who in (errand.cast.officer, errand.cast.auditor):
        with errand.sessions.begin() as session:
            for call in (
                lambda who=who: scenarios.record(session, who, "x", "", errand.moment),
                lambda who=who: scenarios.of_process(session, who, "errand"),
                lambda who=who: scenarios.get(session, who, recorded),
                lambda who=who: scenarios.add(session, who, play, errand.moment),
                lambda who=who: scenarios.change(session, who, recorded, 1, play, errand.moment),
                lambda who=who: scenarios.remove(session, who, recorded),
            ):
                with pytest.raises(NotYours):
                    call()
    running = errand.issued().instance_id
    with errand.sessions.begin() as session:
        with pytest.raises(NotFinished):
            scenarios.record(session, errand.cast.admin, running, "", errand.moment)
        with pytest.raises(NotFound):
            scenarios.record(session, errand.cast.admin, "nothing", "", errand.moment)
        with pytest.raises(NoName):
            scenarios.add(session, errand.cast.admin, replace(play, name=" \0 "), errand.moment)


def test_a_case_that_is_restricted_is_no_scenario_for_others(errand: Any, errand_bundle: Bundle, recorded: str) -> None:
    with errand.sessions.begin() as session:
        ident = session.scalars(select(Scenario.from_instance)).one()
        session.get_one(Instance, ident).restricted_to = "|discipline_officer|"
    with errand.sessions.begin() as session:
        assert scenarios.of_process(session, errand.cast.admin, "errand") == []
        with pytest.raises(NotFound):
            scenarios.get(session, errand.cast.admin, recorded)
        with pytest.raises(NotFound):
            scenarios.remove(session, errand.cast.admin, recorded)
        with pytest.raises(NotFound):
            scenarios.record(session, errand.cast.admin, ident, "", errand.moment)
    assert runs(errand, errand_bundle) == ()
    with errand.sessions.begin() as session:
        session.get_one(Instance, ident).restricted_to = "|admin|"
    with errand.sessions.begin() as session, pytest.raises(Confidential):
        scenarios.record(session, errand.cast.admin, ident, "", errand.moment)


def test_changing_and_removing(errand: Any, recorded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = errand.cast.admin
    with errand.sessions.begin() as session:
        play = scenarios.play_of(scenarios.get(session, admin, recorded))
        assert scenarios.change(session, admin, recorded, 1, replace(play, name="新名"), errand.moment).revision == 2
        with pytest.raises(ChangedMeanwhile) as refused:
            scenarios.change(session, admin, recorded, 1, play, errand.moment)
        assert "admin 01" in str(refused.value)
    monkeypatch.setattr(scenarios, "MOST", 1)
    with errand.sessions.begin() as session:
        with pytest.raises(TooManyScenarios):
            scenarios.add(session, admin, play, errand.moment)
        scenarios.remove(session, admin, recorded)
        assert scenarios.of_process(session, admin, "errand") == []


# ---- files


def test_a_file_is_what_was_written(errand: Any, recorded: str) -> None:
    admin = errand.cast.admin
    with errand.sessions.begin() as session:
        play = scenarios.play_of(scenarios.get(session, admin, recorded))
        text = scripts.written(play)
        assert scripts.read(text) == play
        again = scenarios.bring_in(session, admin, "errand", text.encode(), errand.moment)
        assert scenarios.play_of(again) == play
        assert again.from_instance is None
        with pytest.raises(OtherProcess):
            scenarios.bring_in(session, admin, "chore", text.encode(), errand.moment)


START = '"starts_at": "2013-05-06T09:30:00+08:00"'


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", "null", '{"starts_at": 1}', '{"starts_at": "2013-05-06T09:30:00"}',
        '{"starts_at": "9999-05-06T09:30:00+08:00"}', f'{{{START}, "acts": {{}}}}', f'{{{START}, "acts": [1]}}',
        f'{{{START}, "acts": [{{"do": "dance", "element": "x"}}]}}', f'{{{START}, "acts": [{{"do": "complete"}}]}}',
        f'{{{START}, "acts": [{{"do": "complete", "element": "x", "at": "P1M"}}]}}',
        f'{{{START}, "acts": [{{"do": "complete", "element": "x", "at": "P99999999D"}}]}}',
        f'{{{START}, "acts": [{{"do": "complete", "element": "x", "counter": "1"}}]}}',
        f'{{{START}, "variables": []}}', f'{{{START}, "variables": {{"a": NaN}}}}', f'{{{START}, "name": 1}}',
        f'{{{START}, "expected": []}}', f'{{{START}, "expected": {{"dates": ["x"]}}}}',
        f'{{{START}, "expected": {{"passes": "x"}}}}', f'{{{START}, "expected": {{"ends_within": 3}}}}',
        "[" * 100_000, "x" * (scripts.LARGEST + 1),
    ],
)  # fmt: skip
def test_what_is_no_scenario_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadScenario) as refused:
        scripts.read(text)
    assert str(refused.value).endswith(".")
    assert "{" not in str(refused.value).replace("“{}”", "")


def test_lines_of_values() -> None:
    values = {"a": 1, "b": "文字", "c": "1", "d": [1, "x"], "e": {"f": None}, "g": "", "h": "two\nlines", "i": True}
    assert scripts.lines_of(values).splitlines() == [
        "a = 1", "b = 文字", 'c = "1"', 'd = [1, "x"]', 'e = {"f": null}', 'g = ""', 'h = "two\\nlines"', "i = true",
    ]  # fmt: skip


def test_a_published_process_has_no_scenarios_until_somebody_adds_one(errand: Any, errand_bundle: Bundle) -> None:
    assert runs(errand, errand_bundle) == ()
    with errand.sessions.read() as session:
        assert publish.check(session, errand_bundle, {}) == ()


def test_what_was_played_is_remembered_until_the_script_or_the_documents_change(
    errand: Any, errand_bundle: Bundle, recorded: str, calls: Any
) -> None:
    bundle = changed(errand_bundle, 'name="复核"', f'name="{recorded}"')  # that no other test has played
    found: list[scenarios.Run] = []
    first, again = (calls(lambda: found.extend(runs(errand, bundle))) for _ in range(2))
    assert again < first / 2, "what is left is reading and compiling"
    assert found[0] == found[1]
    (other,) = runs(errand, changed(bundle, 'ducha:due="wd(1)"', 'ducha:due="wd(2)"'))
    assert not other.passes
    with errand.sessions.begin() as session:
        scenario = scenarios.get(session, errand.cast.admin, recorded)
        play = scenarios.play_of(scenario)
        expected = replace(play.expected, values=(("check.verdict", "fail"),))
        scenarios.change(
            session, errand.cast.admin, recorded, 1, replace(play, name="改", expected=expected), errand.moment
        )
    (run,) = runs(errand, bundle)
    assert (run.name, codes(run)) == ("改", {"other_value"})


@pytest.mark.parametrize("values", [[], {"x": float("nan")}, {"x" * 400: 1}, {str(one): 1 for one in range(1_001)}])
def test_values_that_make_no_sense(values: Any) -> None:
    with pytest.raises(BadScenario):
        scripts.read(json.dumps({"starts_at": "2013-05-06T09:30:00+08:00", "expected": {"values": values}}))
