"""Going back to an earlier user task."""

import pytest
from diagrams import boundary, chain, element, flow, process, start, sub, timer, user
from player import Player

from engine import runtime
from engine.runtime import CannotReturn


def play(body: str) -> Player:
    return Player(process(body)).begin()


def par(name: str) -> str:
    return element("parallelGateway", name)


def test_a_task_is_closed_and_an_earlier_one_opened_under_a_new_token():
    player = play(start() + user("A") + user("B") + user("C") + chain("S", "A", "B", "C"))
    first = player.token("A")
    player.complete("A", n=1).complete("B").return_to("C", "A")
    assert player.waiting == ["A"]
    assert player.token("A") != first
    assert player.variables["A"] == {"n": 1}, "what was answered is still there, to be corrected"
    assert player.complete("A", n=2).waiting == ["B"]


def test_what_stands_on_other_ways_stays():
    body = start() + par("F") + user("A1") + user("A2") + user("B") + par("J") + user("Z")
    player = play(body + chain("S", "F", "A1", "A2", "J", "Z") + chain("F", "B", "J")).complete("A1")
    assert player.return_to("A2", "A1").waiting == ["A1", "B"]
    player.complete("B").complete("A1").return_to("A2", "A1")
    assert player.complete("A1").complete("A2").waiting == ["Z"], "what has arrived at the join still counts"


def test_going_back_before_a_fork_closes_all_its_branches():
    body = start() + user("X") + par("F") + user("A") + user("B") + user("C") + par("J") + user("Z")
    body += chain("S", "X", "F", "A", "J", "Z") + chain("F", "B", "J") + chain("F", "C", "J")
    player = play(body).complete("X").complete("B")
    assert player.return_to("A", "X").waiting == ["X"]
    player.complete("X")
    assert player.waiting == ["A", "B", "C"]
    assert player.complete("A").complete("B").complete("C").waiting == ["Z"]


def test_a_branch_of_a_loop_stays_when_another_goes_back():
    body = start() + user("X") + par("F") + user("A1") + user("A2") + user("B") + par("J") + user("Z")
    body += chain("S", "X", "F", "A1", "A2", "J", "Z") + chain("F", "B", "J") + flow("Z", "X")
    player = play(body).complete("X").complete("A1")
    assert player.return_to("A2", "A1").waiting == ["A1", "B"]


@pytest.mark.parametrize("target", ["Z", "U", "S", "nowhere", "B"])
def test_what_is_no_earlier_user_task_of_the_scope_is_refused(target: str):
    body = start() + user("A") + user("Z") + sub("U", start("s") + user("B") + chain("s", "B"))
    player = play(body + chain("S", "A", "Z", "U"))
    with pytest.raises(CannotReturn):
        player.return_to("A", target)


def test_a_step_that_failed_can_be_left_by_going_back():
    body = start() + user("A") + user("B") + user("C") + chain("S", "A", "B") + flow("B", "C", "B.n > 1")
    player = play(body).complete("A").complete("B")
    token = player.outcome.troubles[0].token
    outcome = runtime.return_to(player.definition, player.outcome.state, token, "A", player.moment)
    assert [task.element for task in outcome.tasks_opened] == ["A"]


def test_timers_on_the_task_go_with_it():
    body = (
        start()
        + user("A")
        + user("B")
        + user("H")
        + chain("S", "A", "B")
        + boundary("T", "B", timer("timeDuration", "P1D"))
    )
    player = play(body + chain("T", "H")).complete("A")
    assert player.return_to("B", "A").waiting == ["A"]
