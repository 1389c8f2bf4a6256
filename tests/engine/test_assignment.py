"""Who of several gets a task, what happens if nobody may do it, and who need not do the same twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bpmn.moment import Moment
from engine import accounts, assignment, definitions, inbox, incidents, record, recordings, routing, substitutes, tasks
from engine.access import NotYours
from engine.rehearsal import rehearse
from engine.tables import Account, Incident, Instance, Record, RoleGrant, Task

from .conftest import NOW, Stage

START = '<bpmn:startEvent id="s"/>'
DECISION = [{"name": "decision", "label": "D", "type": "text"}]


def user(name: str, inside: str = "", **rules: str) -> str:
    """A user task for officers, with ``ducha:`` attributes."""
    given = {"candidateGroups": "officer"} | rules
    written = "".join(f' ducha:{key}="{text}"' for key, text in given.items())
    return f'<bpmn:userTask id="{name}" name="{name}"{written}>{inside}</bpmn:userTask>'


def skipped(**values: str) -> str:
    rows = "".join(f'<ducha:skipped name="{name}" value="{text}"/>' for name, text in values.items())
    return f"<bpmn:extensionElements>{rows}</bpmn:extensionElements>"


def open_task(stage: Stage, instance_id: str) -> Task:
    (task,) = stage.rows(Task, Task.instance_id == instance_id, Task.status == "open")
    found: Task = task
    return found


def entries(stage: Stage, instance_id: str, what: str) -> list[Any]:
    return stage.rows(Record, Record.instance_id == instance_id, Record.what == what)


def switch_off(stage: Stage, *names: str) -> None:
    with stage.sessions.begin() as session:
        session.execute(update(Account).where(Account.id.in_(names)).values(active=False))


NORTH = "'north'"


# One of several


def test_the_one_with_the_fewest_open_tasks_gets_it(stage: Stage) -> None:
    stage.publish("p", START + user("a", choose="least_loaded", candidateOrg=NORTH), "s>a")
    got = [open_task(stage, stage.start("p")).holder for _ in range(4)]
    assert got == ["colleague", "officer", "colleague", "officer"]
    first = stage.rows(Task, Task.holder == "officer")[0]
    stage.complete(first.instance_id, "a", {})
    assert open_task(stage, stage.start("p")).holder == "officer"


def test_it_goes_round_for_each_step_and_group(stage: Stage) -> None:
    body = START + user("a", choose="rotation") + user("b", choose="rotation", candidateOrg=NORTH)
    stage.publish("p", body, "s>a", "s>b")
    got = []
    for _ in range(4):
        instance = stage.start("p")
        found = stage.rows(Task, Task.instance_id == instance)
        got.append({task.element: task.holder for task in found})
    assert [one["a"] for one in got] == ["colleague", "officer", "outsider", "colleague"]
    assert [one["b"] for one in got] == ["colleague", "officer", "colleague", "officer"]


def test_several_instances_of_a_step_are_spread(stage: Stage) -> None:
    loop = "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>4</bpmn:loopCardinality>"
    loop += "</bpmn:multiInstanceLoopCharacteristics>"
    stage.publish("p", START + user("a", loop, choose="least_loaded", candidateOrg=NORTH), "s>a")
    instance = stage.start("p")
    holders = [task.holder for task in stage.rows(Task, Task.instance_id == instance)]
    assert sorted(holders) == ["colleague", "colleague", "officer", "officer"]


def test_who_was_chosen_may_give_it_back_and_the_record_has_it(stage: Stage) -> None:
    stage.publish("p", START + user("a", choose="rotation", candidateOrg=NORTH, barred="['colleague']"), "s>a")
    instance = stage.start("p")
    task = open_task(stage, instance)
    assert (task.holder, task.assignee) == ("officer", None)
    (entry,) = entries(stage, instance, "started")
    assert entry.data["assigned"] == [{"task": task.id, "account": "officer", "why": "rotation"}]
    with stage.sessions.begin() as session:
        tasks.release(session, stage.officer, task.id, Moment(NOW))
    assert open_task(stage, instance).holder is None


def test_cases_that_open_at_once_take_turns(stage: Stage, at_once: Any) -> None:
    stage.publish("p", START + user("a", choose="rotation"), "s>a")
    started = at_once(*[lambda: stage.start("p")] * 6)
    holders = [open_task(stage, instance).holder for instance in started]
    assert sorted(holders) == ["colleague"] * 2 + ["officer"] * 2 + ["outsider"] * 2


# Nobody


def test_without_a_rule_a_task_waits_for_somebody_to_get_the_role(stage: Stage) -> None:
    stage.publish("p", START + user("a"), "s>a")
    instance = stage.start("p")
    assert open_task(stage, instance).holder is None
    assert stage.rows(Incident) == []


@pytest.fixture
def alone(stage: Stage) -> Stage:
    """Nobody is an officer of the south any more; the first officer starts cases."""
    switch_off(stage, "outsider")
    with stage.sessions.begin() as session:
        session.query(RoleGrant).filter(RoleGrant.account_id == "chief").delete()
    return stage


def appoint(stage: Stage, **asked: Any) -> None:
    day = NOW.date()
    given = {"account_id": "chief", "kind": "deputy", "valid_from": day - timedelta(days=1), "valid_until": day}
    with stage.sessions.begin() as session:
        substitutes.appoint(session, stage.admin, given | asked, Moment(NOW))


def test_the_deputy_of_the_role_gets_it(alone: Stage) -> None:
    appoint(alone, role="officer", org_code="south")
    appoint(alone, role="officer", org_code="north", account_id="auditor")
    alone.publish("p", START + user("a", nobody="deputy", candidateOrg="'south'"), "s>a")
    instance = alone.start("p")
    assert open_task(alone, instance).assignee == "chief"
    with alone.sessions.begin() as session:
        chief = accounts.actor(session, "chief")
        tasks.complete(session, chief, open_task(alone, instance).id, {}, None, Moment(NOW))
    assert alone.instance(instance).status == "completed"


def test_the_deputy_of_the_named_account_gets_it(alone: Stage) -> None:
    with alone.sessions.begin() as session:
        session.execute(update(Account).where(Account.id == "outsider").values(active=True))
    appoint(alone, for_account="outsider")
    switch_off(alone, "outsider")
    alone.publish("p", START + user("a", nobody="deputy", candidateGroups="", assignee="'outsider'"), "s>a")
    instance = alone.start("p")
    assert open_task(alone, instance).assignee == "chief"
    assert alone.rows(Incident) == []


@pytest.mark.parametrize("asked", [{"kind": "secretary"}, {"org_code": "north"}, {"role": "lead_unit_head"}])
def test_who_is_no_deputy_does_not_get_it(alone: Stage, asked: dict[str, str]) -> None:
    appoint(alone, **{"role": "officer", "org_code": "south"} | asked)
    alone.publish("p", START + user("a", nobody="deputy", candidateOrg="'south'"), "s>a")
    alone.start("p")
    (incident,) = alone.rows(Incident)
    assert incident.code == routing.NOBODY_FITS


def test_what_nobody_may_do_is_for_administrators_who_give_it_to_a_person(alone: Stage) -> None:
    alone.publish("p", START + user("a", nobody="list", candidateOrg="'south'"), "s>a")
    instance = alone.start("p")
    task = open_task(alone, instance)
    (incident,) = alone.rows(Incident)
    assert (incident.code, incident.token) == (routing.NOBODY_FITS, task.id)
    moment = Moment(NOW)
    with alone.sessions.begin() as session, pytest.raises(NotYours):
        tasks.assign(session, alone.officer, task.id, "officer", moment)
    for account in ("outsider", "nobody"):
        with alone.sessions.begin() as session, pytest.raises(tasks.NotAssignable):
            tasks.assign(session, alone.admin, task.id, account, moment)
    with alone.sessions.begin() as session:
        tasks.assign(session, alone.admin, task.id, "officer", moment)
    assert [row.resolved_by for row in alone.rows(Incident)] == ["admin"]
    assert entries(alone, instance, "assigned")[0].data == {"account": "officer"}
    with alone.sessions.read() as session:
        assert [row.task_id for row in inbox.open_tasks(session, alone.officer, moment).rows] == [task.id]
    alone.complete(instance, "a", {})
    with alone.sessions.begin() as session, pytest.raises(tasks.AlreadyDone):
        tasks.assign(session, alone.admin, task.id, "officer", moment)


def test_it_is_tried_again_when_somebody_has_the_role(alone: Stage) -> None:
    alone.publish("p", START + user("a", nobody="list", choose="rotation", candidateOrg="'south'"), "s>a")
    instance = alone.start("p")
    retry(alone)
    assert [row.resolved_at is None for row in alone.rows(Incident)] == [False, True], "it has failed again"
    with alone.sessions.begin() as session:
        session.execute(update(Account).where(Account.id == "outsider").values(active=True))
    retry(alone)
    assert open_task(alone, instance).holder == "outsider"
    assert all(row.resolved_at for row in alone.rows(Incident))


def retry(stage: Stage) -> None:
    with stage.sessions.begin() as session:
        open_one = session.scalars(select(Incident).where(Incident.resolved_at.is_(None))).one()
        incidents.retry(session, stage.admin, open_one.id, Moment(NOW))


def test_what_nobody_may_do_is_skipped_with_a_record(alone: Stage) -> None:
    body = START + user("a", skipped(decision="'yes'"), nobody="skip", candidateOrg="'south'") + user("b")
    fields = {"a": [*DECISION, {"name": "note", "label": "N", "type": "text"}]}
    alone.publish("p", body, "s>a", "a>b", fields=fields)
    instance = alone.start("p")
    assert alone.open_tasks(instance) == ["b"]
    (entry,) = entries(alone, instance, "skipped")
    assert entry.data["why"] == "nobody"
    stored = alone.instance(instance).variables["a"]
    assert (stored["decision"], stored["note"]) == ("yes", None)
    (row,) = alone.rows(Task, Task.element == "a")
    assert (row.status, row.performer) == ("cancelled", None)
    with alone.sessions.read() as session:
        assert record.verify(session, instance).broken_at is None


def test_a_case_of_nothing_but_skipped_tasks_ends(alone: Stage) -> None:
    alone.publish("p", START + user("a", nobody="skip", candidateOrg="'south'"), "s>a")
    assert alone.instance(alone.start("p")).status == "completed"


def test_skipping_round_and_round_stops(alone: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.skips.MOST", 5)
    alone.publish("p", START + user("a", nobody="skip", candidateOrg="'south'"), "s>a", "a>a")
    instance = alone.start("p")
    assert len(entries(alone, instance, "skipped")) == 5
    assert alone.open_tasks(instance) == ["a"]
    assert [one.code for one in alone.rows(Incident)] == [routing.NOBODY_FITS]


def test_what_can_not_be_computed_for_a_skipped_task_is_an_incident(alone: Stage) -> None:
    body = START + user("a", skipped(decision="1 / (len(title) - 1)"), nobody="skip", candidateOrg="'south'")
    alone.publish("p", body, "s>a", fields={"a": DECISION})
    instance = alone.start("p")
    assert alone.open_tasks(instance) == ["a"]
    assert [one.code for one in alone.rows(Incident)] == [routing.NOBODY_FITS]


def test_an_organisation_that_does_not_exist_is_no_reason_to_skip(alone: Stage) -> None:
    alone.publish("p", START + user("a", nobody="skip", candidateOrg="'west'"), "s>a")
    instance = alone.start("p")
    assert alone.open_tasks(instance) == ["a"]
    assert [one.code for one in alone.rows(Incident)] == [routing.UNKNOWN_ORG]


def test_who_is_named_but_barred_does_not_get_it(alone: Stage) -> None:
    alone.publish("p", START + user("a", nobody="list", assignee="starter", barred="[starter]"), "s>a")
    task = open_task(alone, alone.start("p"))
    assert (task.assignee, task.holder) == (None, None)
    assert alone.rows(Incident) == [], "others hold the role"


# The same person again


APPROVALS = {"a": DECISION, "b": DECISION}


def test_who_is_to_approve_twice_does_it_once(stage: Stage) -> None:
    body = START + user("a", form="p/c") + user("b", form="p/c", repeated="skip", assignee="performer('a')") + user("c")
    stage.publish("p", body, "s>a", "a>b", "b>c", fields={"c": DECISION})
    instance = stage.start("p")
    stage.complete(instance, "a", {"decision": "yes"})
    assert stage.open_tasks(instance) == ["c"]
    assert stage.instance(instance).variables["b"]["decision"] == "yes"
    (entry,) = entries(stage, instance, "skipped")
    assert (entry.data["why"], entry.data["account"], entry.data["earlier"]) == ("repeated", "officer", "a")
    assert stage.instance(instance).variables["performers"]["b"] == "officer"


def test_what_was_skipped_is_skipped_again_in_a_rehearsal(stage: Stage) -> None:
    switch_off(stage, "colleague")
    body = START + user("a") + user("b", repeated="skip", repeatedOf="a", candidateOrg=NORTH)
    stage.publish("p", body, "s>a", "a>b", fields=APPROVALS)
    instance = stage.start("p")
    stage.complete(instance, "a", {"decision": "no"})
    with stage.sessions.read() as session:
        case = session.get_one(Instance, instance)
        script = recordings.script(session, case)
        published = definitions.published(session, case.version_id)
    played = rehearse(published, script, Moment(NOW).calendar)
    assert [(act.deed, act.element, act.actor) for act in script.acts] == [
        ("complete", "a", "officer"),
        ("skip", "b", "officer"),
    ]
    assert (played.status, played.left) == ("completed", ())


def test_another_person_has_to_do_it(stage: Stage) -> None:
    body = START + user("a") + user("b", repeated="skip", repeatedOf="a")
    stage.publish("p", body, "s>a", "a>b", fields=APPROVALS)
    instance = stage.start("p")
    stage.complete(instance, "a", {"decision": "yes"})
    assert stage.open_tasks(instance) == ["b"], "others may do it as well"


def test_the_only_one_who_fits_need_not_do_it_again(stage: Stage) -> None:
    switch_off(stage, "colleague")
    body = START + user("a") + user("b", repeated="skip", repeatedOf="a", candidateOrg=NORTH)
    stage.publish("p", body, "s>a", "a>b", fields=APPROVALS)
    instance = stage.start("p")
    stage.complete(instance, "a", {"decision": "no"})
    assert stage.instance(instance).status == "completed"


def test_the_same_person_as_before_gets_it(stage: Stage) -> None:
    stage.publish("p", START + user("a") + user("b", sameAs="a"), "s>a", "a>b")
    instance = stage.start("p")
    stage.complete(instance, "a", {})
    assert open_task(stage, instance).assignee == "officer"


# Organisations


def test_the_organisation_above(stage: Stage) -> None:
    body = START + user("a", candidateOrg="superior('north')") + user("b", candidateOrg="superior(superior('north'))")
    stage.publish("p", body, "s>a", "s>b")
    instance = stage.start("p")
    found = {task.element: task for task in stage.rows(Task, Task.instance_id == instance)}
    assert (found["a"].org, found["a"].org_path) == ("city", "/city/")
    assert (found["b"].org, found["b"].org_path) == ("north/../..", None)
    assert [(one.element, one.code) for one in stage.rows(Incident)] == [("b", routing.UNKNOWN_ORG)]


def test_rules_cost_nothing_where_there_are_none(
    sessions: Any, cast: Any, count: Any, database: Any, moment: Any
) -> None:
    task = Task(id="t", element="e", name="e", roles=["officer"], org=None, task_code=None, barred="")
    with sessions.begin() as session, count(database) as counted:
        settled = assignment.settle(session, Instance(), [task], [assignment.Rule()], [], moment)
        assert (settled, len(counted)) == (assignment.Settled(()), 0)


def test_a_restricted_case_goes_to_no_deputy(alone: Stage) -> None:
    appoint(alone, role="officer", org_code="south")
    columns = {"roles": ["officer"], "org": "south", "task_code": None, "barred": ""}
    with alone.sessions.begin() as session:
        for restricted_to, gets_it in ((None, "chief"), ("|officer|", None)):
            task = Task(id="t", element="e", name="e", **columns)
            assert routing.route(session, [task], [None]) == []
            case = Instance(restricted_to=restricted_to)
            settled = assignment.settle(session, case, [task], [assignment.Rule(nobody="deputy")], [], Moment(NOW))
            assert (task.assignee, bool(settled.troubles)) == (gets_it, gets_it is None)


def test_one_who_has_approved_before_is_enough_where_one_is_enough(stage: Stage) -> None:
    rule = 'ducha:agree="any" ducha:approves="b.decision == \'yes\'"'
    loop = f"<bpmn:multiInstanceLoopCharacteristics {rule}><bpmn:loopCardinality>3</bpmn:loopCardinality>"
    loop += "</bpmn:multiInstanceLoopCharacteristics>"
    again = user("b", loop, repeated="skip", repeatedOf="a", assignee="performer('a')")
    stage.publish("p", START + user("a") + again + user("c"), "s>a", "a>b", "b>c", fields=APPROVALS)
    instance = stage.start("p")
    stage.complete(instance, "a", {"decision": "yes"})
    assert stage.open_tasks(instance) == ["c"]
    assert len(entries(stage, instance, "skipped")) == 1
    verdict = stage.instance(instance).variables["b_verdict"]
    assert (verdict["agreed"], verdict["approved"]) == (True, 1)


def test_all_of_several_may_be_skipped(alone: Stage) -> None:
    loop = '<bpmn:multiInstanceLoopCharacteristics ducha:agree="all"><bpmn:loopCardinality>3</bpmn:loopCardinality>'
    loop += "</bpmn:multiInstanceLoopCharacteristics>"
    alone.publish("p", START + user("a", loop, nobody="skip", candidateOrg="'south'") + user("c"), "s>a", "a>c")
    instance = alone.start("p")
    assert alone.open_tasks(instance) == ["c"]
    assert len(entries(alone, instance, "skipped")) == 3
    assert alone.instance(instance).variables["a_verdict"]["agreed"] is False


def test_one_of_several_sends_it_back_in_the_office(stage: Stage) -> None:
    loop = '<bpmn:multiInstanceLoopCharacteristics ducha:agree="all" ducha:onReturn="let_finish">'
    loop += "<bpmn:loopCardinality>2</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    stage.publish("p", START + user("a") + user("b", loop), "s>a", "a>b")
    instance = stage.start("p")
    stage.complete(instance, "a", {})
    first, second = stage.rows(Task, Task.element == "b", Task.status == "open")
    with stage.sessions.begin() as session:
        tasks.return_to(session, stage.admin, first.id, "a", "unclear", Moment(NOW))
    assert stage.open_tasks(instance) == ["b"]
    with stage.sessions.begin() as session:
        tasks.complete(session, stage.officer, second.id, {}, None, Moment(NOW))
    assert stage.open_tasks(instance) == ["a"]
