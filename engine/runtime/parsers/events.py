"""Parsers of the events, and of the tasks that send or receive a message."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from lxml import etree

from bpmn.expressions import ExpressionFault
from bpmn.timers import Kind as TimerKind
from bpmn.timers import TimerFault, compile_timer
from bpmn.xml import local
from engine.runtime.nodes.base import EventSubProcess, Node, Process
from engine.runtime.nodes.events import BoundaryEvent, CatchEvent, EndEvent, StartEvent, ThrowEvent, Trigger
from engine.runtime.parsers.base import ElementParser, text_of
from faults import N_

_TIMES: dict[str, TimerKind] = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


class EventParser(ElementParser):
    """Reads what an event is about."""

    kinds: ClassVar[Collection[str]] = ()

    def trigger(self) -> Trigger:
        definitions = [child for child in self.node if "eventdefinition" in local(child).lower()]
        if not definitions:
            return Trigger()
        kind = local(definitions[0]).removesuffix("EventDefinition")
        if len(definitions) > 1 or kind not in self.kinds:
            message = N_("An event of this kind ({kind}) is not executed here.")
            self.refuse("event", message, kind="multiple" if len(definitions) > 1 else kind)
            return Trigger()
        if kind == "timer":
            return self._timer(definitions[0])
        if kind == "message":
            return self.message(definitions[0])
        return self._named(kind, definitions[0])

    def message(self, definition: etree._Element) -> Trigger:
        name = self.process_parser.parser.messages.get(definition.get("messageRef"))
        if not name:
            self.refuse("message", N_("Say which message it is."))
        return Trigger("message", name or "", self.own_expression("correlationKey"))

    def _named(self, kind: str, definition: etree._Element) -> Trigger:
        parser = self.process_parser.parser
        if kind == "signal":
            name = parser.signals.get(definition.get("signalRef"))
            if not name:
                self.refuse("signal", N_("Say which signal it is."))
            return Trigger("signal", name or "", self.own_expression("correlationKey"))
        if kind == "error":
            error = parser.errors.get(definition.get("errorRef"), {})
            return Trigger("error", error.get("error_code") or error.get("name") or "")
        if kind == "escalation":
            escalation = parser.escalations.get(definition.get("escalationRef"), {})
            return Trigger("escalation", escalation.get("escalation_code") or escalation.get("name") or "")
        return Trigger("terminate")

    def _timer(self, definition: etree._Element) -> Trigger:
        for child in definition:
            kind = _TIMES.get(local(child))
            if kind is None:
                continue
            try:
                return Trigger("timer", timer=compile_timer(kind, text_of(child)))
            except (TimerFault, ExpressionFault) as fault:
                self.faulty(fault)
                return Trigger("timer")
        self.refuse("timer", N_("Say when the timer is due."))
        return Trigger("timer")


class StartParser(EventParser):
    @property
    def kinds(self) -> Collection[str]:  # type: ignore[override]
        inside = isinstance(self.scope, EventSubProcess)
        return ("message", "signal", "timer", "error", "escalation") if inside else ("message", "signal", "timer")

    def make(self, name: str) -> Node:
        node = StartEvent(self.spec, name, self.bpmn_id, self.title, self.trigger())
        # An error always interrupts, BPMN 2.0 table 10.88.
        node.interrupting = self.node.get("isInterrupting") != "false" or node.trigger.kind == "error"
        if isinstance(self.scope, EventSubProcess):
            self.scope.start = node
        node.service = self._service(node.trigger)
        node.each = self._each(node.trigger, node.service)
        return node

    def _service(self, trigger: Trigger) -> str:
        name = (self.own("service") or "").strip()
        if name and (trigger.kind != "timer" or not isinstance(self.scope, Process)):
            self.refuse("service_place", N_("Only a timer that starts the process asks a service."))
        return name

    def _each(self, trigger: Trigger, service: str) -> str:
        name = (self.own("each") or "").strip()
        if not name:
            return ""
        brings = trigger.kind in ("message", "signal") or service
        if not brings or not isinstance(self.scope, Process):
            message = N_(
                "Only a message, a signal or a timer with a service that starts the process begins one instance for "
                "each item of a list."
            )
            self.refuse("each_place", message)
        return name


class CatchParser(EventParser):
    kinds = ("message", "signal", "timer")

    def make(self, name: str) -> Node:
        node = CatchEvent(self.spec, name, self.bpmn_id, self.title, self.trigger())
        if node.trigger.kind == "none":
            self.refuse("event", N_("Say what the event waits for: a message, a signal or a timer."))
        return node


class BoundaryParser(EventParser):
    kinds = ("message", "signal", "timer", "error", "escalation")

    def make(self, name: str) -> Node:
        trigger = self.trigger()
        if trigger.kind == "none":
            self.refuse("event", N_("Say what the event waits for: a message, a signal or a timer."))
        interrupting = self.node.get("cancelActivity") != "false" or trigger.kind == "error"
        host = self.node.get("attachedToRef") or ""
        return BoundaryEvent(self.spec, name, self.bpmn_id, self.title, trigger, host, interrupting)


class ThrowParser(EventParser):
    @property
    def kinds(self) -> Collection[str]:  # type: ignore[override]
        thrown = ("message", "signal", "escalation")
        return (*thrown, "error", "terminate") if self.spec_class is EndEvent else thrown

    def make(self, name: str) -> Node:
        node: Node = self.spec_class(self.spec, name, self.bpmn_id, self.title, self.trigger(), self.inputs())
        return node


class MessageTaskParser(EventParser):
    """A send task or a receive task."""

    def make(self, name: str) -> Node:
        if self.node.get("instantiate") == "true":
            self.refuse("receive", N_("A receive task can't start a process. Draw a message start event."))
        trigger = self.message(self.node)
        if self.spec_class is ThrowEvent:
            return ThrowEvent(self.spec, name, self.bpmn_id, self.title, trigger, self.inputs())
        return CatchEvent(self.spec, name, self.bpmn_id, self.title, trigger)
