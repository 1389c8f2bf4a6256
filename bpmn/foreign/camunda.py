"""The words of Camunda 7 and of its relatives Flowable and Activiti, which share most of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from bpmn.foreign import fields
from bpmn.foreign.formulas import is_formula
from bpmn.foreign.notes import Notes
from bpmn.foreign.pieces import (
    add_input,
    drop,
    extensions,
    give,
    pop,
    rewrite_conditions,
    rewrite_timers,
    said,
    tag,
    value_of,
)
from bpmn.xml import local

Forms = dict[str, Mapping[str, Any]]


class Reading:
    """One diagram while it is read: ``names`` maps its variables to where they are kept here."""

    def __init__(self, root: etree._Element, namespace: str, notes: Notes) -> None:
        self.root, self.namespace, self.notes = root, namespace, notes
        self.forms: Forms = {}
        self.names: dict[str, str] = {"initiator": "starter", "INITIATOR": "starter"}

    def formula(self, node: etree._Element, text: str, of: str) -> str | None:
        return said(text, "juel", self.names, self.notes, node.get("id", ""), of)

    def value(self, node: etree._Element, text: str, of: str) -> str | None:
        return value_of(text, "juel", self.names, self.notes, node.get("id", ""), of)


def take_over(root: etree._Element, namespace: str, notes: Notes) -> Forms:
    """Put our words in place of the engine's; what is left of those has no meaning here. Returns the forms."""
    reading = Reading(root, namespace, notes)
    _learn_names(reading)
    for process in root.iter(tag("process")):
        _process(reading, process)
    for kind, take in _ELEMENTS.items():
        for node in list(root.iter(tag(kind))):
            take(reading, node)
    for loop in root.iter(tag("multiInstanceLoopCharacteristics")):
        _loop(reading, loop)
    rewrite_conditions(root, "juel", reading.names, notes)
    rewrite_timers(root, "juel", reading.names, notes)
    return reading.forms


def _learn_names(reading: Reading) -> None:
    """Variables there belong to the process, answers here to their task: who fills in which?"""
    filled: dict[str, list[str]] = defaultdict(list)
    for task in reading.root.iter(tag("userTask")):
        for name in fields.names(task, reading.namespace):
            filled[name].append(task.get("id", ""))
    for kind in ("serviceTask", "businessRuleTask", "scriptTask"):
        for task in reading.root.iter(tag(kind)):
            result = task.get(f"{{{reading.namespace}}}resultVariable")
            if result:
                reading.names[result] = task.get("id", "")
            if result and kind == "businessRuleTask":
                reading.notes.answer(task.get("id", ""), result)
    for name, tasks in filled.items():
        own = fields.own_name(name)
        if len(tasks) == 1:
            reading.names[name] = f"{tasks[0]}.{own}"
        else:
            steps, example = ", ".join(tasks), f"{tasks[0]}.{own}"
            reading.notes.add(tasks[0], "foreign_ambiguous", name=name, steps=steps, example=example)
    for start in reading.root.iter(tag("startEvent")):
        initiator = start.get(f"{{{reading.namespace}}}initiator")
        if initiator:
            reading.names[initiator] = "starter"


def _process(reading: Reading, process: etree._Element) -> None:
    groups = pop(process, reading.namespace, "candidateStarterGroups")
    if groups:
        give(process, "starterGroups", groups)
    pop(process, reading.namespace, "historyTimeToLive")  # the record of a case is kept here as long as the case


def _start(reading: Reading, start: etree._Element) -> None:
    pop(start, reading.namespace, "initiator")
    asked = fields.names(start, reading.namespace)
    if asked:
        reading.notes.add(start.get("id", ""), "foreign_start_form", fields=", ".join(asked))


def _user_task(reading: Reading, task: etree._Element) -> None:
    namespace, ident = reading.namespace, task.get("id", "")
    groups = pop(task, namespace, "candidateGroups")
    if groups:
        found = reading.formula(task, groups, "candidateGroups") if is_formula(groups) else groups
        if found is not None:
            give(task, "candidateGroups", f"={found}" if is_formula(groups) else found)
    assignee = pop(task, namespace, "assignee")
    if assignee:
        name = reading.value(task, "${initiator}" if assignee == "$INITIATOR" else assignee, "assignee")
        if name is not None:
            give(task, "assignee", name)
    users = pop(task, namespace, "candidateUsers")
    if users:
        reading.notes.add(ident, "foreign_users", value=users[:80])
    due = pop(task, namespace, "dueDate")
    if due:
        text = reading.formula(task, due, "dueDate") if is_formula(due) else due
        if text is not None:
            give(task, "due", f"={text}" if is_formula(due) else text)
    _form(reading, task)


def _form(reading: Reading, task: etree._Element) -> None:
    process = next(task.iterancestors(tag("process")), None)
    name = f"{process.get('id', '') if process is not None else ''}/{task.get('id', '')}"
    document = fields.take_form(task, reading.namespace, name, reading.notes)
    key = pop(task, reading.namespace, "formKey") or pop(task, reading.namespace, "formRef")
    for more in ("formRefBinding", "formRefVersion"):
        pop(task, reading.namespace, more)
    if key:
        reading.notes.add(task.get("id", ""), "foreign_form", value=key[:80])
    reading.forms[name] = document


