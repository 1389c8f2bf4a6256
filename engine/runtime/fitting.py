"""Whether a token of one definition fits a node of another, and whether joins there could still be satisfied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.runtime.nodes.activities import RequestTask
from engine.runtime.nodes.base import Node
from engine.runtime.nodes.events import CatchEvent
from engine.runtime.nodes.gateways import JoiningGateway, ParallelGateway
from engine.runtime.nodes.multi_instance import MultiInstance
from engine.runtime.returning import reached
from faults import N_, Problem

if TYPE_CHECKING:
    from engine.runtime.instance import Instance
    from engine.runtime.token import Token


def misfit(old: Token, target: Node, mapping: Mapping[str, str]) -> Problem | None:
    """Why ``old`` can't stand at ``target``; None if it can."""
    node = old.task_spec
    if isinstance(node, MultiInstance) is not isinstance(target, MultiInstance):
        message = N_("{element} is done once in one version, and several times in the other.")
        return _problem(node, "kind", message, target)
    if type(node) is not type(target):
        return _problem(node, "kind", N_("{element} and {target} are steps of different kinds."), target)
    if isinstance(target, MultiInstance):
        return _repetition(node, target)
    if isinstance(target, RequestTask) and old._state != TaskState.ERROR:
        if (node.kind, node.wanted) != (target.kind, target.wanted):
            message = N_("{element} waits for {asked}, and the new version asks for {wanted} there.")
            return _problem(node, "asked", message, target, asked=node.wanted, wanted=target.wanted)
    elif isinstance(target, CatchEvent) and node.trigger.kind != target.trigger.kind:
        return _problem(node, "event", N_("{element} and {target} wait for events of different kinds."), target)
    elif (
        isinstance(target, JoiningGateway) and "fired" not in old.internal_data and not flow_into(old, target, mapping)
    ):
        message = N_("A token waits at {element} that came on a flow which the new version doesn't have.")
        return _problem(node, "flow", message, target)
    return None


def waits_to_join(old: Token) -> bool:
    """Whether it has come to a join and waits there for others."""
    return isinstance(old.task_spec, JoiningGateway) and "fired" not in old.internal_data


def flow_into(old: Token, target: Node, mapping: Mapping[str, str]) -> str | None:
    """The flow into ``target`` that takes the place of the one on which ``old`` came: of the same id or source."""
    via = old.internal_data.get("via")
    if via in target.incoming:
        return str(via)
    specs = old.task_spec._wf_spec.task_specs
    sources = {flow.id: specs[flow.source].element for node in specs.values() for flow in node.flows}
    source = sources.get(via)
    wanted = mapping.get(source, source) if source else None
    flows = {flow.id: flow for node in target._wf_spec.task_specs.values() for flow in node.flows}
    return next((flow for flow in target.incoming if flows[flow].source == wanted), None)


def starved(old: Instance, new: Instance, mapping: Mapping[str, str]) -> list[Problem]:
    """Joins that wait for flows on which nothing can come any more, and did not do so before."""
    before = {mapping.get(node.name, node.name) for node in _starved(old)}
    message = N_("After the move {element} would wait for ever: on one of its flows nothing can come any more.")
    return [
        Problem(node.element or "", "starved", message, {"element": node.description})
        for node in _starved(new)
        if node.name not in before
    ]


def _starved(instance: Instance) -> Iterator[Node]:
    if not instance.spec.has_joins:
        return
    joins = [node for node in instance.spec.task_specs.values() if isinstance(node, ParallelGateway) and node.joins]
    for scope in instance.tasks.values():
        attached = scope.task_spec.attached
        inside = [token for token in scope.children if token.task_spec.name not in attached]
        for join in joins:
            if inside and join.scope == scope.task_spec.name and _starves(join, inside):
                yield join


def _starves(join: Node, inside: list[Token]) -> bool:
    wanted = set(join.incoming)
    coming: set[str] = set()
    for token in inside:
        if token.task_spec is join and "fired" not in token.internal_data:
            coming.add(token.internal_data.get("via", ""))
        else:
            coming |= reached(token.task_spec, avoiding=join) & wanted
    return bool(coming) and not wanted <= coming


def _repetition(node: MultiInstance, target: MultiInstance) -> Problem | None:
    if type(node.inner) is not type(target.inner):
        return _problem(node, "kind", N_("{element} and {target} are steps of different kinds."), target)
    if node.sequential != target.sequential:
        message = N_("{element} is done one after the other in one version, and at once in the other.")
        return _problem(node, "repetition", message, target)
    return None


def _problem(node: Node, code: str, message: str, target: Node, **params: Any) -> Problem:
    named = {"element": node.description, "target": target.description, **params}
    return Problem(node.element or "", code, message, named)
