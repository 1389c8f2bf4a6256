"""Timers, messages, signals, boundary events, the event-based gateway, errors, escalations, ends."""

from datetime import UTC, datetime, timedelta

import pytest
from diagrams import (
    TERMINATE,
    aside,
    boundary,
    catch,
    chain,
    element,
    end,
    error,
    escalation,
    flow,
    given,
    handler,
    message,
    process,
    script,
    signal,
    start,
    sub,
    throw,
    timer,
    user,
)
from player import MONDAY, Player

from engine import runtime
from engine.runtime import NoSuchStart, NoSuchToken


def play(body: str) -> Player:
    return Player(process(body))


def guarded(events: str) -> str:
    """S -> A -> Z with boundary events on A that lead to H."""
    return start() + user("A") + user("Z") + user("H") + chain("S", "A", "Z") + events + chain("B", "H")


# Timers


def test_a_timer_is_due_as_its_text_says_and_wakes():
    player = play(start() + catch("T", timer("timeDuration", "P3D")) + user("A") + chain("S", "T", "A")).begin()
    (opened,) = player.outcome.timers_set
    assert opened.due == MONDAY + timedelta(days=3)
    assert player.wake("T").waiting == ["A"]


def test_a_timer_reads_variables_and_working_days():
    body = start() + user("A") + catch("T", timer("timeDate", "=wd(-1, A.deadline)")) + chain("S", "A", "T")
    player = play(body).begin().complete("A", deadline="2013-05-13")  # a Monday
    assert player.open[player.token("T")].due == datetime(2013, 5, 10, 9, 30, tzinfo=UTC)  # Friday 17:30


def test_an_interrupting_timer_cancels_its_task():
    player = play(guarded(boundary("B", "A", timer("timeDuration", "PT1H")))).begin()
    assert player.waiting == ["A", "B"]
    assert player.wake("B").waiting == ["H"]
    assert "A" in player.steps("cancelled")
    assert player.outcome.tasks_closed[0].how == "cancelled"


def test_completing_a_task_clears_its_timer():
    player = play(guarded(boundary("B", "A", timer("timeDuration", "PT1H")))).begin().complete("A")
    assert player.waiting == ["Z"]


def test_a_timer_aside_fires_once():
    player = play(guarded(aside("B", "A", timer("timeDuration", "PT1H")))).begin().wake("B")
    assert player.waiting == ["A", "H"]
    assert player.complete("H").waiting == ["A"]


def test_a_repeating_timer_aside_sets_its_next_due_under_a_new_token():
    player = play(guarded(aside("B", "A", timer("timeCycle", "R3/PT10M")))).begin()
    for fired in (1, 2, 3):
        token = player.token("B")
        assert player.open[token].due == MONDAY + timedelta(minutes=10 * fired)
        player.wake("B")
        assert token not in player.open
    assert player.waiting == ["A", "H", "H", "H"]


def test_what_a_reminder_started_outlives_its_task():
    player = play(guarded(aside("B", "A", timer("timeCycle", "R/PT10M")))).begin().wake("B").complete("A")
    assert player.waiting == ["H", "Z"]


def test_a_timer_is_woken_once():
    player = play(start() + catch("T", timer("timeDuration", "P3D")) + user("A") + chain("S", "T", "A")).begin()
    token, state = player.token("T"), player.outcome.state
    first = runtime.wake(player.definition, state, token, player.moment)
    with pytest.raises(NoSuchToken):
        runtime.wake(player.definition, first.state, token, player.moment)


def test_a_process_may_start_in_several_ways():
    body = start("S1") + start("S2", message("m")) + start("S3", timer("timeCycle", "R/P7D")) + user("A") + user("B")
    body += chain("S1", "A") + chain("S2", "B") + chain("S3", "B")
    player = play(body)
    kinds = {begin.element: (begin.kind, begin.name) for begin in player.definition.starts}
    assert kinds == {"S1": ("none", ""), "S2": ("message", "m"), "S3": ("timer", "")}
    assert player.definition.starts[2].timer is not None
    assert player.begin().waiting == ["A"]
    assert play(body).begin("S2").waiting == ["B"]
    with pytest.raises(NoSuchStart):
        play(body).begin("A")


