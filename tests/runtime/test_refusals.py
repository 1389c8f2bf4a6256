"""What compiling refuses, all at once and each with its element; what it must not stumble over."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from diagrams import (
    boundary,
    catch,
    chain,
    element,
    end,
    flow,
    handler,
    link,
    many,
    message,
    process,
    script,
    start,
    sub,
    throw,
    timer,
    user,
)
from player import MONDAY

from bpmn.moment import Moment
from engine import runtime
from engine.runtime import compile_definition
from faults import Refused


def codes(body: str) -> set[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        compile_definition(process(body), "p", {})
    return {(problem.element, problem.code) for problem in refused.value.problems}


def test_all_faults_are_told_at_once():
    body = start() + script("P", "x = ") + user("A", ducha_due="P999999Y") + element("receiveTask", "R")
    body += (
        element("serviceTask", "K") + catch("T", timer("timeDuration", "R/PT0S")) + chain("S", "P", "A", "R", "K", "T")
    )
    body += flow("S", "A", "1 +", name="bad")
    expressions = {(name, "expression") for name in ("P", "A", "T", "bad")}
    assert codes(body) == expressions | {("R", "message"), ("K", "service")}


def test_a_process_that_is_not_there():
    with pytest.raises(Refused):
        compile_definition(process(start() + user("A") + chain("S", "A")), "q", {})


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (throw("T", link("L")) + start() + chain("S", "T"), ("T", "link_target")),
        (start() + user("A") + chain("S", "A") + start("S2"), ("p", "start")),
        (start(ducha_each="items") + user("A") + chain("S", "A"), ("S", "each_place")),
        (start() + sub("U", start("s", message("m")) + user("A") + chain("s", "A")) + chain("S", "U"), ("U", "start")),
        (
            start() + user("A") + chain("S", "A") + handler("V", start("v") + user("H") + chain("v", "H")),
            ("V", "start"),
        ),
        (start() + user("A") + chain("S", "A") + handler("V", user("H")), ("V", "start")),
        (start() + user("A", many()) + chain("S", "A"), ("A", "multi_instance")),
        (
            start() + user("A") + sub("U", user("B")) + chain("S", "A", "U") + flow("A", "B", name="across"),
            ("across", "dangling"),
        ),
        (start() + element("eventBasedGateway", "G") + user("A") + chain("S", "G", "A"), ("G", "event_gateway")),
        (
            start() + element("exclusiveGateway", "X") + chain("S", "X") + boundary("B", "X", message("m")),
            ("B", "boundary"),
        ),
        (start() + throw("T", message("q")) + chain("S", "T"), ("T", "message")),
        (start() + user("performers") + chain("S", "performers"), ("performers", "reserved")),
        (start() + user("A", many(collection="[1]", item="performers")) + chain("S", "A"), ("A", "reserved")),
        (start() + user("A", default="gone") + chain("S", "A"), ("A", "default")),
        (
            start() + element("parallelGateway", "F") + user("A") + chain("S", "F") + flow("F", "A", "n > 1"),
            ("F", "condition"),
        ),
    ],
)
def test_what_would_silently_go_wrong_is_refused(body: str, expected: tuple[str, str]):
    assert expected in codes(body)


def test_what_is_only_drawn_does_no_harm():
    lanes = '<laneSet id="l"><lane id="l1" name="x"><flowNodeRef>A</flowNodeRef></lane></laneSet>'
    data = (
        '<dataObject id="o"/><dataObjectReference id="or" dataObjectRef="o"/><dataStoreReference id="ds" name="Excel"/>'
    )
    inside = '<dataInputAssociation id="di"><sourceRef>or</sourceRef><targetRef>or</targetRef></dataInputAssociation>'
    notes = '<textAnnotation id="n"><text>x</text></textAnnotation><association id="as" sourceRef="A" targetRef="n"/>'
    body = lanes + data + start() + user("A", inside) + end() + chain("S", "A", "E") + notes
    assert compile_definition(process(body), "p", {}).key == "p"


def test_a_timer_start_event_makes_one_token():
    body = start("S", timer("timeCycle", "R/P1D")) + user("A") + chain("S", "A")
    definition = compile_definition(process(body), "p", {})
    outcome = runtime.start(definition, "S", {}, Moment(MONDAY))
    assert [task.element for task in outcome.tasks_opened] == ["A"]
    assert not outcome.timers_set, "the timer of the process belongs to no instance"


def test_a_caller_and_a_message_give_variables_at_the_start():
    body = (
        start() + start("M", message("m")) + user("A", ducha_candidateOrg="M.unit") + chain("S", "A") + chain("M", "A")
    )
    definition = compile_definition(process(body), "p", {})
    outcome = runtime.start(definition, "M", {"M": {"unit": "o1"}}, Moment(MONDAY))
    assert outcome.tasks_opened[0].org == "o1"


def test_many_threads_may_use_one_definition():
    join = element("inclusiveGateway", "J")
    body = start() + element("inclusiveGateway", "F") + user("A") + user("B") + join + end()
    body += chain("S", "F") + flow("F", "A", "true") + flow("F", "B", "true") + chain("A", "J", "E") + chain("B", "J")
    definition = compile_definition(process(body), "p", {})

    def play(number: int) -> str:
        outcome = runtime.start(definition, None, {"n": number}, Moment(MONDAY))
        for task in outcome.tasks_opened:
            outcome = runtime.complete(definition, outcome.state, task.token, {"n": number}, "anna", Moment(MONDAY))
        assert outcome.variables["B"] == {"n": number}
        return outcome.status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(play, range(400))) == {"completed"}


def test_nothing_of_python_can_be_reached():
    for text in ("().__class__", "open('x')", "__import__('os')", "A.__class__", "lambda: 1"):
        body = start() + element("scriptTask", "P", f"<script>x = {text}</script>") + chain("S", "P")
        assert ("P", "expression") in codes(body)
