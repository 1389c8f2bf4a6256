"""Moving an instance to another definition: what stays, what comes and goes, and why it can't be."""

import re

import pytest
from blocks import Block, diagrams, document
from diagrams import (
    aside,
    boundary,
    catch,
    chain,
    element,
    end,
    flow,
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
from edits import edited
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Oracle
from player import Player
from test_property import MOST_ACTS, PLAYED, act

from engine import runtime
from engine.runtime import Immovable, Moved

LINE = start() + user("A") + user("B") + end() + chain("S", "A", "B", "E")


def play(body: str, **variables: object) -> Player:
    return Player(process(body)).begin(None, **variables)


def move(player: Player, xml: bytes, /, **mapping: str) -> Moved:
    """Move what ``player`` plays, and let him play on there."""
    after = runtime.compile_definition(xml, "p", {})
    moved = runtime.move(player.definition, after, player.outcome.state, mapping, player.moment)
    for kept in moved.kept:
        if kept.token in player.open:
            assert player.open[kept.token].element == kept.before
            player.open[kept.token] = _called(player.open[kept.token], kept.element)
    player.definition = after
    player.active.clear()
    outcome = moved.outcome
    player.active.update({step.element: 1 for step in outcome.steps if step.what == "cancelled"})
    player.active.update({kept.element: MOST_ACTS for kept in moved.kept})
    player._count = lambda _outcome: None  # type: ignore[method-assign]
    player._take(outcome)
    return moved


def _called(opened: object, name: str) -> object:
    return type(opened)(**{**{key: getattr(opened, key) for key in opened.__slots__}, "element": name})  # type: ignore[attr-defined]


def refused(player: Player, body: str, /, **mapping: str) -> set[str]:
    before = player.outcome.state
    with pytest.raises(Immovable) as caught:
        move(player, process(body), **mapping)
    assert player.outcome.state == before
    assert all(problem.element and str(problem) for problem in caught.value.problems)
    return {problem.code for problem in caught.value.problems}


def test_a_task_keeps_its_token_and_answers_what_the_new_version_says():
    player = play(LINE)
    token = player.token("A")
    body = start() + user("A", ducha_candidateGroups="chief", ducha_form="x/y") + user("C") + end()
    moved = move(player, process(body + chain("S", "A", "C", "E")))
    assert [(one.token, one.before, one.element) for one in moved.kept] == [(token, "A", "A")]
    assert moved.kept[0].task
    assert (moved.kept[0].task.roles, moved.kept[0].task.form) == (("chief",), "x/y")
    assert not moved.outcome.tasks_opened
    assert not moved.outcome.tasks_closed
    assert player.complete("A").waiting == ["C"]


def test_an_element_that_is_called_otherwise_takes_its_answers_and_performer_along():
    player = play(LINE).complete("A", "anna", n=7)
    body = start() + user("first") + user("second", ducha_notSameAs="first", ducha_subject="str(first.n)") + end()
    moved = move(player, process(body + chain("S", "first", "second", "E")), A="first", B="second")
    assert player.variables["first"] == {"n": 7}
    assert "A" not in player.variables
    task = moved.kept[0].task
    assert task
    assert (task.barred, task.subject, task.element) == (("anna",), "7", "second")
    assert [(step.element, step.what) for step in moved.outcome.steps] == [("B", "cancelled"), ("second", "entered")]
    assert player.complete("second").status == "completed"


def test_ids_that_change_places_change_their_answers_as_well():
    player = play(LINE + user("C") + flow("B", "C")).complete("A", n=1).complete("B", n=2)
    body = start() + user("A") + user("B") + user("C") + end() + chain("S", "B", "A", "C", "E")
    move(player, process(body), A="B", B="A")
    assert (player.variables["A"], player.variables["B"]) == ({"n": 2}, {"n": 1})


def test_a_step_that_is_gone_needs_one_in_its_place():
    player = play(LINE)
    body = start() + user("B") + end() + chain("S", "B", "E")
    assert refused(player, body) == {"no_place"}
    move(player, process(body), A="B")
    assert player.waiting == ["B"]
    assert player.complete("B").status == "completed"


def test_a_step_of_another_kind_takes_no_ones_place():
    body = start() + script("A", "x = 1") + user("B") + end() + chain("S", "A", "B", "E")
    assert refused(play(LINE), body) == {"kind"}


def test_a_step_that_is_there_still_as_another_kind_is_the_reason_though_nothing_is_named():
    body = start() + user("A", many(cardinality="2")) + user("B") + end() + chain("S", "A", "B", "E")
    player = play(LINE)
    for named in ({"A": ""}, {}):
        with pytest.raises(Immovable) as caught:
            move(player, process(body), **named)
        assert [(one.code, one.message) for one in caught.value.problems] == [
            ("kind", "{element} is done once in one version, and several times in the other.")
        ]
    assert refused(player, LINE, A="") == {"no_place"}, "there it is as it was, and nothing is to take its place"


def test_all_reasons_are_told_at_once():
    body = start() + element("parallelGateway", "F") + user("A") + user("B") + chain("S", "F", "A") + flow("F", "B")
    player = play(body)
    with pytest.raises(Immovable) as caught:
        move(player, process(start() + user("Z") + chain("S", "Z")))
    assert [problem.element for problem in caught.value.problems] == ["A", "B"]


# ---- timers, messages, requests


def watched(text: str, inside: str = "") -> str:
    return LINE + boundary("T", "A", timer("timeDuration", text)) + user("L") + flow("T", "L") + inside


def test_a_timer_keeps_its_time():
    player = play(watched("P3D"))
    token, due = player.token("T"), player.open[player.token("T")].due
    moved = move(player, process(watched("P9D")))
    assert player.token("T") == token
    assert player.open[token].due == due
    assert {one.token for one in moved.kept} == {token, player.token("A")}
    assert player.wake("T").waiting == ["L"]


def test_a_timer_that_is_new_begins_and_one_that_is_gone_ends():
    player = play(LINE)
    move(player, process(watched("P3D")))
    assert player.waiting == ["A", "T"]
    moved = move(player, process(LINE))
    assert player.waiting == ["A"]
    assert len(moved.outcome.timers_cleared) == len(moved.gone) == 1


def test_a_timer_that_has_fired_for_good_does_not_begin_again():
    body = LINE + aside("T", "A", timer("timeDuration", "P3D")) + user("L") + flow("T", "L")
    player = play(body).wake("T").complete("L")
    assert player.waiting == ["A"]
    move(player, process(body))
    assert player.waiting == ["A"]


def test_a_boundary_that_has_become_another_event_waits_for_that():
    player = play(watched("P3D"))
    other = LINE + boundary("T", "A", message("m"), ducha_correlationKey="7") + user("L") + flow("T", "L")
    moved = move(player, process(other))
    assert len(moved.outcome.timers_cleared) == 1
    assert moved.outcome.subscriptions_opened[0].key == "7"
    assert player.deliver("T").waiting == ["L"]


def waiting_for(key: str, name: str = "m") -> str:
    return start() + catch("C", message(name), ducha_correlationKey=key) + user("B") + chain("S", "C", "B")


def test_a_message_that_is_waited_for_stays_unless_it_is_another():
    player = play(waiting_for("n"), n="7")
    token = player.token("C")
    move(player, process(waiting_for("n")))
    assert player.token("C") == token
    moved = move(player, process(waiting_for("n", "n")))
    assert moved.outcome.subscriptions_closed == (token,) == moved.gone
    assert moved.outcome.subscriptions_opened[0].name == "n"
    assert player.token("C") != token
    assert player.deliver("C").waiting == ["B"]


def test_a_key_that_can_t_be_reckoned_out_is_a_reason():
    assert refused(play(waiting_for("n"), n="7"), waiting_for("nowhere")) == {"expression"}


def test_what_was_asked_of_a_service_stays_asked():
    body = start() + element("serviceTask", "K", ducha_service="x") + user("B") + chain("S", "K", "B")
    player = play(body)
    token = player.token("K")
    move(player, process(body.replace('"K"', '"Q"').replace("S_K", "S_Q")), K="Q")
    assert player.token("Q") == token
    assert refused(player, body.replace('service="x"', 'service="y"'), Q="K") == {"asked"}
    assert player.respond("Q", n=1).waiting == ["B"]


def test_what_has_failed_is_moved_and_tried_again():
    body = start() + script("X", "a = 1 / n") + user("B") + chain("S", "X", "B")
    player = play(body, n=0)
    token = player.outcome.troubles[0].token
    assert token
    move(player, process(body.replace("1 / n", "0")))
    assert player.status == "active"
    assert player.retry_token(token).waiting == ["B"]


# ---- sub-processes


WRAPPED = start() + sub("U", start("s") + user("A") + chain("s", "A")) + user("B") + end() + chain("S", "U", "B", "E")


def test_a_sub_process_that_was_drawn_around_a_step_is_entered_with_what_watches_it():
    player = play(LINE)
    inner = start("s") + user("A") + chain("s", "A") + handler("V", start("v", message()) + user("H") + chain("v", "H"))
    body = start() + sub("U", inner) + boundary("T", "U", timer("timeDuration", "P1D")) + user("B") + user("L") + end()
    moved = move(player, process(body + chain("S", "U", "B", "E") + flow("T", "L")))
    assert player.waiting == ["A", "T", "v"]
    assert ("U", "entered") in [(step.element, step.what) for step in moved.outcome.steps]
    assert player.complete("A").waiting == ["B"]


def test_a_sub_process_that_is_gone_is_left():
    player = play(WRAPPED + boundary("T", "U", timer("timeDuration", "P1D")) + user("L") + flow("T", "L"))
    moved = move(player, process(LINE))
    assert player.waiting == ["A"]
    assert len(moved.outcome.timers_cleared) == 1
    assert player.complete("A").waiting == ["B"]


def test_two_branches_enter_the_same_sub_process():
    body = start() + element("parallelGateway", "F") + user("A") + user("B") + chain("S", "F", "A") + flow("F", "B")
    inside = (
        start("s") + element("parallelGateway", "F") + user("A") + user("B") + chain("s", "F", "A") + flow("F", "B")
    )
    player = play(body)
    moved = move(player, process(start() + sub("U", inside) + user("Z") + chain("S", "U", "Z")))
    assert [step.element for step in moved.outcome.steps] == ["U"]
    assert player.complete("A").waiting == ["B"]
    assert player.complete("B").waiting == ["Z"]


def test_what_repeats_can_t_be_entered_half_way():
    inside = many(cardinality="2") + start("s") + user("A") + chain("s", "A")
    body = start() + sub("U", inside) + user("B") + end() + chain("S", "U", "B", "E")
    assert refused(play(LINE), body) == {"scope"}
    assert refused(play(WRAPPED), start() + user("A") + sub("U", start("s")) + chain("S", "A", "U")) == {"scope"}


# ---- several instances


def repeated(sequential: bool = False, name: str = "unit", task: str = "A") -> str:
    asked = many(collection="units", item=name, sequential=sequential)
    return start() + user(task, asked, ducha_subject=name) + user("B") + chain("S", task, "B")


def test_instances_go_on_with_their_items_under_the_new_name():
    player = play(repeated(), units=["x", "y", "z"]).complete("A", n=1)
    moved = move(player, process(repeated(name="organ", task="Q")), A="Q")
    assert sorted(one.task.subject for one in moved.kept if one.task) == ["y", "z"]
    player.complete("Q", n=2).complete("Q", n=3)
    assert player.variables["Q"] == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert player.waiting == ["B"]


def test_at_once_and_one_after_the_other_are_not_the_same():
    assert refused(play(repeated(), units=["x", "y"]), repeated(sequential=True)) == {"repetition"}
    assert refused(play(repeated(), units=["x"]), LINE) == {"kind"}


# ---- joins


def forked(*branches: str) -> str:
    body = start() + element("parallelGateway", "F") + element("parallelGateway", "J") + user("Z") + chain("S", "F")
    return body + "".join(user(name) + chain("F", name, "J") for name in branches) + flow("J", "Z")


def test_what_has_arrived_at_a_join_counts_on():
    player = play(forked("A", "B")).complete("A")
    xml = process(forked("A", "B")).replace(b'id="A_J"', b'id="other"')
    move(player, xml)
    assert player.complete("B").waiting == ["Z"]


def test_a_join_that_needs_less_fires():
    player = play(forked("A", "B", "C")).complete("A").complete("B")
    assert refused(player, forked("A", "B")) == {"no_place"}
    body = start() + element("parallelGateway", "F") + user("A") + user("B") + element("parallelGateway", "J")
    body += user("Z") + chain("S", "F", "A", "J", "Z") + chain("F", "B", "J") + user("C") + flow("F", "C")
    moved = move(player, process(body))
    assert player.waiting == ["C", "Z"]
    assert [task.element for task in moved.outcome.tasks_opened] == ["Z"]


def test_a_join_that_would_wait_for_ever_is_a_reason():
    assert refused(play(forked("A", "B")), forked("A", "B", "C")) == {"starved"}
    player = play("".join((user("X"), forked("A", "B").replace('sourceRef="S"', 'sourceRef="X"'), flow("S", "X"))))
    more = "".join((user("X"), forked("A", "B", "C").replace('sourceRef="S"', 'sourceRef="X"'), flow("S", "X")))
    move(player, process(more))
    assert player.complete("X").waiting == ["A", "B", "C"]


def test_a_flow_that_is_gone_is_a_reason():
    player = play(forked("A", "B")).complete("A")
    assert refused(player, forked("Q", "B"), A="") == {"flow"}
    move(player, process(forked("Q", "B")), A="Q")
    assert player.complete("B").waiting == ["Z"]


# ---- event-based gateways


def race(*names: str) -> str:
    body = start() + element("eventBasedGateway", "G") + user("Z") + chain("S", "G")
    return body + "".join(catch(name, timer("timeDuration", "P1D")) + chain("G", name, "Z") for name in names)


def test_events_after_a_gateway_come_and_go():
    player = play(race("A", "B"))
    token = player.token("A")
    moved = move(player, process(race("A", "C")))
    assert player.waiting == ["A", "C"]
    assert player.token("A") == token
    assert len(moved.outcome.timers_cleared) == 1
    assert player.wake("C").waiting == ["Z"]


# ---- where it stands


def test_what_stands_alike_is_alike():
    one, two = play(LINE, n=1), play(LINE, n=2)
    assert runtime.standing(one.outcome.state) == runtime.standing(two.outcome.state)
    assert runtime.standing(one.complete("A").outcome.state) != runtime.standing(two.outcome.state)
    player = play(watched("P3D", sub("U", start("s") + user("X") + chain("s", "X"))))
    assert runtime.elements_at(player.definition, player.outcome.state) == ("A",)
    assert runtime.elements_at(play(WRAPPED).definition, play(WRAPPED).outcome.state) == ("A",)
    several = play(repeated(), units=["x", "y"])
    assert runtime.elements_at(several.definition, several.outcome.state) == ("A",)


def test_what_has_ended_is_not_moved():
    player = play(LINE).complete("A").complete("B")
    with pytest.raises(runtime.NoSuchToken):
        move(player, process(LINE))
    with pytest.raises(runtime.NoSuchToken):
        runtime.standing(player.outcome.state)


# ---- random diagrams


def played(data: st.DataObject, player: Player, oracle: Oracle | None) -> bool:
    """A few random acts; whether it still runs."""
    for _ in range(data.draw(st.integers(0, 6))):
        if player.status != "active" or not player.open:
            return False
        name = data.draw(st.sampled_from(sorted({one.element for one in player.open.values()})))
        act(player, name)
        if oracle is not None:
            oracle.act(name)
    return player.status == "active"


@settings(PLAYED)
@given(diagrams(), st.data())
def test_a_move_to_the_same_diagram_changes_nothing(block: Block, data: st.DataObject):
    player = Player(document(block)).begin()
    if not played(data, player, None):
        return
    state = player.outcome.state
    moved = move(player, document(block))
    assert moved.outcome.state == state
    assert not moved.gone
    outcome = moved.outcome
    assert (outcome.steps, outcome.tasks_opened, outcome.timers_set, outcome.subscriptions_opened) == ((), (), (), ())
    assert {one.token for one in moved.kept} >= set(player.open)


@settings(PLAYED)
@given(diagrams(), st.data())
def test_a_move_to_the_same_diagram_under_other_ids_goes_on_as_bpmn_says(block: Block, data: st.DataObject):
    player, oracle = Player(document(block)).begin(), Oracle(block)
    if not played(data, player, oracle):
        return
    tokens = {token for token, opened in player.open.items() if not isinstance(opened, runtime.Subscription)}
    ids = set(re.findall(r'<\w+ id="([^"]+)"', document(block).decode())) - {"p", "definitions"}
    ids = {name for name in ids if not name.startswith(("msg_", "sig_", "err_", "esc_", "d"))}
    nodes = {name for name in ids if name in player.definition.network.task_specs}
    pattern = re.compile(rf"\b({'|'.join(sorted(map(re.escape, nodes), key=len, reverse=True))})\b")
    xml = pattern.sub(r"new_\1", document(block).decode()).encode()
    move(player, xml, **{name: f"new_{name}" for name in nodes})
    assert tokens <= set(player.open), "only what waits with another key, which names an id, waits anew"
    for _ in range(MOST_ACTS):
        assert not player.trouble
        assert [name.removeprefix("new_") for name in player.waiting] == oracle.open
        assert (player.status == "completed") == oracle.completed
        if oracle.completed:
            break
        name = data.draw(st.sampled_from(sorted(set(oracle.open))))
        act(player, f"new_{name}")
        oracle.act(name)


@settings(PLAYED)
@given(diagrams(), diagrams(), st.data())
def test_a_move_to_any_diagram_is_refused_with_reasons_or_can_be_played_on(
    block: Block, other: Block, data: st.DataObject
):
    player = Player(document(block)).begin()
    if not played(data, player, None):
        return
    before = sorted(set(player.definition.network.task_specs) - {"p"})
    after = sorted({name for name in Player(document(other)).definition.network.task_specs if "[" not in name} - {"p"})
    named = data.draw(st.dictionaries(st.sampled_from(before), st.sampled_from(["", *after]), max_size=8))
    try:
        move(player, document(other), **named)
    except Immovable:
        return
    assert not player.trouble
    played(data, player, None)


@settings(PLAYED)
@given(diagrams().flatmap(lambda block: st.tuples(st.just(block), edited(block))), st.data())
def test_after_a_move_to_an_edited_diagram_every_token_is_accounted_for_and_the_case_comes_to_its_end(
    blocks: tuple[Block, Block], data: st.DataObject
):
    block, other = blocks
    player = Player(document(block)).begin()
    if not played(data, player, None):
        return
    waited = set(player.open)
    try:
        moved = move(player, document(other))
    except Immovable:
        return
    kept, gone = {one.token for one in moved.kept}, set(moved.gone)
    assert not kept & gone
    assert waited <= kept | gone or player.status == "completed"
    # Where an event may come again, or a loop go round again, and send another token into a fork that was drawn
    # meanwhile, only time tells whether its join is filled: then the case halts for all to see.
    again = any(
        words in document(other) for words in (b'cancelActivity="false"', b'isInterrupting="false"', b'id="loop')
    )
    for _ in range(MOST_ACTS * 5):
        if again and player.trouble == ["deadlock"]:
            return
        assert not player.trouble
        if player.status == "completed":
            return
        assert player.open, "it runs, and nothing will ever wake it"
        # A reminder that comes again and again ends nothing: what else waits is done first.
        names = sorted({one.element for one in player.open.values()})
        act(player, next((name for name in names if not name.endswith(("_b", "_v", "_c"))), names[0]))
    pytest.fail("it does not come to its end")