# Messages and signals


def test_a_message_is_awaited_with_its_key_and_brings_its_payload():
    body = start() + catch("C", message("m"), ducha_correlationKey="order") + user("A") + chain("S", "C", "A")
    player = play(body).begin(order="17")
    (subscription,) = player.outcome.subscriptions_opened
    assert (subscription.kind, subscription.name, subscription.key) == ("message", "m", "17")
    assert player.deliver("C", n=1).waiting == ["A"]
    assert player.variables["C"] == {"n": 1}


def test_a_receive_task_waits_and_a_send_task_throws():
    body = start() + element("receiveTask", "R", messageRef="msg_m")
    body += element("sendTask", "T", given(n="R.n + 1"), messageRef="msg_n", ducha_correlationKey="R.n") + end()
    player = play(body + chain("S", "R", "T", "E")).begin()
    player.deliver("R", n=1)
    (thrown,) = player.outcome.thrown
    assert (thrown.kind, thrown.name, thrown.key, thrown.payload) == ("message", "n", "1", {"n": 2})
    assert player.status == "completed"


def test_a_message_aside_fires_each_time():
    player = play(guarded(aside("B", "A", message("m")))).begin()
    for number in (1, 2, 3):
        token = player.token("B")
        player.deliver("B", n=number)
        assert token not in player.open
    assert player.waiting == ["A", "B", "H", "H", "H"]
    assert player.variables["B"] == {"n": 3}


def test_an_interrupting_message_cancels_its_task():
    player = play(guarded(boundary("B", "A", message("m")))).begin().deliver("B")
    assert player.waiting == ["H"]


def test_signals_are_thrown_on_the_way_and_at_the_end():
    body = start() + throw("T", signal("s")) + user("A") + end("E", signal("t")) + chain("S", "T", "A", "E")
    player = play(body).begin().complete("A")
    assert [(thrown.kind, thrown.name) for thrown in player.thrown] == [("signal", "s"), ("signal", "t")]


def test_a_signal_subscription_has_no_key():
    player = play(guarded(boundary("B", "A", signal("s")))).begin()
    assert player.open[player.token("B")].key is None
    assert player.deliver("B").waiting == ["H"]


def test_a_signal_may_have_a_key():
    body = start() + throw("T", signal("s"), **{"ducha:correlationKey": "1 + 1"})
    body += catch("C", signal("t"), **{"ducha:correlationKey": "'north'"}) + user("A") + chain("S", "T", "C", "A")
    player = play(body).begin()
    assert [thrown.key for thrown in player.thrown] == ["2"]
    assert player.open[player.token("C")].key == "north"


def test_after_an_event_based_gateway_the_first_event_counts():
    body = start() + element("eventBasedGateway", "G") + catch("T", timer("timeDuration", "P1D"))
    body += catch("C", message("m")) + element("receiveTask", "R", messageRef="msg_n")
    body += user("A") + user("B") + user("D")
    body += (
        chain("S", "G")
        + flow("G", "T")
        + flow("G", "C", name="gc")
        + flow("G", "R")
        + chain("T", "A")
        + chain("C", "B")
        + chain("R", "D")
    )
    player = play(body).begin()
    assert player.waiting == ["C", "R", "T"]
    assert player.deliver("C", x=1).waiting == ["B"]
    assert "gc" in player.steps("taken")
    assert player.variables["C"] == {"x": 1}
    assert play(body).begin().wake("T").waiting == ["A"]
    assert play(body).begin().deliver("R").waiting == ["D"]


# Errors


def failing(events: str) -> str:
    """S -> U(s -> A -> end with error x) -> Z, with boundary B on U that leads to H."""
    inner = start("s") + user("A") + user("A2") + end("e", error("x")) + chain("s", "A", "e") + chain("s", "A2")
    return start() + sub("U", inner) + user("Z") + user("H") + chain("S", "U", "Z") + events + chain("B", "H")


