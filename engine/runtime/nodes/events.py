"""Events: caught on the way, at a boundary or at the start of an event sub-process; thrown on the way or at an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from SpiffWorkflow.util.task import TaskState

from bpmn.expressions import Expression
from bpmn.timers import Timer
from engine.runtime.faults import Failure
from engine.runtime.nodes.activities import Inputs
from engine.runtime.nodes.base import EventSubProcess, Network, Node, Waits
from engine.runtime.nodes.gateways import EventGateway
from engine.runtime.outcome import Subscription, Thrown, TimerSet
from engine.runtime.variables import names_at
from faults import N_

if TYPE_CHECKING:
    from engine.runtime.instance import Instance
    from engine.runtime.token import Token

Kind = Literal["none", "message", "signal", "timer", "error", "escalation", "terminate"]


@dataclass(frozen=True, slots=True)
class Trigger:
    """What an event is about. ``name``: of the message or signal; the error or escalation code ("" catches all)."""

    kind: Kind = "none"
    name: str = ""
    key: Expression | None = None
    timer: Timer | None = None


WAITS: dict[Kind, Waits] = {"timer": "timer", "message": "subscription", "signal": "subscription"}


class CatchingNode(Node):
    """A node whose tokens wait for a message, signal or timer."""

    brings_scope = False

    def __init__(self, network: Network, name: str, element: str | None, title: str, trigger: Trigger) -> None:
        super().__init__(network, name, element, title)
        self.trigger = trigger
        self.waits = WAITS.get(trigger.kind)  # type: ignore[misc]

    def arm(self, token: Token) -> None:
        """Open the timer or subscription. A repeated timer finds its next due time in the token."""
        instance: Instance = token.workflow
        trigger, element = self.trigger, self.element or self.name
        if trigger.timer is not None:
            known = token.internal_data.get("due")
            due = datetime.fromisoformat(known) if known else trigger.timer.due(names_at(token), instance.moment)
            token.internal_data["due"] = due.isoformat()
            instance.effects.open(TimerSet(token.id, element, due))
        elif trigger.kind in ("message", "signal"):
            key = correlation_key(trigger, token)
            instance.effects.open(Subscription(token.id, element, trigger.kind, trigger.name, key))

    def arm_again(self, token: Token) -> None:
        """After a firing that interrupts nothing: a new token waits in place of ``token``."""
        instance: Instance = token.workflow
        facts: dict[str, Any] = {}
        if self.trigger.timer is not None:
            count = token.internal_data.get("count", 0) + 1
            last = datetime.fromisoformat(token.internal_data["due"])
            due = self.trigger.timer.next(last, instance.moment, count, names_at(token))
            if due is None:
                return
            facts = {"due": due.isoformat(), "count": count}
        instance.add(self, token.parent, **facts)


def correlation_key(trigger: Trigger, token: Token) -> str | None:
    if trigger.key is None:
        return None
    value = token.workflow.evaluate(trigger.key, token)
    if isinstance(value, (str, int)) and not isinstance(value, bool) and value != "":
        return str(value)
    raise Failure("expression", N_("The correlation key of {name} must be a text or number."), name=trigger.name)


class CatchEvent(CatchingNode):
    """An intermediate catch event or a receive task."""

    def work(self, token: Token) -> bool:
        self.arm(token)
        return False

    def occurred(self, token: Token) -> None:
        if isinstance(token.parent.task_spec, EventGateway):
            token.parent.task_spec.chosen(token.parent, token)
        token.complete()


class BoundaryEvent(CatchingNode):
    """Watches an activity. A token below the activity's token waits; a token beside it has been sent off."""

    def __init__(
        self, network: Network, name: str, element: str, title: str, trigger: Trigger, host: str, interrupting: bool
    ) -> None:
        super().__init__(network, name, element, title, trigger)
        self.host = host
        self.interrupting = interrupting

    def _run_hook(self, token: Token) -> bool | None:
        if token.parent.task_spec.name == self.host:
            self.arm(token)
            return None
        token.workflow.log(token, "entered")
        return True

    def _on_cancel(self, token: Token) -> None:
        pass  # it was only watching

    def occurred(self, token: Token) -> None:
        host = token.parent
        if not self.interrupting:
            self.arm_again(token)
            token._set_state(TaskState.COMPLETED)
            token.workflow.remove(token)
        self.send_off(host)

    def send_off(self, host: Token) -> None:
        """The event has happened to ``host``."""
        scope = host.parent
        if self.interrupting:
            host.cancel()
        scope.workflow.add(self, scope)


class StartEvent(CatchingNode):
    """The start of a process or sub-process. For an event sub-process, tokens wait here in the enclosing scope."""

    interrupting = True
    each = ""  # list of the payload for each item of which an instance begins
    service = ""  # what a timer that starts the process asks for the payload

    def _run_hook(self, token: Token) -> bool | None:
        if token.parent.task_spec.name == self.scope:
            token.workflow.log(token, "entered")
            return True
        self.arm(token)
        return None

    def _on_cancel(self, token: Token) -> None:
        if token.parent.task_spec.name == self.scope:
            super()._on_cancel(token)

    def occurred(self, token: Token) -> None:
        scope = token.parent
        if not self.interrupting:
            self.arm_again(token)
            token._set_state(TaskState.COMPLETED)
            token.workflow.remove(token)
        self.send_off(scope)

    def send_off(self, scope: Token) -> None:
        """Start the event sub-process in ``scope``; an interrupting one ends all else there, for good."""
        handler: EventSubProcess = self._wf_spec.task_specs[self.scope]
        if self.interrupting:
            watching = {boundary.name for boundary in scope.task_spec.boundaries}
            for child in scope.children:
                if child.task_spec.name not in watching:
                    child.cancel()
            scope.internal_data["interrupted"] = 1
        scope.workflow.add(handler, scope)


class ThrowingNode(Node):
    """A node that throws when a token passes: intermediate throw event, send task, end event."""

    def __init__(
        self, network: Network, name: str, element: str | None, title: str, trigger: Trigger, given: Inputs = ()
    ) -> None:
        super().__init__(network, name, element, title)
        self.trigger = trigger
        self.given = given

    def work(self, token: Token) -> bool:
        instance: Instance = token.workflow
        trigger = self.trigger
        if trigger.kind in ("message", "signal"):
            payload = instance.inputs(self.given, token)
            key = correlation_key(trigger, token)
            thrown = Thrown(self.element or self.name, trigger.kind, trigger.name, key, payload)
            instance.effects.thrown.append(thrown)
        elif trigger.kind == "escalation":
            instance.escalate(token, trigger.name)
        return True


class ThrowEvent(ThrowingNode):
    """An intermediate throw event or a send task."""


class EndEvent(ThrowingNode):
    """Consumes the token; may throw, fail the scope with an error, or terminate it."""

    def work(self, token: Token) -> bool:
        super().work(token)
        instance: Instance = token.workflow
        if self.trigger.kind == "error":
            raise Failure(
                "uncaught_error", N_("Nothing catches the error {error}."), self.trigger.name, error=self.trigger.name
            )
        if self.trigger.kind == "terminate":
            for child in token.parent.children:
                if child is not token:
                    child.cancel()
        instance.note_end(token)
        return True
