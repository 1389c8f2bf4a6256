"""How tokens move: sequences, gateways, loops, joins, what bpmn.io lets people draw without gateways."""

import pytest
from diagrams import chain, element, end, flow, link, process, script, start, sub, throw, user
from player import Player


def play(body: str) -> Player:
    return Player(process(body))


def xor(name: str, **attributes: str) -> str:
    return element("exclusiveGateway", name, **attributes)


def par(name: str) -> str:
    return element("parallelGateway", name)


def inc(name: str, **attributes: str) -> str:
    return element("inclusiveGateway", name, **attributes)


def test_a_sequence_of_tasks_from_start_to_end():
    player = play(start() + user("A") + user("B") + end() + chain("S", "A", "B", "E")).begin(title="x")
    assert player.waiting == ["A"]
    assert player.complete("A", actor="anna", n=1).waiting == ["B"]
    player.complete("B", actor="bob")
    assert (player.status, player.outcome.ended_at) == ("completed", "E")
    assert player.variables == {"title": "x", "A": {"n": 1}, "B": {}, "performers": {"A": "anna", "B": "bob"}}


def test_an_exclusive_gateway_takes_the_first_flow_that_holds():
    body = start() + user("A") + xor("X", default="d") + user("B") + user("C") + user("D")
    body += chain("S", "A", "X") + flow("X", "B", "A.n > 5") + flow("X", "C", "A.n > 2") + flow("X", "D", name="d")
    for number, task in ((9, "B"), (3, "C"), (1, "D")):
        assert play(body).begin().complete("A", n=number).waiting == [task]


def test_a_gateway_without_a_way_out_is_a_trouble_that_can_be_retried():
    body = start() + user("A") + user("N") + xor("X") + user("B") + user("C")
    body += chain("S", "A", "X") + chain("S", "N") + flow("X", "B", "N.n > 5") + flow("X", "C", "N.n < 3")
    player = play(body).begin().complete("N", n=4).complete("A")
    assert (player.trouble, player.status) == (["no_flow"], "active")
    trouble = player.outcome.troubles[0]
    assert trouble.element == "X"


def test_a_parallel_gateway_forks_and_joins():
    body = start() + par("F") + user("A") + user("B") + par("J") + user("C")
    body += chain("S", "F", "A", "J", "C") + chain("F", "B", "J")
    player = play(body).begin()
    assert player.waiting == ["A", "B"]
    assert player.complete("B").waiting == ["A"]
    assert player.complete("A").waiting == ["C"]
    assert player.complete("C").status == "completed"


@pytest.mark.parametrize("order", [("A", "B"), ("B", "A")])
def test_a_parallel_join_in_a_loop_fires_once_a_round_in_any_order(order: tuple[str, str]):
    body = start() + xor("M") + par("F") + user("A") + user("B") + par("J") + user("C") + xor("X", default="d") + end()
    body += chain("S", "M", "F", "A", "J", "C", "X") + chain("F", "B", "J")
    body += flow("X", "M", "C.again") + flow("X", "E", name="d")
    player = play(body).begin()
    for round_number in range(4):
        for task in order:
            assert "C" not in player.waiting
            player.complete(task)
        assert player.waiting == ["C"]
        player.complete("C", again=round_number < 3)
    assert player.status == "completed"


def test_a_parallel_join_counts_each_flow_and_keeps_excess_tokens():
    # A comes twice before B: the second token of A's flow waits for the second B.
    body = start() + user("A") + user("B") + par("J") + user("C") + xor("MA") + xor("MB") + script("P", "x = 1")
    body += chain("S", "MA", "A", "J", "C") + chain("S", "MB", "B", "J") + chain("S", "P", "MA") + chain("P", "MB")
    player = play(body).begin()
    assert player.waiting == ["A", "A", "B", "B"]
    assert player.complete("A").complete("A").waiting == ["B", "B"]
    assert player.complete("B").waiting == ["B", "C"]
    assert player.complete("B").waiting == ["C", "C"]


def test_a_newer_value_is_not_overwritten_by_a_stale_one_at_a_join():
    body = (
        start() + script("P", "x = 1") + par("F") + user("A") + script("Q", "x = 2") + user("B") + par("J") + user("C")
    )
    body += chain("S", "P", "F", "A", "J", "C") + chain("F", "B", "Q", "J")
    player = play(body).begin().complete("B").complete("A")
    assert player.variables["x"] == 2


INCLUSIVE = (
    start() + user("A") + inc("F", default="d") + user("B") + user("C") + user("D") + inc("J") + user("Z")
    + chain("S", "A", "F") + flow("F", "B", "A.n % 2 == 0") + flow("F", "C", "A.n % 3 == 0") + flow("F", "D", name="d")
    + chain("B", "J", "Z") + chain("C", "J") + chain("D", "J")
)  # fmt: skip


