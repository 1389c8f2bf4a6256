"""Going back to an earlier user task: which tokens are overtaken by it and have to go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runtime.nodes.activities import UserTask
from engine.runtime.nodes.base import Node
from engine.runtime.nodes.multi_instance import MultiInstance

if TYPE_CHECKING:
    from engine.runtime.token import Token


def returnable(target: Node, current: Node) -> bool:
    """Whether ``target`` is a user task of the same scope from which ``current`` may be reached."""
    person = isinstance(target, UserTask) or (isinstance(target, MultiInstance) and isinstance(target.inner, UserTask))
    return person and target.scope == current.scope and current.name in reached(target, avoiding=None)


def overtaken(target: Node, token: Token) -> list[Token]:
    """``token`` and those beside it that stand on ways from ``target`` that lead past it.

    A join stops the way unless it is on the way to ``token``: what comes out of it depends on other branches too.
    """
    ways = reached(target, avoiding=token.task_spec)
    found = [token]
    attached = token.parent.task_spec.attached
    for other in token.parent.children:
        if other is token or other.task_spec.name in attached:
            continue
        via = other.internal_data.get("via")
        here = via in ways if other.task_spec.joins else other.task_spec.name in ways
        if here:
            found.append(other)
    return found


def reached(origin: Node, avoiding: Node | None) -> set[str]:
    """Names of the nodes and flows that a token at ``origin`` may come to, without a way through it or ``avoiding``."""
    specs = origin._wf_spec.task_specs
    seen: set[str] = set()
    open_nodes: list[Node] = [origin]
    while open_nodes:
        node = open_nodes.pop()
        open_nodes.extend(b for b in node.boundaries if _first(seen, b.name))
        for flow in node.flows:
            seen.add(flow.id)
            target = specs[flow.target]
            if target is origin or target is avoiding or not _first(seen, target.name):
                continue
            if avoiding is not None and target.joins and not _leads_to(target, avoiding, origin):
                continue
            open_nodes.append(target)
    return seen


def _leads_to(node: Node, goal: Node, around: Node) -> bool:
    specs = node._wf_spec.task_specs
    seen = {node.name, around.name}
    open_nodes = [node]
    while open_nodes:
        current = open_nodes.pop()
        for target in [*(specs[flow.target] for flow in current.flows), *current.boundaries]:
            if target is goal:
                return True
            if _first(seen, target.name):
                open_nodes.append(target)
    return False


def _first(seen: set[str], name: str) -> bool:
    if name in seen:
        return False
    seen.add(name)
    return True