@pytest.mark.parametrize("code", ["x", ""])
def test_an_error_end_is_caught_by_its_code_or_by_one_for_all(code: str):
    player = play(failing(boundary("B", "U", error(code)))).begin().complete("A")
    assert player.waiting == ["H"]
    assert player.variables["B"]["code"] == "x"
    assert "A2" in player.steps("cancelled")


def test_an_error_of_its_own_code_is_preferred():
    events = boundary("B0", "U", error()) + user("H0") + chain("B0", "H0") + boundary("B", "U", error("x"))
    assert play(failing(events)).begin().complete("A").waiting == ["H"]


def test_an_uncaught_error_end_is_a_trouble_and_nothing_goes_on():
    player = play(failing(boundary("B", "U", error("y")))).begin().complete("A")
    assert (player.trouble, player.waiting, player.status) == (["uncaught_error"], ["A2"], "active")
    assert player.outcome.troubles[0].params["error"] == "x"


def test_an_error_passes_through_several_scopes():
    inner = sub("V", start("t") + end("e", error("x")) + chain("t", "e"))
    body = start() + sub("U", start("s") + inner + chain("s", "V")) + user("Z") + user("H")
    body += chain("S", "U", "Z") + boundary("B", "U", error("x")) + chain("B", "H")
    assert play(body).begin().waiting == ["H"]


SERVICE = (
    start() + element("serviceTask", "A", given(n="a + 1"), ducha_service="urge") + user("Z") + user("H")
    + chain("S", "A", "Z")
)  # fmt: skip


def test_a_service_is_asked_and_answers():
    player = play(SERVICE).begin(a=1)
    (request,) = player.outcome.requests_opened
    assert (request.kind, request.name, request.inputs) == ("service", "urge", {"n": 2})
    assert player.respond("A", ok=True).waiting == ["Z"]
    assert player.variables["A"] == {"ok": True}


def test_a_failed_service_is_caught_by_code():
    body = SERVICE + boundary("B", "A", error("x")) + chain("B", "H")
    assert play(body).begin(a=1).fail("A", "x", "no paper").waiting == ["H"]
    player = play(body).begin(a=1).fail("A", "y")
    assert (player.trouble, player.waiting) == (["service"], [])
    assert player.retry().waiting == ["A"]
    assert player.respond("A").waiting == ["Z"]


def test_a_retried_service_is_asked_under_a_new_token():
    player = play(SERVICE).begin(a=1)
    token = player.token("A")
    player.fail("A")
    assert player.outcome.requests_closed == (token,)
    player.retry()
    assert player.token("A") != token


def test_a_call_is_a_request_and_its_result_a_variable():
    body = (
        start() + element("callActivity", "K", given(n="1"), calledElement="other") + user("A") + chain("S", "K", "A")
    )
    player = play(body).begin()
    (request,) = player.outcome.requests_opened
    assert (request.kind, request.name, request.inputs) == ("call", "other", {"n": 1})
    assert player.respond("K", verdict="pass").variables["K"] == {"verdict": "pass"}


def test_a_failing_expression_reaches_an_error_boundary_for_all_errors():
    body = start() + user("A") + script("P", "x = A.n / 0") + user("Z") + user("H") + chain("S", "A", "P", "Z")
    body += boundary("B", "P", error()) + chain("B", "H")
    assert play(body).begin().complete("A", n=1).waiting == ["H"]


def test_a_failing_expression_is_a_trouble_and_can_be_retried():
    body = start() + user("A") + user("F") + script("P", "x = A.n + F.n") + user("Z")
    body += chain("S", "A", "P", "Z") + chain("S", "F")
    player = play(body).begin().complete("A", n=1)
    assert (player.trouble, player.waiting) == (["expression"], ["F"])
    failed = player.outcome
    player.complete("F", n=2)
    player.outcome = runtime.retry(player.definition, player.outcome.state, failed.troubles[0].token, player.moment)
    assert player.outcome.variables["x"] == 3


def test_a_failed_condition_after_a_task_does_not_ask_the_person_again():
    body = start() + user("A") + user("F") + user("B") + chain("S", "A") + chain("S", "F") + flow("A", "B", "F.n > 1")
    player = play(body).begin().complete("A", n=1)
    trouble = player.outcome.troubles[0]
    assert (trouble.code, trouble.element, player.waiting) == ("expression", "A", ["F"])
    player.complete("F", n=2)
    outcome = runtime.retry(player.definition, player.outcome.state, trouble.token, player.moment)
    assert [task.element for task in outcome.tasks_opened] == ["B"]


