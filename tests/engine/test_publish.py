"""Publishing: all problems at once, immutable versions, start events of the current version."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from engine import definitions, instances
from engine.access import NotYours
from engine.publish import Bundle, PublishRefused, check, content_hash, publish
from engine.tables import Process, StartEvent, Version

DECISION = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="https://ducha.example">
  <decision id="kind" name="类型">
    <decisionTable id="t" hitPolicy="FIRST">
      <input id="i" label="x"><inputExpression id="e" typeRef="number"><text>amount</text></inputExpression></input>
      <output id="o" name="kind" typeRef="string"/>
      <rule id="r"><inputEntry id="r1"><text>&gt; 3</text></inputEntry>
        <outputEntry id="r2"><text>"big"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""


def edited(bundle: Bundle, old: str, new: str) -> Bundle:
    text = bundle.diagram.decode()
    assert old in text
    return replace(bundle, diagram=text.replace(old, new).encode())


def test_publishing(errand: Any, errand_bundle: Bundle) -> None:
    with errand.sessions.read() as session:
        version = definitions.current(session, "errand")
        assert version is not None
        assert (version.number, version.name, version.starter_groups, version.by_hand) == (1, "差事", ["officer"], True)
        assert (version.published_by, version.comment, version.content_hash) == (
            "admin",
            "first",
            content_hash(errand_bundle),
        )


def test_same_content_is_the_same_version(errand: Any, errand_bundle: Bundle) -> None:
    reordered = replace(errand_bundle, forms=dict(reversed(errand_bundle.forms.items())))
    with errand.sessions.begin() as session:
        assert publish(session, errand.cast.admin, reordered, "again", {}, errand.moment).number == 1
        assert len(session.scalars(select(Version)).all()) == 1


def test_running_instances_stay_on_their_version(errand: Any, errand_bundle: Bundle) -> None:
    started = errand.issued()
    with errand.sessions.begin() as session:
        newer = publish(
            session, errand.cast.admin, edited(errand_bundle, 'name="复核"', 'name="复查"'), "", {}, errand.moment
        )
        assert newer.number == 2
    errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, {"result": "x"})
    assert errand.open_task(started.instance_id).name == "复核"
    started = errand.issued()
    errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, {"result": "x"})
    assert errand.open_task(started.instance_id).name == "复查"


def test_publishing_earlier_content_makes_it_current_again(errand: Any, errand_bundle: Bundle) -> None:
    newer = edited(errand_bundle, 'name="复核"', 'name="复查"')
    with errand.sessions.begin() as session:
        numbers = [
            publish(session, errand.cast.admin, bundle, "", {}, errand.moment).number
            for bundle in (newer, errand_bundle, newer)
        ]
        assert numbers == [2, 1, 2]


@pytest.mark.parametrize("who", ["officer", "auditor", "chief"])
def test_only_administrators_publish(errand: Any, errand_bundle: Bundle, who: str) -> None:
    with errand.sessions() as session, pytest.raises(NotYours):
        publish(session, getattr(errand.cast, who), errand_bundle, "", {}, errand.moment)


def test_all_problems_at_once(errand: Any, errand_bundle: Bundle) -> None:
    bundle = edited(errand_bundle, "issue.deadline", "issue.deadlin")
    bundle = edited(bundle, 'candidateGroups="chief,officer"', 'candidateGroups="cheif"')
    forms = {name: dict(form) for name, form in bundle.forms.items()}
    del forms["errand/check"]
    forms["errand/issue"]["fields"] = [{"name": "what", "label": "x", "type": "sound"}, {"name": "what"}]
    forms["errand/report"]["fields"] = [{"name": "r", "label": "x", "type": "text", "prefill": "1 +"}]
    bundle = replace(bundle, forms=forms, decisions={"kind": b"<x/>", "other": DECISION.encode(), "raw": b"\xff"})
    with errand.sessions() as session:
        problems = check(session, bundle, {})
        with pytest.raises(PublishRefused) as refused:
            publish(session, errand.cast.admin, bundle, "", {}, errand.moment)
    assert refused.value.problems == problems
    found = {(problem.element, problem.code) for problem in problems if problem.severity == "error"}
    assert {
        ("errand/issue#what", "type"),
        ("errand/report#r", "prefill"),
        ("other", "decision_id"),
        ("raw", "encoding"),
        ("check", "role_near"),
    } <= found
    assert {element for element, _ in found} >= {"check", "kind#"}
    assert all(str(problem) for problem in problems)


def test_field_that_the_form_does_not_have(errand: Any, errand_bundle: Bundle) -> None:
    with errand.sessions.read() as session:
        problems = check(session, edited(errand_bundle, "issue.deadline", "issue.deadlin"), {})
    assert [problem.element for problem in problems if problem.severity == "error"] == ["report"]


@pytest.mark.parametrize("diagram", [b"", b"<x/>", b"\xff\xfe", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_diagram_that_can_not_be_read(errand: Any, errand_bundle: Bundle, diagram: bytes) -> None:
    with errand.sessions() as session:
        problems = check(session, replace(errand_bundle, diagram=diagram), {})
    assert any(problem.severity == "error" for problem in problems)


def test_two_processes_in_one_diagram(errand: Any, errand_bundle: Bundle) -> None:
    more = '<bpmn:process id="second" name="二" isExecutable="true"><bpmn:startEvent id="b2"/></bpmn:process>'
    with errand.sessions.read() as session:
        problems = check(session, edited(errand_bundle, "</bpmn:definitions>", more + "</bpmn:definitions>"), {})
    assert "several_processes" in {problem.code for problem in problems}


def test_call_of_a_process_that_is_not_published_is_a_warning(errand: Any, errand_bundle: Bundle) -> None:
    called = '<bpmn:callActivity id="check" name="复核" calledElement="elsewhere"/>'
    text = errand_bundle.diagram.decode()
    begin = text.index('<bpmn:userTask id="check"')
    end = text.index("/>", begin) + 2
    text = text[:begin] + called + text[end:]
    text = text.replace('check.verdict == "pass"', 'get(check, "verdict", "") == "pass"')
    with errand.sessions.begin() as session:
        bundle = replace(errand_bundle, diagram=text.encode())
        problems = check(session, bundle, {})
        assert [(problem.element, problem.severity) for problem in problems if problem.element == "check"] == [
            ("check", "warning")
        ]
        assert publish(session, errand.cast.admin, bundle, "", {}, errand.moment).calls == ["elsewhere"]


def test_start_events_are_those_of_the_current_version(errand: Any, errand_bundle: Bundle) -> None:
    message = '<bpmn:message id="m" name="msg_begin"/><bpmn:process id="errand"'
    start = """<bpmn:startEvent id="told"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>
      <bpmn:startEvent id="daily"><bpmn:timerEventDefinition><bpmn:timeCycle>R/P1D</bpmn:timeCycle>
      </bpmn:timerEventDefinition></bpmn:startEvent>
      <bpmn:sequenceFlow id="g1" sourceRef="told" targetRef="issue"/>
      <bpmn:sequenceFlow id="g2" sourceRef="daily" targetRef="issue"/>
      <bpmn:startEvent id="begin"/>"""
    bundle = edited(errand_bundle, '<bpmn:process id="errand"', message)
    bundle = edited(bundle, '<bpmn:startEvent id="begin"/>', start)

    def events(session: Any) -> list[tuple[str, str, str]]:
        rows = session.scalars(select(StartEvent).order_by(StartEvent.element)).all()
        return [(row.element, row.kind, row.name) for row in rows]

    with errand.sessions.begin() as session:
        publish(session, errand.cast.admin, bundle, "", {}, errand.moment)
        assert events(session) == [("daily", "timer", ""), ("told", "message", "msg_begin")]
        due = session.scalars(select(StartEvent.due).where(StartEvent.kind == "timer")).one()
        assert due is not None
        publish(session, errand.cast.admin, bundle, "", {}, errand.moment)
        assert len(events(session)) == 2
        publish(session, errand.cast.admin, errand_bundle, "", {}, errand.moment)
        assert events(session) == []


def test_published_by_two_at_once(sessions: Any, cast: Any, moment: Any, errand_bundle: Bundle, at_once: Any) -> None:
    def run(bundle: Bundle) -> int:
        with sessions.begin() as session:
            return publish(session, cast.admin, bundle, "", {}, moment).number

    other = edited(errand_bundle, 'name="复核"', 'name="复查"')
    assert at_once(lambda: run(errand_bundle), lambda: run(errand_bundle)) == [1, 1]
    assert sorted(at_once(lambda: run(other), lambda: run(errand_bundle))) == [1, 2]
    with sessions.read() as session:
        assert session.scalars(select(Version.number).order_by(Version.number)).all() == [1, 2]
        assert session.get_one(Process, "errand").current_version_id is not None


def test_cache_survives_a_rollback(errand: Any, errand_bundle: Bundle) -> None:
    with errand.sessions() as session:  # not committed
        wrong = publish(
            session, errand.cast.admin, edited(errand_bundle, 'name="差事"', 'name="错"'), "", {}, errand.moment
        )
        definitions.published(session, wrong.id)
        wrong_id = wrong.id
    with errand.sessions.begin() as session:
        right = publish(
            session, errand.cast.admin, edited(errand_bundle, 'name="差事"', 'name="对"'), "", {}, errand.moment
        )
        assert definitions.published(session, right.id).process.name == "对"
        assert right.id == wrong_id or session.get_bind().dialect.name == "postgresql"


def test_compiled_once(errand: Any, count: Any, database: Any) -> None:
    errand.issued()
    with errand.sessions.read() as session, count(database) as counted:
        version = definitions.current(session, "errand")
        assert version is not None
        assert definitions.of(session, version.id) is definitions.published(session, version.id).definition
        assert len(counted) == 1


def test_startable(errand: Any) -> None:
    with errand.sessions.read() as session:
        (found,) = instances.startable(session, errand.cast.officer)
        assert (found.process_key, found.name, found.grants) == ("errand", "差事", errand.cast.officer.grants)
        assert instances.startable(session, errand.cast.chief) == []
