"""What the parsers of all elements have in common."""

from __future__ import annotations

from typing import Any, cast, get_args

from lxml import etree
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser

from bpmn.expressions import Expression, ExpressionFault, compile_expression
from bpmn.xml import DUCHA
from engine.runtime.agreement import Agreement, Kind, OnReturn
from engine.runtime.nodes.base import Network, Node, Scope
from engine.runtime.nodes.multi_instance import MultiInstance
from faults import N_, Problem

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
OWN = "{" + DUCHA + "}"
RESERVED = frozenset({"performers", "loopCounter"})  # names that the runtime keeps itself


def text_of(element: etree._Element | None) -> str:
    return "".join(str(part) for part in element.itertext()) if element is not None else ""


class ElementParser(TaskParser):  # type: ignore[misc]
    """Makes the node of one element: an activity in a multi-instance where one is drawn."""

    spec: Network
    node: etree._Element
    scope: Scope

    def create_task(self) -> None:
        if self.node.get("isForCompensation") == "true":
            self.refuse("compensation", N_("Compensation is not executed. Draw the undoing as ordinary steps."))
        if self.node.find(BPMN + "standardLoopCharacteristics") is not None:
            self.refuse("loop", N_("A loop marker is not executed. Draw the loop with a gateway."))
        loop = self.node.find(BPMN + "multiInstanceLoopCharacteristics")
        element = self.bpmn_id
        if element in RESERVED:
            self.refuse("reserved", N_("The id “{name}” is reserved. Choose another."), name=element)
        if loop is None:
            self._settle(self.make(element))
            return
        inner = self.make(f"{element}[]")
        outer = MultiInstance(self.spec, element, element, self.title, inner)
        inner.scope = element
        if inner.brings_scope:
            outer.kept = _named(self, self.node, "output")
        self._read_loop(outer, loop)
        self._settle(outer)

    def make(self, name: str) -> Node:
        """The node, called ``name`` in the network."""
        node: Node = self.spec_class(self.spec, name, self.bpmn_id, self.title)
        return node

    @property
    def title(self) -> str:
        return self.node.get("name") or self.bpmn_id or ""

    def own(self, attribute: str) -> str | None:
        """The value of a ``ducha:`` attribute."""
        return self.node.get(OWN + attribute)

    def own_expression(self, attribute: str) -> Expression | None:
        text = self.own(attribute)
        return self.expression(text) if text else None

    def expression(self, text: str) -> Expression | None:
        try:
            return compile_expression(text)
        except ExpressionFault as fault:
            self.faulty(fault)
            return None

    def inputs(self, tag: str = "input") -> tuple[tuple[str, Expression], ...]:
        return _named(self, self.node, tag)

    def refuse(self, code: str, message: str, **params: Any) -> None:
        self.process_parser.refuse(self.bpmn_id, code, message, **params)

    def faulty(self, fault: Any) -> None:
        self.process_parser.problems.append(Problem(self.bpmn_id, "expression", fault.message, fault.params))

    def _settle(self, node: Node) -> None:
        node.scope = self.scope.name
        node.default = self.node.get("default")

    def _read_loop(self, outer: MultiInstance, loop: etree._Element) -> None:
        outer.sequential = loop.get("isSequential") == "true"
        cardinality, collection = loop.find(BPMN + "loopCardinality"), loop.get(OWN + "collection")
        reference, item = loop.find(BPMN + "loopDataInputRef"), loop.find(BPMN + "inputDataItem")
        if not collection and reference is not None:
            collection = (reference.text or "").strip()
        outer.item_name = loop.get(OWN + "elementVariable") or (item.get("name") or "" if item is not None else "")
        if outer.item_name in RESERVED:
            self.refuse("reserved", N_("The name “{name}” is reserved. Choose another."), name=outer.item_name)
        if collection:
            outer.collection = self.expression(collection)
        elif cardinality is not None:
            outer.cardinality = self.expression(text_of(cardinality))
        else:
            self.refuse("multi_instance", N_("Say how often it is to be done: a number or a list."))
        condition = loop.find(BPMN + "completionCondition")
        if condition is not None:
            outer.condition = self.expression(text_of(condition))
        self._read_agreement(outer, loop)

    def _read_agreement(self, outer: MultiInstance, loop: etree._Element) -> None:
        kind, on_return = loop.get(OWN + "agree"), loop.get(OWN + "onReturn") or "cancel_others"
        if not kind:
            return
        if kind not in get_args(Kind) or on_return not in get_args(OnReturn):
            self.refuse("agree", N_("Say how it is agreed: all, any, ratio, weight or in_order."))
            return
        texts = {name: (loop.get(OWN + name) or "").strip() for name in ("ratio", "weight", "approves", "veto")}
        read = {name: self.expression(text) if text else None for name, text in texts.items()}
        outer.agreement = Agreement(cast("Kind", kind), on_return=cast("OnReturn", on_return), **read)
        outer.sequential = outer.sequential or kind == "in_order"


class GatewayParser(ElementParser):
    def create_task(self) -> None:
        if self.node.get("instantiate") == "true" or self.node.get("eventGatewayType") == "Parallel":
            self.refuse("event_gateway", N_("An event-based gateway can't start a process. Draw message start events."))
        super().create_task()


def outputs(process_parser: Any) -> tuple[tuple[str, Expression], ...]:
    """What a process gives back to its caller."""
    return _named(process_parser, process_parser.node, "output")


def _named(parser: Any, node: etree._Element, tag: str) -> tuple[tuple[str, Expression], ...]:
    found = []
    for child in node.findall(f"{BPMN}extensionElements/{OWN}{tag}"):
        try:
            found.append((child.get("name") or "", compile_expression(child.get("value") or "")))
        except ExpressionFault as fault:
            problems = getattr(parser, "process_parser", parser).problems
            problems.append(Problem(node.get("id") or "", "expression", fault.message, fault.params))
    return tuple(found)