@pytest.mark.parametrize("condition", ["A.n", "'false'", "null"])
def test_a_condition_must_say_true_or_false(condition: str):
    body = start() + user("A") + user("B") + chain("S", "A") + flow("A", "B", condition)
    assert play(body).begin().complete("A", n=1).trouble == ["expression"]


# Escalations


@pytest.mark.parametrize(("attach", "waiting"), [(boundary, ["H"]), (aside, ["C", "H"])])
def test_an_escalation_is_caught_at_the_boundary(attach, waiting: list[str]):
    inner = start("s") + throw("T", escalation("e")) + user("C") + chain("s", "T", "C")
    body = start() + sub("U", inner) + user("H") + chain("S", "U") + attach("B", "U", escalation("e")) + chain("B", "H")
    assert play(body).begin().waiting == waiting


def test_an_uncaught_escalation_changes_nothing():
    body = start() + throw("T", escalation("e")) + user("C") + chain("S", "T", "C")
    assert play(body).begin().waiting == ["C"]


def test_an_escalation_end_leaves_the_scope():
    inner = start("s") + end("e", escalation("e")) + chain("s", "e")
    body = start() + sub("U", inner) + user("H") + user("Z") + chain("S", "U", "Z")
    body += aside("B", "U", escalation()) + chain("B", "H")
    assert play(body).begin().waiting == ["H", "Z"]


# Event sub-processes


def beside(definition: str, interrupting: bool) -> str:
    """S -> A -> Z, and an event sub-process V: v -> H."""
    attributes = {} if interrupting else {"isInterrupting": "false"}
    inner = start("v", definition, **attributes) + user("H") + end("w") + chain("v", "H", "w")
    return start() + user("A") + user("Z") + end() + chain("S", "A", "Z", "E") + handler("V", inner)


@pytest.mark.parametrize("definition", [message("m"), signal("s"), timer("timeDuration", "P1D")])
def test_an_interrupting_event_sub_process_ends_the_main_flow(definition: str):
    player = play(beside(definition, interrupting=True)).begin()
    assert player.waiting == ["A", "v"]
    player.wake("v") if "timer" in definition else player.deliver("v")
    assert player.waiting == ["H"]
    assert "A" in player.steps("cancelled")
    player.complete("H")
    assert (player.status, player.outcome.ended_at) == ("completed", "w")


@pytest.mark.parametrize("definition", [message("m"), signal("s"), timer("timeCycle", "R/P1D")])
def test_an_event_sub_process_aside_starts_each_time(definition: str):
    player = play(beside(definition, interrupting=False)).begin()
    for _ in range(3):
        player.wake("v") if "timer" in definition else player.deliver("v")
    assert player.waiting == ["A", "H", "H", "H", "v"]
    player.complete("A").complete("Z").complete("H").complete("H")
    assert player.status == "active"
    assert player.complete("H").status == "completed"


def test_the_main_flow_may_end_while_an_event_sub_process_only_waits():
    player = play(beside(message("m"), interrupting=False)).begin().complete("A").complete("Z")
    assert (player.status, player.outcome.ended_at) == ("completed", "E")


def test_an_event_sub_process_takes_an_error_of_the_main_flow():
    inner = start("v", error("x")) + user("H") + chain("v", "H")
    body = start() + user("A") + user("A2") + end("E", error("x")) + chain("S", "A", "E") + chain("S", "A2")
    player = play(body + handler("V", inner)).begin()
    assert player.waiting == ["A", "A2"], "an error event sub-process waits for the error"
    assert player.complete("A").waiting == ["H"]
    assert player.variables["v"]["code"] == "x"


