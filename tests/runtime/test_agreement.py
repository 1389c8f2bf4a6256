"""Several people who decide together, tasks that are skipped, and who gets a task because of what he did before."""

from __future__ import annotations

from typing import Any

import pytest
from diagrams import chain, given, many, process, start, user
from hypothesis import given as drawn
from hypothesis import strategies as st
from player import Player

from engine import runtime
from engine.runtime.agreement import judge
from faults import Refused

YES, NO = {"decision": "yes"}, {"decision": "no"}


def signing(rule: str, before: str = "", sequential: bool = False, after: str = "") -> Player:
    loop = many(collection="people", item="one", sequential=sequential)
    loop = loop.replace("<multiInstanceLoopCharacteristics", f"<multiInstanceLoopCharacteristics {rule}")
    body = start() + user("W") + user("A", loop) + user("Z") + chain("S", "W", "A", "Z")
    people = [{"name": name, "weight": weight} for name, weight in (("a", 1), ("b", 2), ("c", 3))]
    return Player(process(body)).begin(people=people).complete("W")


def verdict(player: Player) -> dict[str, Any]:
    return player.variables["A_verdict"]


APPROVES = "ducha:approves=\"A.decision == 'yes'\""


def test_all_sign():
    player = signing('ducha:agree="all"')
    player.complete("A").complete("A")
    assert player.waiting == ["A"]
    assert player.complete("A").waiting == ["Z"]
    assert verdict(player) == {
        "agreed": True, "approved": 3, "refused": 0, "asked": 3, "share": 1.0, "vetoed": False,
    }  # fmt: skip


def test_one_refusal_ends_what_all_must_sign_and_calls_off_the_others():
    player = signing(f'ducha:agree="all" {APPROVES}').complete("A", **YES)
    assert player.complete("A", **NO).waiting == ["Z"]
    assert verdict(player)["agreed"] is False
    assert player.variables["A"] == [YES, NO]


def test_the_others_finish_if_the_diagram_says_so():
    player = signing(f'ducha:agree="all" ducha:onReturn="let_finish" {APPROVES}').complete("A", **NO)
    assert player.waiting == ["A", "A"]
    player.complete("A", **YES)
    assert player.complete("A", **YES).waiting == ["Z"]
    assert (verdict(player)["agreed"], verdict(player)["approved"]) == (False, 2)


def test_any_one_signs():
    player = signing(f'ducha:agree="any" {APPROVES}').complete("A", **NO)
    assert player.waiting == ["A", "A"]
    assert player.complete("A", **YES).waiting == ["Z"]
    assert verdict(player)["agreed"] is True
    refused = signing(f'ducha:agree="any" {APPROVES}').complete("A", **NO).complete("A", **NO)
    assert refused.waiting == ["A"]
    assert verdict(refused.complete("A", **NO))["agreed"] is False


def test_a_share_is_enough_and_an_impossible_one_is_not_waited_for():
    player = signing(f'ducha:agree="ratio" ducha:ratio="2/3" {APPROVES}').complete("A", **YES)
    assert player.complete("A", **YES).waiting == ["Z"]
    assert (verdict(player)["agreed"], verdict(player)["share"]) == (True, pytest.approx(2 / 3, abs=1e-5))
    player = signing(f'ducha:agree="ratio" ducha:ratio="2/3" {APPROVES}').complete("A", **NO)
    assert player.waiting == ["A", "A"]
    assert player.complete("A", **NO).waiting == ["Z"]
    assert verdict(player)["agreed"] is False


def test_votes_have_weights():
    rule = f'ducha:agree="weight" ducha:ratio="0.5" ducha:weight="one.weight" {APPROVES}'
    player = signing(rule).complete("A", place=2, **YES)
    assert player.waiting == ["Z"]
    assert verdict(player)["share"] == 0.5


def test_in_order_nobody_is_asked_after_a_refusal():
    player = signing(f'ducha:agree="in_order" {APPROVES}')
    assert player.waiting == ["A"]
    player.complete("A", **YES)
    assert player.open[player.token("A")].item["name"] == "b"
    assert player.complete("A", **NO).waiting == ["Z"]
    assert verdict(player)["agreed"] is False
    player = signing(f'ducha:agree="in_order" {APPROVES}').complete("A", **YES).complete("A", **YES)
    assert verdict(player.complete("A", **YES))["agreed"] is True


def test_a_veto_decides_alone():
    rule = f'ducha:agree="ratio" ducha:ratio="0.1" ducha:veto="one.weight == 3" {APPROVES}'
    assert signing(rule).complete("A", place=0, **NO).waiting == ["A", "A"]
    player = signing(rule).complete("A", place=2, **NO)
    assert player.waiting == ["Z"]
    assert (verdict(player)["agreed"], verdict(player)["vetoed"]) == (False, True)


def test_nobody_asked_is_not_agreed():
    loop = (
        many(collection="[]")
        .replace("<multi", "<multi", 1)
        .replace("Characteristics ", 'Characteristics ducha:agree="all" ', 1)
    )
    player = Player(process(start() + user("A", loop) + user("Z") + chain("S", "A", "Z"))).begin()
    assert verdict(player)["agreed"] is False


