"""User tasks, scripts, decisions and multi-instance activities; whose variables are whose."""

from datetime import UTC, datetime
from typing import Any

import pytest
from diagrams import (
    boundary,
    chain,
    element,
    end,
    error,
    flow,
    given,
    handler,
    many,
    message,
    process,
    script,
    start,
    sub,
    timer,
    user,
)
from player import Player

from bpmn.decisions import read_decision
from engine.runtime import BadValue, TaskOpened
from engine.runtime.bounds import MOST_INSTANCES
from faults import Refused


def play(body: str, **tables: Any) -> Player:
    return Player(process(body), tables)


# User tasks


def test_a_user_task_says_who_may_do_it_with_what_form_until_when():
    body = start() + user(
        "A",
        name="下达整改",
        ducha_candidateGroups="task_group_officer, synthesis_officer",
        ducha_candidateOrg="org",
        ducha_taskCode="${task_code}",
        ducha_assignee="=starter",
        ducha_due="wd(1)",
    )
    (task,) = play(body + chain("S", "A")).begin(org="o1", task_code="air", starter="anna").outcome.tasks_opened
    assert task == TaskOpened(
        token=task.token,
        element="A",
        name="下达整改",
        form="p/A",
        roles=("task_group_officer", "synthesis_officer"),
        org="o1",
        task_code="air",
        assignee="anna",
        barred=(),
        due=datetime(2013, 5, 7, 9, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize("found", ["office_deputy, synthesis_lead", ["office_deputy", "synthesis_lead"]])
def test_roles_may_be_the_answer_of_a_decision(found):
    body = start() + user("A", ducha_candidateGroups="=rule.roles") + chain("S", "A")
    (task,) = play(body).begin(rule={"roles": found}).outcome.tasks_opened
    assert task.roles == ("office_deputy", "synthesis_lead")


@pytest.mark.parametrize("found", [None, "", 7, ["office_deputy", ""]])
def test_roles_that_are_no_names_are_a_trouble(found):
    body = start() + user("A", ducha_candidateGroups="=rule.roles") + chain("S", "A")
    outcome = play(body).begin(rule={"roles": found}).outcome
    assert (outcome.tasks_opened, [trouble.element for trouble in outcome.troubles]) == ((), ["A"])


def test_who_did_a_task_is_barred_from_another_and_may_be_named():
    body = start() + user("A") + user("B", ducha_notSameAs="A, Z", ducha_assignee="performer('A')", ducha_form="x/y")
    player = play(body + chain("S", "A", "B")).begin().complete("A", actor="anna")
    (task,) = player.outcome.tasks_opened
    assert (task.barred, task.assignee, task.form) == (("anna",), "anna", "x/y")


def test_the_diagram_may_bar_accounts_by_name():
    body = start() + user("A") + user("B", ducha_notSameAs="A", ducha_barred="authors") + chain("S", "A", "B")
    player = play(body).begin(authors=["bob", "anna"]).complete("A", actor="anna")
    assert player.outcome.tasks_opened[0].barred == ("anna", "bob")


@pytest.mark.parametrize("authors", ["anna", [1]])
def test_who_is_barred_must_be_a_list_of_accounts(authors):
    body = start() + user("B", ducha_barred="authors") + chain("S", "B")
    (trouble,) = play(body).begin(authors=authors).outcome.troubles
    assert trouble.code == "expression"


def test_a_due_text_may_be_a_duration_or_a_date_of_the_answers():
    body = start() + user("A", ducha_due="P3D") + user("B", ducha_due="A.deadline") + chain("S", "A", "B")
    player = play(body).begin()
    assert player.open[player.token("A")].due == datetime(2013, 5, 9, 1, 0, tzinfo=UTC)
    player.complete("A", deadline="2013-05-13")
    assert player.open[player.token("B")].due == datetime(2013, 5, 13, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "answers",
    [{"n": float("nan")}, {"n": {1: 2}}, {"n": object()}, {"n": 2**70}, {"n": "\ud800"}, {"n": "x" * 600_000}],
)
def test_answers_that_can_not_be_kept_are_refused_and_change_nothing(answers: dict[str, Any]):
    player = play(start() + user("A") + chain("S", "A")).begin()
    before = player.outcome
    with pytest.raises(BadValue):
        player.complete("A", **answers)
    assert player.outcome is before


def test_a_key_that_a_type_registry_would_take_for_its_own_is_kept_as_it_is():
    player = play(start() + user("A") + user("B") + chain("S", "A", "B")).begin()
    answers = {"typename": "datetime", "value": "x", "nested": [{"typename": "UUID"}]}
    player.complete("A", **answers).complete("B")
    assert player.variables["A"] == answers


# Scripts and decisions


def test_a_script_assigns_line_by_line():
    body = start() + script("P", "x = n + 1\ny = x * 2\nd = date('2013-05-06')") + user("A") + chain("S", "P", "A")
    player = play(body).begin(n=1)
    assert [player.variables[name] for name in "xyd"] == [2, 4, "2013-05-06"]


TABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="https://ducha.example/test">
<decision id="D1" name="D1"><decisionTable id="t" hitPolicy="FIRST">
<input id="i1"><inputExpression id="ie1" typeRef="number"><text>amount</text></inputExpression></input>
<output id="o1" name="route" typeRef="string"/>
<rule id="r1"><inputEntry id="e1"><text>&gt; 1000</text></inputEntry>
<outputEntry id="x1"><text>"board"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="e2"><text>[0..1000]</text></inputEntry>
<outputEntry id="x2"><text>"boss"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def test_a_decision_is_taken_on_variables_and_inputs():
    body = start() + user("A") + element("businessRuleTask", "D", given(amount="A.n * 2"), ducha_decision="D1")
    body += user("B") + chain("S", "A", "D", "B")
    player = play(body, D1=read_decision(TABLE)).begin().complete("A", n=600)
    assert player.variables["D"] == {"route": "board"}
    assert play(body, D1=read_decision(TABLE)).begin().complete("A", n=-5).trouble == ["decision"]


def test_an_unknown_decision_is_refused():
    with pytest.raises(Refused):
        play(start() + element("businessRuleTask", "D", ducha_decision="D1") + chain("S", "D"))


# Multi-instance


def several(loop: str, after: str = "") -> str:
    return start() + user("A", loop) + user("Z") + end() + chain("S", "A", "Z", "E") + after


def test_parallel_instances_have_items_and_their_results_become_a_list():
    player = play(several(many(collection="units", item="unit"))).begin(units=["a", "b", "c"])
    tasks = player.outcome.tasks_opened
    assert [(task.item, task.counter) for task in tasks] == [("a", 0), ("b", 1), ("c", 2)]
    player.complete("A", place=2, actor="carl", n=3).complete("A", place=0, actor="anna", n=1)
    assert player.waiting == ["A"]
    assert "A" not in player.variables, "nobody outside sees half of the results"
    player.complete("A", actor="bob", n=2)
    assert player.waiting == ["Z"]
    assert player.variables["A"] == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert player.variables["performers"] == {"A[]": ["carl", "anna", "bob"], "A": "bob"}


def test_sequential_instances_follow_each_other_with_items_and_results():
    player = play(several(many(collection="units", item="unit", sequential=True))).begin(units=["a", "b", "c"])
    for place, unit in enumerate("abc"):
        (task,) = player.open.values()
        assert (task.item, task.counter) == (unit, place)
        player.complete("A", n=place)
    assert player.variables["A"] == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert player.complete("Z").status == "completed"


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("loop", [{"cardinality": "0"}, {"collection": "[]"}])
def test_no_instances_at_all(loop: dict[str, str], sequential: bool):
    player = play(several(many(sequential=sequential, **loop))).begin()
    assert player.waiting == ["Z"]
    assert player.variables["A"] == []


def test_a_number_of_instances_may_be_computed():
    assert play(several(many(cardinality="n + 1"))).begin(n=2).waiting == ["A", "A", "A"]


@pytest.mark.parametrize("loop", [{"cardinality": "n"}, {"collection": "n"}])
@pytest.mark.parametrize("number", [-1, 1.5, "x", True, None])
def test_what_is_no_number_and_no_list_is_a_trouble(loop: dict[str, str], number: Any):
    assert play(several(many(**loop))).begin(n=number).trouble == ["expression"]


def test_too_many_instances_are_a_trouble():
    player = play(several(many(cardinality="n"))).begin(n=MOST_INSTANCES + 1)
    assert (player.trouble, player.status) == (["bound"], "failed")
    assert len(play(several(many(cardinality="n"))).begin(n=MOST_INSTANCES).waiting) == MOST_INSTANCES


def test_a_completion_condition_sees_the_counts_and_ends_the_rest():
    until = "nrOfCompletedInstances / nrOfInstances >= 0.5 and nrOfActiveInstances == 2"
    player = play(several(many(cardinality="4", until=until))).begin()
    player.complete("A", place=3, n=3)
    assert player.waiting == ["A", "A", "A"]
    player.complete("A", place=0, n=0)
    assert player.waiting == ["Z"]
    assert player.variables["A"] == [{"n": 0}, {"n": 3}]
    assert [closed.how for closed in player.outcome.tasks_closed].count("cancelled") == 2


def test_a_completion_condition_sees_the_answers_of_the_one_just_done():
    player = play(several(many(collection="[1, 2, 3]", until="not A.agree", sequential=True))).begin()
    player.complete("A", agree=True).complete("A", agree=False)
    assert player.waiting == ["Z"]
    assert player.variables["A"] == [{"agree": True}, {"agree": False}]


def test_a_failing_completion_condition_loses_no_answer():
    body = several(many(cardinality="3", until="A.n > limit.n"), user("limit") + chain("S", "limit"))
    player = play(body).begin().complete("A", n=5)
    assert (player.trouble, player.waiting) == (["expression"], ["A", "A", "limit"])
    assert player.retry().trouble == ["expression"]
    failed = player.outcome.troubles[0].token
    player.complete("limit", n=9)
    player.retry_token(failed).complete("A", n=6).complete("A", n=7)
    assert player.variables["A"] == [{"n": 5}, {"n": 6}, {"n": 7}]


def test_instances_of_a_sub_process_have_variables_of_their_own():
    inner = start("s") + script("P", "x = unit.size * 10") + user("B") + end("e") + chain("s", "P", "B", "e")
    body = start() + script("Q", "x = 0") + sub("U", many(collection="units", item="unit") + inner)
    body += user("Z") + chain("S", "Q", "U", "Z")
    player = play(body).begin(units=[{"size": 1}, {"size": 2}])
    assert player.waiting == ["B", "B"]
    player.complete("B", place=1, actor="bob", n=2).complete("B", actor="anna", n=1)
    assert player.waiting == ["Z"]
    assert player.variables["x"] == 0
    assert player.variables["U"] == [{"x": 10, "B": {"n": 1}}, {"x": 20, "B": {"n": 2}}]
    assert player.variables["performers"]["B[]"] == ["bob", "anna"]


def test_tasks_of_one_name_say_what_they_are_about():
    named = {"ducha_subject": "unit.name"}
    body = start() + user("A", many(collection="units", item="unit"), **named) + user("Z") + chain("S", "A", "Z")
    player = play(body).begin(units=[{"name": "North"}, {"name": None}])
    assert [task.subject for task in player.outcome.tasks_opened] == ["North", None]


def test_of_each_instance_of_a_sub_process_only_its_outputs_are_kept():
    kept = "<extensionElements>" + "".join(
        f'<ducha:output name="{name}" value="{value}"/>'
        for name, value in (("sum", "x + B.n"), ("which", "loopCounter"))
    )
    inner = start("s") + script("P", "x = unit * 10") + user("B") + end("e") + chain("s", "P", "B", "e")
    body = start() + sub("U", kept + "</extensionElements>" + many(collection="[1, 2]", item="unit") + inner)
    player = play(body + user("Z") + chain("S", "U", "Z")).begin()
    player.complete("B", place=1, actor="bob", n=2).complete("B", actor="anna", n=1)
    assert player.variables["U"] == [{"sum": 11, "which": 0}, {"sum": 22, "which": 1}]
    assert player.variables["performers"]["B[]"] == ["bob", "anna"]


def test_all_who_did_a_multi_instance_task_are_barred():
    body = start() + user("A", many(cardinality="2")) + user("Z", ducha_notSameAs="A") + chain("S", "A", "Z")
    player = play(body).begin().complete("A", actor="anna").complete("A", actor="bob")
    assert player.outcome.tasks_opened[0].barred == ("anna", "bob")


@pytest.mark.parametrize("tag", ["serviceTask", "callActivity"])
def test_services_and_calls_in_many_instances(tag: str):
    attributes = {"ducha_service": "x"} if tag == "serviceTask" else {"calledElement": "x"}
    body = start() + element(tag, "A", given(n="unit") + many(collection="[1, 2]", item="unit"), **attributes)
    player = play(body + user("Z") + chain("S", "A", "Z")).begin()
    assert [request.inputs["n"] for request in player.outcome.requests_opened] == [1, 2]
    assert player.respond("A", place=1, r=2).respond("A", r=1).variables["A"] == [{"r": 1}, {"r": 2}]


def test_a_boundary_event_watches_all_instances_together():
    after = boundary("B", "A", timer("timeDuration", "P1D")) + user("H") + chain("B", "H")
    player = play(several(many(cardinality="3"), after)).begin().complete("A")
    assert player.waiting == ["A", "A", "B"]
    assert player.wake("B").waiting == ["H"]


def test_an_error_in_one_instance_reaches_the_boundary_of_the_activity():
    body = start() + element("serviceTask", "A", many(cardinality="2"), ducha_service="x") + user("H") + chain("S", "A")
    player = play(body + boundary("B", "A", error("x")) + chain("B", "H")).begin().fail("A", "x")
    assert player.waiting == ["H"]


def test_many_instances_within_many_instances():
    inner = start("s") + user("B", many(cardinality="outer", sequential=True)) + chain("s", "B")
    body = start() + sub("U", many(collection="[1, 2]", item="outer") + inner) + user("Z") + chain("S", "U", "Z")
    player = play(body).begin()
    assert player.complete("B", n=1).complete("B", n=2).waiting == ["B"]
    assert player.complete("B", n=3).variables["U"] == [{"B": [{"n": 1}]}, {"B": [{"n": 2}, {"n": 3}]}]


def test_many_instances_in_a_loop_start_afresh():
    body = start() + user("A", many(cardinality="2")) + user("B") + chain("S", "A", "B") + flow("B", "A")
    player = play(body).begin()
    for _ in range(3):
        player.complete("A", n=1).complete("A", n=2)
        assert player.variables["A"] == [{"n": 1}, {"n": 2}]
        player.complete("B")


def test_scripts_and_decisions_may_be_many():
    loop = many(collection="units", item="unit")
    body = (
        start() + element("scriptTask", "P", f"{loop}<script>x = unit * 2</script>") + user("A") + chain("S", "P", "A")
    )
    assert play(body).begin(units=[1, 2]).variables["P"] == [{"x": 2}, {"x": 4}]


def test_an_event_sub_process_within_one_of_many_instances():
    inner = (
        start("s") + user("B") + chain("s", "B") + handler("V", start("v", message("m")) + user("H") + chain("v", "H"))
    )
    body = start() + sub("U", many(cardinality="2") + inner) + user("Z") + chain("S", "U", "Z")
    player = play(body).begin().deliver("v", n=1)
    assert player.waiting == ["B", "H", "v"]
    assert player.complete("H").complete("B").waiting == ["Z"]
    assert player.variables["U"] == [{"v": {"n": 1}, "H": {}}, {"B": {}}]