def test_an_error_in_a_handler_goes_outwards_and_not_to_itself():
    handler_x = handler("V", start("v", error("x")) + user("H") + end("w", error("x")) + chain("v", "H", "w"))
    inner = start("s") + user("A") + end("e", error("x")) + chain("s", "A", "e") + handler_x
    body = start() + sub("U", inner) + user("Z") + chain("S", "U") + boundary("B", "U", error()) + chain("B", "Z")
    player = play(body).begin().complete("A")
    assert player.waiting == ["H"]
    assert player.complete("H").waiting == ["Z"]


def test_an_escalation_starts_an_event_sub_process_aside():
    inner = start("v", escalation("e"), isInterrupting="false") + user("H") + chain("v", "H")
    body = start() + throw("T", escalation("e")) + user("A") + chain("S", "T", "A") + handler("V", inner)
    assert play(body).begin().waiting == ["A", "H"]


def test_an_event_sub_process_of_a_sub_process_ends_with_it():
    inner = start("s") + user("A") + chain("s", "A")
    inner += handler("V", start("v", message("m"), isInterrupting="false") + user("H") + chain("v", "H"))
    player = play(start() + sub("U", inner) + user("Z") + chain("S", "U", "Z")).begin()
    assert player.waiting == ["A", "v"]
    assert player.complete("A").waiting == ["Z"]


def test_an_interrupted_sub_process_goes_on_after_its_handler():
    inner = (
        start("s") + user("A") + chain("s", "A") + handler("V", start("v", message("m")) + user("H") + chain("v", "H"))
    )
    body = (
        start() + sub("U", inner) + user("Z") + chain("S", "U", "Z") + boundary("B", "U", timer("timeDuration", "P1D"))
    )
    player = play(body).begin().deliver("v")
    assert player.waiting == ["B", "H"], "the boundary of the sub-process goes on watching"
    assert player.complete("H").waiting == ["Z"]


# Ends


def test_a_terminate_end_ends_all_of_its_scope():
    inner = start("s") + user("A") + user("B") + end("e", TERMINATE) + chain("s", "A", "e") + chain("s", "B")
    player = play(start() + sub("U", inner) + user("C") + user("Z") + chain("S", "U", "Z") + chain("S", "C")).begin()
    assert player.waiting == ["A", "B", "C"]
    assert player.complete("A").waiting == ["C", "Z"]


def test_a_terminate_end_of_the_process_ends_the_instance():
    body = start() + user("A") + user("B") + end("E", TERMINATE) + chain("S", "A", "E") + chain("S", "B")
    player = play(body + handler("V", start("v", message("m")) + user("H") + chain("v", "H"))).begin().complete("A")
    assert (player.status, player.outcome.ended_at) == ("completed", "E")


def test_a_sub_process_is_interrupted_with_all_that_is_in_it():
    inner = start("s") + user("A") + catch("C", message("m")) + element("serviceTask", "K", ducha_service="x")
    inner += chain("s", "A") + chain("s", "C") + chain("s", "K") + boundary("b", "A", timer("timeDuration", "P1D"))
    body = start() + sub("U", inner) + user("H") + chain("S", "U") + boundary("B", "U", message("n")) + chain("B", "H")
    assert play(body).begin().deliver("B").waiting == ["H"]


def test_a_cancelled_instance_has_nothing_open_and_takes_nothing():
    player = play(beside(message("m"), interrupting=True)).begin()
    token = player.token("A")
    player.cancel()
    assert player.status == "cancelled"
    assert player.outcome.ended_at is None
    with pytest.raises(NoSuchToken):
        runtime.complete(player.definition, player.outcome.state, token, {}, "anna", player.moment)


def test_a_process_gives_back_what_it_says():
    outputs = given("output", verdict="A.verdict", twice="A.n * 2")
    player = (
        Player(process(start() + user("A") + chain("S", "A"), outputs=outputs)).begin().complete("A", verdict="ok", n=2)
    )
    assert player.outcome.result == {"verdict": "ok", "twice": 4}


def test_a_result_that_fails_keeps_the_instance_until_it_is_retried():
    outputs = given("output", verdict="A.verdict")
    player = Player(process(start() + user("A") + chain("S", "A"), outputs=outputs)).begin().complete("A")
    assert (player.status, player.trouble) == ("active", ["expression"])
    assert player.retry().trouble == ["expression"]