@pytest.mark.parametrize(("number", "tasks"), [(6, ["B", "C"]), (2, ["B"]), (3, ["C"]), (5, ["D"])])
def test_an_inclusive_gateway_joins_just_those_that_it_sent(number: int, tasks: list[str]):
    player = play(INCLUSIVE).begin().complete("A", n=number)
    assert player.waiting == tasks
    for task in tasks:
        assert "Z" not in player.waiting
        player.complete(task)
    assert player.waiting == ["Z"]


@pytest.mark.parametrize("order", [("B", "C"), ("C", "B")])
def test_an_inclusive_join_in_a_loop_waits_in_every_round(order: tuple[str, str]):
    body = start() + xor("M") + inc("F") + user("B") + user("C") + inc("J") + user("Z") + xor("X", default="d") + end()
    body += chain("S", "M", "F") + flow("F", "B", "true") + flow("F", "C", "true") + chain("B", "J", "Z", "X")
    body += chain("C", "J") + flow("X", "M", "Z.again") + flow("X", "E", name="d")
    player = play(body).begin()
    for round_number in range(3):
        player.complete(order[0])
        assert "Z" not in player.waiting
        assert player.complete(order[1]).waiting == ["Z"]
        player.complete("Z", again=round_number < 2)
    assert player.status == "completed"


def test_several_flows_out_of_a_task_fork():
    body = start() + user("A") + user("B") + user("C") + chain("S", "A", "B") + chain("A", "C")
    player = play(body).begin().complete("A")
    assert player.waiting == ["B", "C"]


def test_conditions_on_flows_out_of_a_task_choose():
    body = start() + user("A", default="d") + user("B") + user("C") + user("D")
    body += chain("S", "A") + flow("A", "B", "A.n > 1") + flow("A", "C", "A.n > 5") + flow("A", "D", name="d")
    assert play(body).begin().complete("A", n=7).waiting == ["B", "C"]
    assert play(body).begin().complete("A", n=2).waiting == ["B"]
    assert play(body).begin().complete("A", n=0).waiting == ["D"]


def test_a_task_without_a_flow_out_ends():
    player = play(start() + user("A") + chain("S", "A")).begin().complete("A")
    assert player.status == "completed"


def test_a_process_without_a_start_event_begins_where_nothing_leads_to():
    player = play(user("A") + user("B") + user("C") + chain("A", "C")).begin()
    assert player.waiting == ["A", "B"]


def test_two_tasks_that_lead_to_each_other_without_a_gateway():
    player = play(start() + user("A") + user("B") + chain("S", "A", "B", "A")).begin()
    for _ in range(3):
        assert player.waiting == ["A"]
        assert player.complete("A").waiting == ["B"]
        player.complete("B")


def test_link_events_lead_from_one_to_the_other():
    body = start() + user("A") + throw("T", link("L")) + element("intermediateCatchEvent", "C", link("L")) + user("B")
    player = play(body + chain("S", "A", "T") + chain("C", "B")).begin().complete("A")
    assert player.waiting == ["B"]
    assert player.steps("completed") == ["S", "A", "T", "C"]
    assert not [step for step in player.steps("taken") if ".." in step]


def test_tasks_of_no_kind_are_passed():
    body = start() + element("task", "T") + element("manualTask", "M") + user("A") + chain("S", "T", "M", "A")
    assert play(body).begin().waiting == ["A"]


def test_an_embedded_sub_process_shares_the_variables():
    inner = start("s") + script("P", "x = A.n + 1") + user("B") + end("e") + chain("s", "P", "B", "e")
    body = start() + user("A") + sub("U", inner) + user("C") + chain("S", "A", "U", "C")
    player = play(body).begin().complete("A", n=1)
    assert player.waiting == ["B"]
    assert player.complete("B").waiting == ["C"]
    assert player.variables["x"] == 2


def test_a_join_that_can_never_fire_is_a_trouble_and_no_silent_stop():
    body = start() + user("A") + xor("X", default="d") + user("B") + user("C") + par("J") + end()
    body += chain("S", "A", "X") + flow("X", "B", "A.n > 1") + flow("X", "C", name="d")
    body += chain("B", "J", "E") + chain("C", "J")
    player = play(body).begin().complete("A", n=1).complete("C")
    assert (player.trouble, player.status) == (["deadlock"], "failed")
    assert player.retry().trouble == ["deadlock"]
    assert player.cancel().status == "cancelled"


def test_parallel_branches_may_end_on_their_own():
    body = (
        start()
        + par("F")
        + user("A")
        + user("B")
        + end("E1")
        + end("E2")
        + chain("S", "F", "A", "E1")
        + chain("F", "B", "E2")
    )
    player = play(body).begin().complete("A")
    assert player.status == "active"
    assert player.complete("B").outcome.ended_at == "E2"


def test_the_record_names_what_is_in_the_picture():
    body = (
        start()
        + user("A")
        + user("B")
        + end()
        + chain("S", "A")
        + flow("A", "B", name="ab")
        + flow("B", "E", name="be")
    )
    player = play(body).begin().complete("A")
    assert ("ab", "taken") in player.seen
    assert player.seen[-3:] == [("A", "completed"), ("ab", "taken"), ("B", "entered")]