@pytest.mark.parametrize(
    "rule", ['ducha:agree="ratio" ducha:ratio="0"', 'ducha:agree="weight" ducha:ratio="1" ducha:weight="one.name"']
)
def test_what_can_not_be_counted_is_a_trouble(rule: str):
    assert signing(rule).outcome.troubles[0].code == "expression"


def test_an_unknown_rule_is_refused():
    with pytest.raises(Refused):
        signing('ducha:agree="most"')


def test_one_of_several_returns_it_for_all():
    player = signing('ducha:agree="all"').complete("A")
    assert player.return_to("A", "W").waiting == ["W"]
    assert player.complete("W").waiting == ["A", "A", "A"]


def test_one_of_several_returns_it_when_the_others_have_finished():
    player = signing('ducha:agree="all" ducha:onReturn="let_finish"')
    assert player.return_to("A", "W").waiting == ["A", "A"]
    player.complete("A")
    assert player.complete("A").waiting == ["W"]
    assert player.complete("W").waiting == ["A", "A", "A"]
    player.return_to("A", "W").return_to("A", "W")
    assert player.return_to("A", "W").waiting == ["W"], "the last one has nobody to wait for"


def test_one_of_several_without_a_rule_returns_it_for_all():
    body = start() + user("W") + user("A", many(cardinality="2")) + chain("S", "W", "A")
    player = Player(process(body)).begin().complete("W")
    assert player.return_to("A", "W").waiting == ["W"]


def skip(player: Player, performer: str | None, place: int = 0) -> Player:
    token = player.token("A", place)
    state, moment = player.outcome.state, player.moment
    answers = runtime.answers_when_skipped(player.definition, state, token, ("decision", "note"), "W", moment)
    return player._take(runtime.skip(player.definition, state, token, answers, performer, moment))


def test_a_skipped_task_leaves_what_the_diagram_says_and_what_was_answered_before():
    task = user("A", given("skipped", decision="'yes'"))
    player = Player(process(start() + user("W") + task + user("Z") + chain("S", "W", "A", "Z"))).begin()
    skip(player.complete("W", note="n", more=1), None)
    assert player.waiting == ["Z"]
    assert player.variables["A"] == {"decision": "yes", "note": "n"}
    assert player.variables["performers"] == {"W": "anna"}


def test_who_is_passed_over_does_not_count_among_several():
    player = signing(f'ducha:agree="ratio" ducha:ratio="1" {APPROVES}').complete("A", **YES)
    skip(player, None)
    assert player.complete("A", **YES).waiting == ["Z"]
    assert (verdict(player)["agreed"], verdict(player)["asked"]) == (True, 2)


def test_who_has_approved_before_counts_among_several():
    player = signing(f'ducha:agree="all" {APPROVES}')
    skip(player, "anna")
    assert player.waiting == ["Z"], "what he answered before, nothing, is no approval"
    assert verdict(player)["refused"] == 1


def test_the_same_person_as_before_gets_it_if_there_is_one():
    body = start() + user("A") + user("B", ducha_sameAs="A") + user("C", ducha_sameAs="X") + chain("S", "A", "B", "C")
    player = Player(process(body)).begin().complete("A", actor="carl")
    assert player.outcome.tasks_opened[0].assignee == "carl"
    assert player.complete("B").outcome.tasks_opened[0].assignee is None


def test_who_would_approve_twice_is_told():
    body = start() + user("A", ducha_form="f/x") + user("B", many(cardinality="2"), ducha_form="f/x")
    body += user("C", ducha_form="f/x", ducha_repeated="skip") + user("D", ducha_repeated="skip", ducha_repeatedOf="A")
    player = Player(process(body + chain("S", "A", "B", "C", "D"))).begin().complete("A", actor="anna")
    player.complete("B", actor="bob").complete("B", actor="carl")
    assert player.outcome.tasks_opened[0].repeats == {"anna": "A", "bob": "B", "carl": "B"}
    player.complete("C")
    assert player.outcome.tasks_opened[0].repeats == {"anna": "A"}


@drawn(
    st.sampled_from(["all", "any", "ratio", "weight", "in_order"]),
    st.floats(0.01, 1),
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["yes", "no", "veto", "none"])), max_size=8),
)
def test_what_is_decided_stays_decided(kind: Any, needed: float, answers: list[tuple[int, str]]):
    """Whatever others answer later, unless one who was to be asked is passed over; and at the end it is decided."""
    weights = [weight if kind == "weight" else 1 for weight, _ in answers]
    decided = None
    for count in range(len(answers) + 1):
        votes = {place: vote for place, (_, vote) in enumerate(answers[:count])}
        found = judge(kind, needed, weights, votes)
        vetoes_to_come = "veto" in [vote for _, vote in answers[count:]]
        passed_over = "none" in [vote for _, vote in answers[count:]]
        if decided is None and not vetoes_to_come and not passed_over:
            decided = found.agreed
        assert decided in (None, found.agreed)
    assert found.agreed is not None
