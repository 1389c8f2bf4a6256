"""A step that shows the form of another one: what officers see of it, what counts, and what an author is told."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from sqlalchemy import select

from bpmn.moment import Moment
from engine import definitions, history, instances, publish, tasks
from engine.tables import Instance, Task
from forms.answers import AnswersRefused
from tests.engine.conftest import NOW, SERVICES, diagram

MOMENT = Moment(NOW)
NODES = """<bpmn:startEvent id="s"/>
  <bpmn:userTask id="report" name="报告" ducha:candidateGroups="officer"/>
  <bpmn:userTask id="verify" name="核验" ducha:candidateGroups="officer" ducha:form="{key}/report"/>
  <bpmn:endEvent id="e"/>"""
FLOWS = ("s>report", "report>verify", "verify>e")
ROW = [
    {"name": "what", "label": "措施", "type": "text", "required": True},
    {"name": "checked", "label": "核验", "type": "bool"},
]
_serial = itertools.count()


def form(key: str, **steps: Any) -> dict[str, Any]:
    fields = [
        {"name": "cost", "label": "费用", "type": "money"},
        {"name": "measures", "label": "措施", "type": "table", "columns": ROW},
    ]
    return {"name": f"{key}/report", "title": "报告", "fields": fields, "steps": steps}


def bundle(key: str, nodes: str = NODES, **steps: Any) -> publish.Bundle:
    return publish.Bundle(diagram(key, nodes.format(key=key), *FLOWS), {f"{key}/report": form(key, **steps)}, {})


@pytest.fixture
def key() -> str:
    return f"shown_{next(_serial)}"


def problems(sessions: Any, given: publish.Bundle) -> list[tuple[str, str, str]]:
    with sessions.read() as session:
        found = publish.check(session, given, SERVICES)
    return [(one.element, one.code, one.severity) for one in found]


def test_the_second_step_fills_in_what_it_may(sessions: Any, cast: Any, key: str) -> None:
    permissions = {"cost": "readonly", "measures.what": "readonly", "measures.checked": "required"}
    given = bundle(key, verify={"fields": permissions})
    assert problems(sessions, given) == []
    with sessions.begin() as session:
        publish.publish(session, cast.admin, given, "", SERVICES, MOMENT)
        started = instances.start(session, cast.officer, key, key, None, None, "k", MOMENT)
        first = task_of(session, started.instance_id, "report")
        answers = {"cost": "12", "measures": [{"what": "清淤"}, {"what": "截污"}]}
        tasks.complete(session, cast.officer, first, answers, None, MOMENT)
    with sessions.begin() as session:
        second = task_of(session, started.instance_id, "verify")
        tasks.save_draft(session, cast.officer, second, {"cost": "99", "measures": [{"checked": True}]}, MOMENT)
    with sessions.begin() as session:
        view = tasks.view(session, cast.officer, second, MOMENT)
        assert view.answers["cost"] == "12.00"
        assert view.answers["measures"] == [{"checked": True, "what": "清淤"}, {"what": "截污"}]
        with pytest.raises(AnswersRefused) as refused:
            tasks.complete(session, cast.officer, second, {"measures": [{"checked": True}]}, None, MOMENT)
        assert [one.element for one in refused.value.problems] == ["measures-1-checked"]
    with sessions.begin() as session:
        changed = {"cost": "99", "measures": [{"what": "没有", "checked": True}, {"checked": False}]}
        tasks.complete(session, cast.officer, second, changed, None, MOMENT)
        variables = session.get_one(Instance, started.instance_id).variables
    assert variables["verify"]["cost"] == "12.00"
    rows = variables["verify"]["measures"]
    assert [(row["what"], row["checked"]) for row in rows] == [("清淤", True), ("截污", False)]


def test_what_is_hidden_is_null_and_the_record_shows_the_rest(sessions: Any, cast: Any, key: str) -> None:
    with sessions.begin() as session:
        given = bundle(key, verify={"fields": {"measures": "hidden"}})
        version = publish.publish(session, cast.admin, given, "", SERVICES, MOMENT)
        assert definitions.published(session, version.id).form_of("report", None)
        started = instances.start(session, cast.officer, key, key, None, None, "k", MOMENT)
        for element, answers in (("report", {"measures": [{"what": "清淤"}]}), ("verify", {"cost": "3"})):
            task = task_of(session, started.instance_id, element)
            tasks.complete(session, cast.officer, task, answers, None, MOMENT)
        assert session.get_one(Instance, started.instance_id).variables["verify"]["measures"] is None
        case = history.instance(session, cast.officer, started.instance_id, MOMENT, 20)
        entry = next(one for one in case.entries if one.element == "verify" and one.answers)
        assert entry.form is not None
        assert [field.name for field in entry.form.fields] == ["cost", "opinion", "attachments"]


def test_an_author_is_told_of_steps_that_do_not_fit(sessions: Any, cast: Any, key: str) -> None:
    form_name = f"{key}/report#"
    assert problems(sessions, bundle(key, gone={})) == [(form_name, "no_step", "warning")]
    assert problems(sessions, bundle(key, verify={"from": "s"})) == [(form_name, "no_source", "error")]
    other = NODES.replace(' ducha:form="{key}/report"', "")
    own = {**bundle(key, other).forms, f"{key}/verify": form(key) | {"name": f"{key}/verify"}}
    given = publish.Bundle(bundle(key, other).diagram, own | {f"{key}/report": form(key, verify={})}, {})
    assert problems(sessions, given) == [(form_name, "other_form", "warning")]


def test_several_answers_can_not_be_taken_over(sessions: Any, cast: Any, key: str) -> None:
    several = """<bpmn:userTask id="report" name="报告" ducha:candidateGroups="officer">
      <bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>
      </bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"""
    nodes = NODES.replace('<bpmn:userTask id="report" name="报告" ducha:candidateGroups="officer"/>', several)
    found = problems(sessions, bundle(key, nodes, verify={"fields": {"cost": "readonly"}}))
    assert (f"{key}/report#", "several_answers", "error") in found


def task_of(session: Any, instance_id: str, element: str) -> str:
    query = select(Task.id).where(Task.instance_id == instance_id, Task.element == element, Task.status == "open")
    return str(session.scalars(query).one())