def _service_task(reading: Reading, task: etree._Element) -> None:
    namespace, ident = reading.namespace, task.get("id", "")
    if task.get(f"{{{namespace}}}type") == "dmn":
        _decision_in_service(reading, task)
        return
    topic, kind = pop(task, namespace, "topic"), pop(task, namespace, "type")
    if topic and kind in (None, "external", "external-worker"):
        give(task, "service", topic)
    elif kind:
        reading.notes.not_taken(ident, "type", kind)
    for name in ("class", "delegateExpression", "expression"):
        code = pop(task, namespace, name)
        if code:
            reading.notes.add(ident, "foreign_code", value=code[:80])
    pop(task, namespace, "resultVariable")
    _inputs(reading, task)


def _decision_in_service(reading: Reading, task: etree._Element) -> None:
    """Flowable draws a decision as a service task whose fields name the table."""
    pop(task, reading.namespace, "type")
    for one in extensions(task, reading.namespace, "field"):
        if one.get("name") == "decisionTableReferenceKey":
            give(task, "decision", "".join(str(part) for part in one.itertext()).strip() or one.get("stringValue", ""))
            drop(one)
    task.tag = tag("businessRuleTask")
    reading.notes.add(task.get("id", ""), "foreign_decision")
    _inputs(reading, task)


def _decision_task(reading: Reading, task: etree._Element) -> None:
    decision = pop(task, reading.namespace, "decisionRef")
    if decision:
        give(task, "decision", decision)
        for name in ("resultVariable", "mapDecisionResult"):
            pop(task, reading.namespace, name)
    _inputs(reading, task)


def _script_task(reading: Reading, task: etree._Element) -> None:
    language = task.get("scriptFormat") or "juel"
    result = pop(task, reading.namespace, "resultVariable")
    script = task.find(tag("script"))
    text = (script.text or "").strip() if script is not None else ""
    if script is not None and result and is_formula(text):
        found = reading.formula(task, text, "script")
        if found is not None:
            script.text = f"{result} = {found}"
            reading.names[result] = result
            task.attrib.pop("scriptFormat", "")
            return
    reading.notes.add(task.get("id", ""), "foreign_script", language=language)


def _call(reading: Reading, call: etree._Element) -> None:
    namespace, ident = reading.namespace, call.get("id", "")
    for one in extensions(call, namespace, "in"):
        target = one.get("target")
        source = one.get("source") or one.get("sourceExpression")
        if target and source:
            found = reading.formula(call, f"${{{source}}}" if not is_formula(source) else source, f"in {target}")
            if found is not None:
                add_input(call, target, found)
            drop(one)
        elif one.get("businessKey"):
            drop(one)
    for one in extensions(call, namespace, "out"):
        source, target = one.get("source"), one.get("target")
        if source and target:
            path = f"{ident}.{source}"
            reading.names[target] = path
            reading.notes.add(ident, "foreign_output", name=target, path=path)
            drop(one)
    for name in ("calledElementBinding", "calledElementVersion", "calledElementType"):
        pop(call, namespace, name)


def _inputs(reading: Reading, node: etree._Element) -> None:
    """``inputOutput`` with plain values; lists, maps and scripts stay and are listed."""
    for box in extensions(node, reading.namespace, "inputOutput"):
        for parameter in list(box):
            text = (parameter.text or "").strip()
            if local(parameter) == "inputParameter" and not len(parameter) and text:
                found = reading.value(node, text, f"inputParameter {parameter.get('name')}")
                if found is not None:
                    add_input(node, parameter.get("name", ""), found)
                box.remove(parameter)
        if not len(box):
            drop(box)


def _sender(reading: Reading, node: etree._Element) -> None:
    for name in ("class", "delegateExpression", "expression"):
        for owner in (node, *node.iterchildren(tag("messageEventDefinition"))):
            code = pop(owner, reading.namespace, name)
            if code:
                reading.notes.add(node.get("id", ""), "foreign_code", value=code[:80])


def _loop(reading: Reading, loop: etree._Element) -> None:
    owner = loop.getparent()
    if owner is None:
        return
    collection, variable = pop(loop, reading.namespace, "collection"), pop(loop, reading.namespace, "elementVariable")
    if collection:
        text = collection if is_formula(collection) else f"${{{collection}}}"
        found = reading.formula(owner, text, "collection")
        if found is not None:
            give(loop, "collection", found)
    if variable:
        give(loop, "elementVariable", variable)


_ELEMENTS: Mapping[str, Callable[[Reading, etree._Element], None]] = {
    "startEvent": _start,
    "callActivity": _call,
    "scriptTask": _script_task,
    "userTask": _user_task,
    "serviceTask": _service_task,
    "businessRuleTask": _decision_task,
    "sendTask": _sender,
    "intermediateThrowEvent": _sender,
    "endEvent": _sender,
}
