"""Random diagrams and random orders of events, saved and loaded between every two steps.

Held against `oracle`, which tells from the blocks of a diagram what BPMN 2.0 says of it, and against the library as it
comes (`plain`), as far as that follows BPMN; where it does not, see the named tests beside this one.
`HYPOTHESIS_PROFILE=long` plays many more.
"""

import os

from blocks import Block, diagrams, document
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Oracle
from plain import Plain
from player import Player
from SpiffWorkflow.exceptions import WorkflowException

MOST_ACTS = 40
PLAYED = settings.get_profile(os.environ.get("HYPOTHESIS_PROFILE", "runtime"))


def act(player: Player, name: str) -> None:
    kind = type(player.open[player.token(name)]).__name__
    {"TaskOpened": player.complete, "TimerSet": player.wake, "Subscription": player.deliver, "Request": player.respond}[
        kind
    ](name)


@settings(PLAYED)
@given(diagrams(), st.data())
def test_the_runtime_does_what_bpmn_says(block: Block, data: st.DataObject):
    player, oracle = Player(document(block)).begin(), Oracle(block)
    for _ in range(MOST_ACTS):
        assert not player.trouble
        assert player.waiting == oracle.open
        assert (player.status == "completed") == oracle.completed
        if oracle.completed:
            break
        name = data.draw(st.sampled_from(sorted(set(oracle.open))))
        act(player, name)
        oracle.act(name)


@settings(PLAYED)
@given(diagrams(plain=True), st.data())
def test_the_runtime_does_what_the_library_does_where_that_follows_bpmn(block: Block, data: st.DataObject):
    xml = document(block)
    player = Player(xml).begin()
    try:
        plain = Plain(xml)
    except WorkflowException:
        return
    spent = aside(block)  # names of boundary events that do not interrupt: the library lets them fire only once
    fired: set[str] = set()
    for _ in range(MOST_ACTS):
        assert [name for name in player.waiting if name not in spent] == [
            name for name in plain.open if name not in spent
        ]
        assert (player.status == "completed") == plain.completed
        choices = sorted(set(player.waiting) & set(plain.open) - fired)
        if not choices:
            break
        name = data.draw(st.sampled_from(choices))
        fired |= {name} & spent
        act(player, name)
        try:
            plain.act(name)
        except WorkflowException:
            return  # a fault of the library; what should happen is the oracle's to say


def aside(block: Block) -> set[str]:
    found = {f"{block.name}_b"} if block.kind == "boundary" and not block.interrupting else set()
    return found.union(*(aside(part) for part in (*block.parts, block.handler, block.beside) if part is not None))
