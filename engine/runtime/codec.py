"""How the state of an instance is written: compact JSON with a format number, older formats are upgraded on reading.

``{"f": format, "v": variables, "t": [token...]}``; a token is ``[id, place of its parent in the list, name of its node,
1 if it is in error, facts]``, parents first, trailing empty items left out.  The root token's variables are ``v``.
Of an instance that has ended only ``{"f": format, "s": status}`` is kept.  Only JSON values are ever written, so
nothing in somebody's answers can be taken for anything else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from SpiffWorkflow.util.task import TaskState

from bpmn.moment import Moment
from engine.runtime.faults import CorruptState, NoSuchToken
from engine.runtime.instance import Instance
from engine.runtime.nodes.base import Network
from engine.runtime.token import Token

FORMAT = 1
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}  # format -> makes the next one of it


def dump(instance: Instance) -> bytes:
    if instance.status in ("completed", "cancelled"):
        return orjson.dumps({"f": FORMAT, "s": instance.status})
    rows: list[list[Any]] = []
    _write(instance.root, -1, rows)
    return orjson.dumps({"f": FORMAT, "v": instance.root.internal_data["vars"], "t": rows})


def _write(token: Token, parent: int, rows: list[list[Any]]) -> None:
    place = len(rows)
    facts = token.internal_data
    if parent < 0:
        facts = {key: value for key, value in facts.items() if key != "vars"}
    row: list[Any] = [token.id, parent, token.task_spec.name, int(token._state == TaskState.ERROR), facts]
    while not row[-1]:
        row.pop()
    rows.append(row)
    tasks = token.workflow.tasks
    for child in token._children:
        _write(tasks[child], place, rows)


def load(network: Network, state: bytes, moment: Moment) -> Instance:
    """Raises CorruptState, and NoSuchToken if the instance has ended."""
    data = _upgraded(state)
    if "s" in data:
        raise NoSuchToken
    instance = Instance(network, moment, len(state))
    nodes = network.task_specs
    read: list[Token] = []
    try:
        for row in data["t"]:
            parent = read[row[1]] if row[1] >= 0 else None
            stage = TaskState.ERROR if len(row) > 3 and row[3] else TaskState.STARTED
            facts = row[4] if len(row) > 4 else {}
            read.append(Token.stored(instance, nodes[row[2]], parent, stage, row[0], facts))
        read[0].internal_data["vars"] = data["v"]
        instance.task_tree = read[0]
    except (KeyError, IndexError, TypeError) as error:
        raise CorruptState from error
    return instance


def rows(state: bytes) -> list[list[Any]]:
    """The tokens as they are written, without the variables. Raises CorruptState, NoSuchToken as `load`."""
    data = _upgraded(state)
    if "s" in data:
        raise NoSuchToken
    found: list[list[Any]] = data["t"]
    return found


def _upgraded(state: bytes) -> dict[str, Any]:
    try:
        data = orjson.loads(state)
        while data["f"] != FORMAT:
            data = UPGRADES[data["f"]](data)
    except (ValueError, KeyError, TypeError) as error:
        raise CorruptState from error
    return data  # type: ignore[no-any-return]
