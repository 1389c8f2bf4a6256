"""Reads a process into a `Network`: the library's parser with our nodes in its table.

The library follows flows recursively and puts sub-processes into networks of their own; here all nodes are read in the
order of the document and connected afterwards, so that no diagram is too long and one tree holds all tokens.
"""

from __future__ import annotations

from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.util import full_tag

from bpmn.decisions import Decision
from bpmn.expressions import ExpressionFault, compile_expression
from bpmn.xml import local
from engine.runtime.bounds import DEEPEST_NESTING
from engine.runtime.nodes.activities import DecisionTask, PassTask, RequestTask, ScriptTask, UserTask
from engine.runtime.nodes.base import EventSubProcess, Flow, Network, Node, Process, Scope, SubProcess
from engine.runtime.nodes.events import BoundaryEvent, CatchEvent, EndEvent, StartEvent, ThrowEvent
from engine.runtime.nodes.gateways import (
    EventGateway,
    ExclusiveGateway,
    InclusiveGateway,
    JoiningGateway,
    ParallelGateway,
)
from engine.runtime.parsers import activities, events
from engine.runtime.parsers.base import ElementParser, GatewayParser, outputs, text_of
from engine.runtime.rewrite import HIDDEN
from faults import N_, Problem


class NetworkParser(ProcessParser):  # type: ignore[misc]
    """Reads one process with all that is nested in it."""

    def _parse(self) -> None:
        self.problems: list[Problem] = self.parser.problems
        self.decisions: dict[str, Decision] = self.parser.decisions
        self.spec = Network(self.bpmn_id)
        self.spec.start = Process(self.spec, self.bpmn_id, None, self.get_name())
        self.spec.start.results = outputs(self)
        self.scopes: dict[str, Scope] = {self.bpmn_id: self.spec.start}  # id of the element -> node that holds tokens
        self.flows: list[etree._Element] = []
        self._read(self.node, 0)
        self._connect()
        self._attach()
        self.spec.has_joins = any(node.joins for node in self.spec.task_specs.values())

    def refuse(self, element: str | None, code: str, message: str, **params: Any) -> None:
        self.problems.append(Problem(element or "", code, message, params))

    def _read(self, holder: etree._Element, depth: int) -> None:
        if depth > DEEPEST_NESTING:
            message = N_("Sub-processes are nested more than {limit} deep. Move some into called processes.")
            self.refuse(holder.get("id"), "nesting", message, limit=DEEPEST_NESTING)
            return
        for element in holder:
            tag = local(element)
            parser_class, node_class = self.parser._get_parser_class(element.tag)
            if tag == "sequenceFlow":
                self.flows.append(element)
            elif isinstance(parser_class, type) and issubclass(parser_class, ElementParser):
                parser = parser_class(self, node_class, element, self.nsmap)
                parser.scope = self.scopes[holder.get("id") or ""]
                parser.create_task()
                if tag == "subProcess":
                    self._read(element, depth + 1)
            elif parser_class is not None or tag in UNSUPPORTED:
                message = N_("This kind of element ({tag}) is not executed. Draw it with other elements.")
                self.refuse(element.get("id"), "unsupported", message, tag=tag)

    def _connect(self) -> None:
        nodes = self.spec.task_specs
        incoming: dict[str, list[str]] = {}
        for element in self.flows:
            flow_id = element.get("id") or ""
            source, target = nodes.get(element.get("sourceRef")), nodes.get(element.get("targetRef"))
            if source is None or target is None or source.scope != target.scope:
                message = N_("The flow does not lead from one element to another of the same process.")
                self.refuse(flow_id, "dangling", message)
                continue
            shown = element.get(HIDDEN) is None
            source.flows += (Flow(flow_id, source.name, target.name, self._condition(element), shown),)
            source.connect(target)
            incoming.setdefault(target.name, []).append(flow_id)
        for node in nodes.values():
            node.incoming = tuple(incoming.get(node.name, ()))
            node.joins = isinstance(node, JoiningGateway) and len(node.incoming) > 1
            self._check_flows(node)

    def _check_flows(self, node: Node) -> None:
        if node.default is not None and node.default not in {flow.id for flow in node.flows}:
            self.refuse(node.element, "default", N_("The default flow does not leave this element. Choose it anew."))
        if isinstance(node, (ParallelGateway, EventGateway)) and any(flow.condition for flow in node.flows):
            message = N_("A condition has no effect after this gateway. Remove it, or draw an inclusive gateway.")
            self.refuse(node.element, "condition", message)

    def _condition(self, flow: etree._Element) -> Any:
        written = flow.find(full_tag("conditionExpression"))
        if written is None:
            return None
        try:
            return compile_expression(text_of(written))
        except ExpressionFault as fault:
            self.problems.append(Problem(flow.get("id") or "", "expression", fault.message, fault.params))
            return None

    def _attach(self) -> None:
        """Give each scope what starts it and what watches it, and each activity its boundary events."""
        nodes: dict[str, Node] = self.spec.task_specs
        held: dict[str, list[Node]] = {}
        for node in nodes.values():
            held.setdefault(node.scope, []).append(node)
            if isinstance(node, BoundaryEvent):
                self._attach_boundary(node)
            if isinstance(node, EventGateway):
                self._check_event_gateway(node)
        for scope in self.scopes.values():
            self._attach_scope(scope, held.get(scope.name, []))

    def _attach_boundary(self, boundary: BoundaryEvent) -> None:
        host = self.spec.task_specs.get(boundary.host)
        drawn = self.get_node_by_id(boundary.host)
        activity = host is not None and (local(drawn) in ACTIVITIES) and not isinstance(host, EventSubProcess)
        if not activity or host.scope != boundary.scope:
            self.refuse(boundary.element, "boundary", N_("A boundary event must sit on an activity."))
            return
        host.boundaries += (boundary,)
        host.attached |= {boundary.name}

    def _check_event_gateway(self, gateway: EventGateway) -> None:
        for flow in gateway.flows:
            target = self.spec.task_specs[flow.target]
            if not isinstance(target, CatchEvent) or target.boundaries or len(target.incoming) != 1:
                message = N_(
                    "After an event-based gateway only catch events and receive tasks may come, each with one flow in."
                )
                self.refuse(gateway.element, "event_gateway", message)

    def _attach_scope(self, scope: Scope, held: list[Node]) -> None:
        starts = [node for node in held if isinstance(node, StartEvent)]
        handlers = [node for node in held if isinstance(node, EventSubProcess)]
        for handler in handlers:
            if hasattr(handler, "start"):
                scope.handlers += (handler,)
                scope.attached |= {handler.start.name}
        kinds = [start.trigger.kind for start in starts]
        if isinstance(scope, EventSubProcess):
            if len(starts) != 1 or kinds[0] == "none":
                message = N_(
                    "Draw one start event in an event sub-process, with a message, signal, timer, error or escalation."
                )
                self.refuse(scope.element or "", "start", message)
        elif kinds.count("none") > 1 or (isinstance(scope, SubProcess) and set(kinds) - {"none"}):
            self.refuse(
                scope.element or scope.name,
                "start",
                N_("Draw one start event without a sign in each process and sub-process."),
            )
        # BPMN 2.0 10.5.2: without a start event, all that nothing leads to begins.
        unled = [node for node in held if not node.incoming and not isinstance(node, (BoundaryEvent, EventSubProcess))]
        scope.entries = tuple(starts or [node for node in unled if not node.name.endswith("[]")])
        if not scope.entries:
            self.refuse(scope.element or scope.name, "start", N_("Nothing begins here. Draw a start event."))


