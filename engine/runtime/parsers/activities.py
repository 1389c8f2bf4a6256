"""Parsers of the activities: who may do them, what they call, what they compute."""

from __future__ import annotations

from bpmn.expressions import Expression, ExpressionFault, compile_script
from bpmn.timers import Timer, TimerFault, compile_due
from engine.runtime.nodes.activities import Assignment, DecisionTask, RequestTask, ScriptTask, UserTask
from engine.runtime.nodes.base import EventSubProcess, Node, Scope, SubProcess
from engine.runtime.parsers.base import BPMN, ElementParser, text_of
from faults import N_


class UserTaskParser(ElementParser):
    def make(self, name: str) -> Node:
        node = UserTask(self.spec, name, self.bpmn_id, self.title)
        node.assignment = Assignment(
            form=self.own("form") or f"{self.process_parser.bpmn_id}/{self.bpmn_id}",
            roles=self._roles(),
            org=self.own_expression("candidateOrg"),
            task_code=self.own_expression("taskCode"),
            assignee=self.own_expression("assignee"),
            not_same_as=_listed(self.own("notSameAs")),
            barred=self.own_expression("barred"),
            due=self._due(),
            subject=self.own_expression("subject"),
            same_as=self.own("sameAs") or None,
            choose=self.own("choose") or None,
            nobody=self.own("nobody") or None,
            repeated_of=_listed(self.own("repeatedOf")) if self.own("repeated") == "skip" else None,
        )
        node.when_skipped = self.inputs("skipped")
        return node

    def _roles(self) -> tuple[str, ...] | Expression:
        text = (self.own("candidateGroups") or "").strip()
        expression = self.expression(text) if text.startswith("=") else None
        return expression or _listed(text)

    def _due(self) -> Timer | None:
        text = self.own("due")
        try:
            return compile_due(text) if text else None
        except (TimerFault, ExpressionFault) as fault:
            self.faulty(fault)
            return None


class ServiceTaskParser(ElementParser):
    def make(self, name: str) -> Node:
        node = RequestTask(self.spec, name, self.bpmn_id, self.title)
        node.wanted, node.given = self.own("service") or "", self.inputs()
        if not node.wanted:
            self.refuse("service", N_("Say which service it calls."))
        return node


class CallParser(ElementParser):
    def make(self, name: str) -> Node:
        node = RequestTask(self.spec, name, self.bpmn_id, self.title)
        node.kind = "call"
        node.wanted, node.given = self.node.get("calledElement") or "", self.inputs()
        if not node.wanted:
            self.refuse("call", N_("Say which process it calls."))
        return node


class ScriptParser(ElementParser):
    def make(self, name: str) -> Node:
        node = ScriptTask(self.spec, name, self.bpmn_id, self.title)
        try:
            node.script = compile_script(text_of(self.node.find(BPMN + "script")))
        except ExpressionFault as fault:
            self.faulty(fault)
        return node


class DecisionParser(ElementParser):
    def make(self, name: str) -> Node:
        node = DecisionTask(self.spec, name, self.bpmn_id, self.title)
        key = self.own("decision") or ""
        if key in self.process_parser.decisions:
            node.decision = self.process_parser.decisions[key]
        else:
            self.refuse("decision", N_("There is no decision table “{key}”."), key=key)
        node.given = self.inputs()
        return node


class SubProcessParser(ElementParser):
    def make(self, name: str) -> Node:
        kind = EventSubProcess if self.node.get("triggeredByEvent") == "true" else SubProcess
        node: Scope = kind(self.spec, name, self.bpmn_id, self.title)
        self.process_parser.scopes[self.bpmn_id] = node
        if kind is EventSubProcess and name != self.bpmn_id:
            self.refuse("event_sub_process", N_("An event sub-process can't be done several times. Remove the marker."))
        return node


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())
