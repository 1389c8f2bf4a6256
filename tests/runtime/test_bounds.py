"""Whatever a diagram or an officer does: a trouble that can be seen, never a hang or a silent stop."""

import pytest
from diagrams import aside, chain, element, end, flow, handler, many, process, script, start, sub, timer, user
from player import Player

from engine import runtime
from engine.runtime import BadValue, NoSuchToken
from engine.runtime.bounds import LARGEST_STATE, MOST_TOKENS
from faults import Refused


def play(body: str) -> Player:
    return Player(process(body))


def test_an_endless_loop_of_scripts_is_stopped_and_can_be_retried():
    body = start() + script("P", "x = x + 1") + script("Q", "y = x") + chain("S", "P", "Q") + flow("Q", "P")
    player = play(body).begin(x=0)
    assert (player.trouble, player.status) == (["bound"], "failed")
    rounds = player.variables["x"]
    assert rounds > 1000
    assert player.retry().variables["x"] > rounds
    assert player.cancel().status == "cancelled"


def test_a_flood_of_tokens_is_one_trouble():
    body = start() + script("P", "x = 1") + user("A") + chain("S", "P", "A") + flow("P", "P")
    player = play(body).begin()
    assert (player.trouble, player.status) == (["bound"], "failed")
    body = start() + script("P", "x = 1") + chain("S", "P") + flow("P", "P") + flow("P", "P", name="again")
    player = play(body).begin()
    assert player.trouble == ["bound"]
    assert player.outcome.state.count(b'"P"') <= MOST_TOKENS + 2
    assert player.retry().trouble == ["bound"]


def test_held_tokens_get_a_trouble_of_their_own_when_theirs_has_gone():
    body = (
        start()
        + user("A")
        + script("P", "x = 1")
        + chain("S", "A", "P")
        + flow("P", "P")
        + flow("P", "P", name="again")
    )
    player = play(body).begin().complete("A")
    token = player.outcome.troubles[0].token
    outcome = runtime.return_to(player.definition, player.outcome.state, token, "A", player.moment)
    (trouble,) = outcome.troubles
    assert (outcome.status, trouble.code) == ("failed", "bound")
    assert trouble.token != token


def test_growing_variables_are_stopped_before_they_are_stored():
    body = start() + script("P", "x = x + x") + chain("S", "P") + flow("P", "P")
    player = play(body).begin(x="0123456789" * 10)
    assert player.status != "active" or player.trouble
    assert len(player.outcome.state) <= LARGEST_STATE


def test_replaced_values_do_not_count_towards_the_bound():
    body = start() + script("P", "i = i + 1\nx = text") + element("exclusiveGateway", "X", default="d") + end()
    body += chain("S", "P", "X") + flow("X", "P", "i < 1500") + flow("X", "E", name="d")
    assert play(body).begin(i=0, text="x" * 2000).status == "completed"


def test_answers_that_make_the_instance_too_large_are_refused():
    player = play(start() + user("A", many(cardinality="9")) + chain("S", "A")).begin()
    player.complete("A", text="x" * 400_000).complete("A", text="x" * 400_000)
    with pytest.raises(BadValue):
        player.complete("A", text="x" * 400_000)
    assert player.complete("A", text="x").waiting == ["A"] * 6


def test_too_deep_nesting_is_refused():
    inner = user("A")
    for depth in range(10):
        inner = sub(f"U{depth}", inner)
    assert play(inner).begin().waiting == ["A"]
    with pytest.raises(Refused):
        play(sub("U", inner))


def test_a_diagram_may_be_a_long_chain():
    names = [f"P{number}" for number in range(390)]
    body = start() + "".join(script(name, "x = x + 1") for name in names) + user("A") + chain("S", *names, "A")
    assert play(body).begin(x=0).variables["x"] == 390


def test_cost_and_state_stay_flat_to_round_1000_and_nothing_stalls(calls):
    body = (
        start() + user("A") + user("B") + element("parallelGateway", "F") + user("C") + element("parallelGateway", "J")
    )
    body += chain("S", "A", "F", "B", "J") + chain("F", "C", "J") + flow("J", "A")
    player = play(body).begin()
    sizes, costs = [], []
    for _ in range(1100):
        costs.append(calls(lambda: [player.complete(name, n=1) for name in "ABC"]))
        sizes.append(len(player.outcome.state))
        player.seen.clear()
    assert len(set(sizes[1:])) == 1
    assert max(costs[1000:]) <= 1.2 * min(costs[:100])


def test_a_thousand_timers_do_not_make_a_completion_slow(calls):
    remind = aside("T", "A", timer("timeCycle", "R/P1D")) + user("H") + chain("T", "H")
    body = start() + user("A", many(cardinality="500")) + user("B") + chain("S", "A") + chain("S", "B") + flow("B", "B")
    handlers = "".join(
        handler(
            f"V{n}",
            start(f"v{n}", timer("timeDuration", "P1D"), isInterrupting="false")
            + user(f"H{n}")
            + chain(f"v{n}", f"H{n}"),
        )
        for n in range(90)
    )
    player = play(body + remind + handlers).begin()
    assert len(player.open) > 590
    # All waiting tokens are read and written once; none is looked at more often than that.
    assert calls(lambda: player.complete("B")) < 30 * len(player.open)


def test_each_waiting_place_takes_only_its_own_kind_of_event():
    body = start() + user("A") + element("serviceTask", "K", ducha_service="x") + chain("S", "A") + chain("S", "K")
    player = play(body + aside("T", "A", timer("timeDuration", "P1D"))).begin()
    state, moment = player.outcome.state, player.moment
    a, k, t = player.token("A"), player.token("K"), player.token("T")
    for token in (k, t, "0" * 32, ""):
        with pytest.raises(NoSuchToken):
            runtime.complete(player.definition, state, token, {}, "anna", moment)
    for token in (a, k):
        with pytest.raises(NoSuchToken):
            runtime.wake(player.definition, state, token, moment)
    for token in (a, k, t):
        with pytest.raises(NoSuchToken):
            runtime.deliver(player.definition, state, token, {}, moment)
    for token in (a, t):
        with pytest.raises(NoSuchToken):
            runtime.respond(player.definition, state, token, {}, moment)
        with pytest.raises(NoSuchToken):
            runtime.fail(player.definition, state, token, "x", "", moment)
        with pytest.raises(NoSuchToken):
            runtime.retry(player.definition, state, token, moment)
