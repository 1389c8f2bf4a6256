"""How a state is written, and that old ones are still read."""

from pathlib import Path

import orjson
import pytest
from diagrams import (
    boundary,
    chain,
    element,
    end,
    error,
    flow,
    handler,
    many,
    message,
    process,
    start,
    sub,
    timer,
    user,
)
from player import Player

from engine import runtime
from engine.runtime import FORMAT, CorruptState, codec

STATES = Path(__file__).parent / "states"


def everything() -> bytes:
    """A process with a token of each kind that a state can hold."""
    inner = (
        start("s") + user("B") + chain("s", "B") + handler("V", start("v", message("m")) + user("H") + chain("v", "H"))
    )
    body = start() + element("parallelGateway", "F") + user("A", many(collection="units", item="unit"))
    body += sub("U", inner) + element("serviceTask", "K", ducha_service="x") + element("parallelGateway", "J") + end()
    body += element("eventBasedGateway", "G") + element("receiveTask", "R", messageRef="msg_n")
    body += element("intermediateCatchEvent", "C", timer("timeDuration", "P9D")) + user("Q")
    body += (
        chain("S", "F", "A", "J", "E") + chain("F", "U", "J") + chain("F", "K", "J") + chain("F", "G", "R", "M", "J")
    )
    body += chain("F", "Q", "J") + chain("G", "C", "M") + element("exclusiveGateway", "M")
    body += boundary("T", "A", timer("timeCycle", "R3/P1D"), cancelActivity="false") + boundary("X", "K", error("y"))
    return process(body)


def play_half(player: Player) -> Player:
    player.begin(units=["东城", "西城"], title="整改").complete("A", n=1).complete("Q").fail("K", "x").wake("T")
    return player


def play_on(player: Player, state: bytes) -> str:
    """Finish from ``state``, whose tokens are found by reading it."""
    tokens = {row[2]: row[0] for row in orjson.loads(state)["t"]}
    definition, moment = player.definition, player.moment
    state = runtime.retry(definition, state, tokens["K"], moment).state
    tokens = {row[2]: row[0] for row in orjson.loads(state)["t"]}
    state = runtime.respond(definition, state, tokens["K"], {}, moment).state
    state = runtime.complete(definition, state, tokens["A[]"], {"n": 2}, "bob", moment).state
    state = runtime.complete(definition, state, tokens["B"], {}, "bob", moment).state
    outcome = runtime.deliver(definition, state, tokens["R"], {}, moment)
    assert outcome.variables["A"] == [{"n": 1}, {"n": 2}]
    assert outcome.variables["title"] == "整改"
    return outcome.status


def test_a_state_says_its_format_and_is_small():
    player = Player(process(start() + user("A") + chain("S", "A"))).begin()
    assert orjson.loads(player.outcome.state)["f"] == FORMAT
    assert len(player.outcome.state) < 200


def test_a_state_goes_on_where_it_was():
    player = play_half(Player(everything()))
    assert play_on(player, player.outcome.state) == "completed"


@pytest.mark.parametrize("number", range(1, FORMAT + 1))
def test_a_kept_state_of_every_format_goes_on(number: int):
    state = (STATES / f"format_{number}.json").read_bytes()
    assert play_on(Player(everything()), state) == "completed"


def test_an_older_format_is_upgraded_step_by_step(monkeypatch: pytest.MonkeyPatch):
    player = Player(process(start() + user("A") + chain("S", "A"))).begin()
    old = orjson.loads(player.outcome.state)
    old["variables"] = old.pop("v")
    old["f"] = FORMAT - 1

    def upgrade(data: dict[str, object]) -> dict[str, object]:
        return {"f": FORMAT, "v": data["variables"], "t": data["t"]}

    monkeypatch.setitem(codec.UPGRADES, FORMAT - 1, upgrade)
    outcome = runtime.complete(player.definition, orjson.dumps(old), player.token("A"), {}, "anna", player.moment)
    assert outcome.status == "completed"


@pytest.mark.parametrize(
    "state", [b"", b"{}", b"[]", b"null", b'{"f":99}', b'{"f":1}', b'{"f":1,"v":{},"t":[]}', b"\xff"]
)
def test_what_is_no_state_is_refused(state: bytes):
    player = Player(process(start() + user("A") + chain("S", "A")))
    with pytest.raises(CorruptState):
        runtime.cancel(player.definition, state, "", player.moment)


def test_a_state_of_another_diagram_is_refused():
    other = Player(process(start() + user("B") + chain("S", "B"))).begin()
    player = Player(process(start() + user("A") + chain("S", "A")))
    with pytest.raises(CorruptState):
        runtime.cancel(player.definition, other.outcome.state, "", player.moment)


def test_loading_and_writing_changes_nothing():
    player = play_half(Player(everything()))
    instance = codec.load(player.definition.network, player.outcome.state, player.moment)
    assert codec.dump(instance) == player.outcome.state


def test_a_definition_is_shared_by_instances_and_not_changed_by_them():
    body = start() + user("A", many(cardinality="2")) + user("B") + chain("S", "A", "B") + flow("B", "A")
    player = Player(process(body))
    before = {
        name: (node.flows, node._outputs, node.attached) for name, node in player.definition.network.task_specs.items()
    }
    first = runtime.start(player.definition, None, {}, player.moment)
    second = runtime.start(player.definition, None, {}, player.moment)
    for outcome in (first, second, first):
        state = outcome.state
        for task in outcome.tasks_opened:
            state = runtime.complete(player.definition, state, task.token, {}, "anna", player.moment).state
    after = {
        name: (node.flows, node._outputs, node.attached) for name, node in player.definition.network.task_specs.items()
    }
    assert after == before