ACTIVITIES = frozenset(
    {"task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask"}
    | {"callActivity", "subProcess"}
)
UNSUPPORTED = frozenset(
    {
        "complexGateway",
        "transaction",
        "adHocSubProcess",
        "callChoreography",
        "choreographyTask",
        "subChoreography",
        "event",
        "implicitThrowEvent",
    }
)


class DiagramParser(BpmnParser):  # type: ignore[misc]
    """The library's parser. Its table says which node executes which element; what is not in it is refused."""

    PROCESS_PARSER_CLASS = NetworkParser
    OVERRIDE_PARSER_CLASSES: ClassVar[dict[str, Any]] = {
        full_tag("task"): (ElementParser, PassTask),
        full_tag("manualTask"): (ElementParser, PassTask),
        full_tag("userTask"): (activities.UserTaskParser, UserTask),
        full_tag("serviceTask"): (activities.ServiceTaskParser, RequestTask),
        full_tag("callActivity"): (activities.CallParser, RequestTask),
        full_tag("scriptTask"): (activities.ScriptParser, ScriptTask),
        full_tag("businessRuleTask"): (activities.DecisionParser, DecisionTask),
        full_tag("sendTask"): (events.MessageTaskParser, ThrowEvent),
        full_tag("receiveTask"): (events.MessageTaskParser, CatchEvent),
        full_tag("subProcess"): (activities.SubProcessParser, SubProcess),
        full_tag("exclusiveGateway"): (GatewayParser, ExclusiveGateway),
        full_tag("parallelGateway"): (GatewayParser, ParallelGateway),
        full_tag("inclusiveGateway"): (GatewayParser, InclusiveGateway),
        full_tag("eventBasedGateway"): (GatewayParser, EventGateway),
        full_tag("startEvent"): (events.StartParser, StartEvent),
        full_tag("endEvent"): (events.ThrowParser, EndEvent),
        full_tag("intermediateCatchEvent"): (events.CatchParser, CatchEvent),
        full_tag("intermediateThrowEvent"): (events.ThrowParser, ThrowEvent),
        full_tag("boundaryEvent"): (events.BoundaryParser, BoundaryEvent),
    }

    def __init__(self, decisions: dict[str, Decision]) -> None:
        super().__init__()
        self.decisions = decisions
        self.problems: list[Problem] = []

    def _add_data_stores(self, bpmn: Any) -> None:
        pass  # drawn for people; the library refuses those it has no code for

    def _add_correlations(self, bpmn: Any) -> None:
        pass  # ducha:correlationKey says what correlates
