"""What all nodes of a network have in common: entering, waiting, leaving along flows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from bpmn.expressions import Expression
from engine.runtime.faults import Failure
from faults import N_

if TYPE_CHECKING:
    from engine.runtime.instance import Instance
    from engine.runtime.token import Token

Waits = Literal["task", "timer", "subscription", "request"]


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. ``shown`` is False for those that rewriting added: they have no place in the picture."""

    id: str
    source: str
    target: str
    condition: Expression | None = None
    shown: bool = True


class Network(WorkflowSpec):  # type: ignore[misc]
    """All nodes of one process with those of its sub-processes; made once per version, shared by all instances."""

    start: Process  # the node of the process itself
    has_joins = False


class Node(TaskSpec):  # type: ignore[misc]
    """One flow node of a diagram as a task specification of the library.

    `work` does what the element is for. `outgoing` chooses the flows on which tokens leave: all without a condition,
    and those whose condition holds, as BPMN 2.0 says of activities and events (implicit fork, default flow).
    """

    waits: ClassVar[Waits | None] = None  # what is open outside while a token of the node waits
    joins: bool = False  # tokens may wait here for other tokens
    ends_parent: ClassVar[bool] = False  # its end may be the end of what holds it
    brings_scope: ClassVar[bool] = (
        True  # in a multi-instance, the result is all that was stored (else what bears its id)
    )

    def __init__(self, network: Network, name: str, element: str | None, title: str = "") -> None:
        super().__init__(network, name, description=title)
        self.element = element  # id in the diagram; None for what rewriting added
        self.scope = ""  # name of the node that holds this one
        self.flows: tuple[Flow, ...] = ()
        self.incoming: tuple[str, ...] = ()
        self.default: str | None = None
        self.boundaries: tuple[Any, ...] = ()  # boundary events attached here
        self.attached: frozenset[str] = frozenset()  # names of nodes whose tokens watch, but don't keep the scope going

    # What the library calls

    def _run_hook(self, token: Token) -> bool | None:
        instance: Instance = token.workflow
        instance.log(token, "entered")
        if self.work(token):
            return True
        instance.watch(token)
        return None

    def _on_complete_hook(self, token: Token) -> None:
        for child in token.children:
            child.cancel()
        flows = self.outgoing(token)
        instance: Instance = token.workflow
        if flows:  # else the record has it when what holds the token knows of it, see Instance._task_completed_notify
            instance.log(token, "completed")
        for flow in flows:
            instance.send(token.parent, flow)

    def _on_error_hook(self, token: Token) -> None:
        pass

    def _on_cancel(self, token: Token) -> None:
        token.workflow.log(token, "cancelled")

    # What nodes define

    def work(self, token: Token) -> bool:
        """Do what the element is for; True if that is all, False if the token has to wait."""
        return True

    def outgoing(self, token: Token) -> tuple[Flow, ...]:
        """The flows that get a token. Raises Failure or a fault of the expression."""
        if all(flow.condition is None for flow in self.flows):
            return self.flows
        taken = tuple(flow for flow in self.flows if flow.id != self.default and token.workflow.holds(flow, token))
        return taken or self.default_flow()

    def default_flow(self) -> tuple[Flow, ...]:
        for flow in self.flows:
            if flow.id == self.default:
                return (flow,)
        raise Failure(
            "no_flow",
            N_("No condition of a flow out of {element} holds, and there is no default flow."),
            element=self.description or self.element,
        )

    def occurred(self, token: Token) -> None:
        """The event that the token waited for has come."""
        token.complete()

    def child_completed(self, token: Token, child: Token) -> None:
        """A token in this scope has ended without leaving on a flow, and is about to be removed."""


class Scope(Node):
    """A node that holds others: the process, a sub-process, an event sub-process."""

    def __init__(self, network: Network, name: str, element: str | None, title: str = "") -> None:
        super().__init__(network, name, element, title)
        self.entries: tuple[Node, ...] = ()  # where a token starts
        self.handlers: tuple[Any, ...] = ()  # event sub-processes

    def _run_hook(self, token: Token) -> bool | None:
        if token.internal_data.get("done"):
            self.finish(token)
            return True
        return super()._run_hook(token)

    def work(self, token: Token) -> bool:
        instance: Instance = token.workflow
        for handler in self.handlers:
            if handler.start.waits is not None:
                instance.add(handler.start, token)
        for entry in self.entries_for(token):
            instance.add(entry, token)
        return False

    def entries_for(self, token: Token) -> tuple[Node, ...]:
        return self.entries

    def finish(self, token: Token) -> None:
        """All tokens inside are gone."""

    def child_completed(self, token: Token, child: Token) -> None:
        token.workflow.done_if_empty(token, child)


class Process(Scope):
    """The process itself: the root of every instance."""

    def __init__(self, network: Network, name: str, element: str | None, title: str = "") -> None:
        super().__init__(network, name, element, title)
        self.results: tuple[tuple[str, Expression], ...] = ()  # what a caller gets back

    def entries_for(self, token: Token) -> tuple[Node, ...]:
        chosen = token.internal_data.pop("start")
        return tuple(entry for entry in self.entries if chosen in ("", entry.name))

    def finish(self, token: Token) -> None:
        instance: Instance = token.workflow
        instance.result = {name: instance.evaluate(expression, token) for name, expression in self.results}

    def _on_complete_hook(self, token: Token) -> None:
        for child in token.children:
            child.cancel()
        token.workflow.finished("completed")


class SubProcess(Scope):
    """An embedded sub-process; it shares the variables of what holds it."""


class EventSubProcess(Scope):
    """A sub-process that an event starts. ``start`` is its start event, whose tokens wait in the enclosing scope."""

    ends_parent = True
    start: Any
