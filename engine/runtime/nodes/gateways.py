"""Gateways: which tokens they wait for, and on which flows they send them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.runtime.nodes.base import Flow, Network, Node

if TYPE_CHECKING:
    from engine.runtime.instance import Instance
    from engine.runtime.token import Token


class ExclusiveGateway(Node):
    """The first flow, in the order of the diagram, whose condition holds; else the default flow."""

    def outgoing(self, token: Token) -> tuple[Flow, ...]:
        if not self.flows:
            return ()
        for flow in self.flows:
            if flow.id != self.default and token.workflow.holds(flow, token):
                return (flow,)
        return self.default_flow()


class JoiningGateway(Node):
    """A gateway at which tokens of several flows may wait for each other, each scope instance on its own."""

    def _run_hook(self, token: Token) -> bool | None:
        if self.joins and not token.internal_data.get("fired"):
            token.workflow.arrivals.add((token.parent.id, self.name))
            return None
        token.workflow.log(token, "entered")
        return True

    def _on_cancel(self, token: Token) -> None:
        pass  # a token on its way to a join has not entered it

    def ready(self, arrived: dict[str, Token], others: list[Token]) -> bool:
        """Whether the join may fire. ``arrived``: the oldest token of each flow; ``others``: the rest of the scope."""
        raise NotImplementedError

    def join(self, scope: Token) -> bool:
        """Fire if possible: one token of each flow is consumed, excess tokens stay. Says whether it fired."""
        arrived: dict[str, Token] = {}
        others: list[Token] = []
        for token in scope.children:
            if token.task_spec is not self:
                others.append(token)
            elif token._state & (TaskState.STARTED | TaskState.ERROR):  # in error: it was in a deadlock
                arrived.setdefault(token.internal_data.get("via", ""), token)
        if not arrived or not self.ready(arrived, others):
            return False
        first, *rest = arrived.values()
        for token in rest:
            token.workflow.remove(token)
        first.internal_data.pop("error", None)
        first.internal_data["fired"] = 1
        first._set_state(TaskState.READY)
        return True


class ParallelGateway(JoiningGateway):
    """Waits for a token on every incoming flow; sends one on every outgoing flow."""

    eager = True  # what others do makes no difference: it may fire at once

    def ready(self, arrived: dict[str, Token], others: list[Token]) -> bool:
        return len(arrived) == len(self.incoming)

    def outgoing(self, token: Token) -> tuple[Flow, ...]:
        return self.flows


class InclusiveGateway(JoiningGateway):
    """Waits as long as a token may still come on an empty flow; sends on every flow whose condition holds.

    BPMN 2.0 13.4.3: it fires if at least one flow has a token, and every token elsewhere that can reach an empty
    incoming flow (not through the gateway) can also reach one that has a token.
    """

    eager = False  # only when nothing else moves

    def __init__(self, network: Network, name: str, element: str | None, title: str = "") -> None:
        super().__init__(network, name, element, title)
        self._reach: dict[str, frozenset[str]] = {}

    def ready(self, arrived: dict[str, Token], others: list[Token]) -> bool:
        empty = set(self.incoming) - arrived.keys()
        if not empty:
            return True
        watching = others[0].parent.task_spec.attached if others else ()
        for token in others:
            if token.task_spec.name not in watching:
                reached = self.reached_from(token.task_spec)
                if reached & empty and not reached & arrived.keys():
                    return False
        return True

    def reached_from(self, node: Node) -> frozenset[str]:
        """Ids of the incoming flows that a token at ``node`` may come to without passing this gateway."""
        known = self._reach.get(node.name)
        if known is None:
            known = self._reach[node.name] = frozenset(self._search(node))
        return known

    def _search(self, node: Node) -> set[str]:
        specs = self._wf_spec.task_specs
        seen: set[str] = set()
        found: set[str] = set()
        open_nodes = [node]
        while open_nodes:
            current = open_nodes.pop()
            if current.name in seen:
                continue
            seen.add(current.name)
            open_nodes.extend(current.boundaries)  # an event may yet send a token from here
            for flow in current.flows:
                if flow.target == self.name:
                    found.add(flow.id)
                else:
                    open_nodes.append(specs[flow.target])
        return found


class EventGateway(Node):
    """Waits for the first of the events that follow; the others are then withdrawn."""

    def work(self, token: Token) -> bool:
        instance: Instance = token.workflow
        for flow in self.flows:
            instance.add(self._wf_spec.task_specs[flow.target], token, via=flow.id)
        return False

    def outgoing(self, token: Token) -> tuple[Flow, ...]:
        return ()

    def chosen(self, token: Token, event: Token) -> None:
        """``event`` (a child of ``token``) has come."""
        instance: Instance = token.workflow
        instance.adopt(event, token.parent)
        for child in token.children:
            child.cancel()
        instance.log(token, "completed")
        for flow in self.flows:
            if flow.id == event.internal_data["via"]:
                instance.log_flow(flow)
        instance.remove(token)

    def _on_complete_hook(self, token: Token) -> None:
        pass
