"""The words of Zeebe, the engine of Camunda 8: nearly all of them are extension elements, formulas are FEEL."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from bpmn.foreign import form_js
from bpmn.foreign.ids import process_key
from bpmn.foreign.notes import Notes
from bpmn.foreign.pieces import (
    add_input,
    consume,
    drop,
    extensions,
    give,
    rewrite_conditions,
    rewrite_timers,
    said,
    tag,
    value_of,
)
from bpmn.xml import local

Forms = dict[str, Mapping[str, Any]]


class Reading:
    """One diagram while it is read; ``names`` maps its variables to where they are kept here."""

    def __init__(self, root: etree._Element, namespace: str, notes: Notes) -> None:
        self.root, self.namespace, self.notes = root, namespace, notes
        self.forms: Forms = {}
        self.names: dict[str, str] = {
            f"numberOf{kind}Instances": f"nrOf{kind}Instances" for kind in ("", "Active", "Completed", "Terminated")
        }

    def one(self, node: etree._Element, name: str) -> etree._Element | None:
        return next(extensions(node, self.namespace, name), None)

    def formula(self, node: etree._Element, text: str, of: str) -> str | None:
        return said(text, "feel", self.names, self.notes, node.get("id", ""), of)

    def value(self, node: etree._Element, text: str, of: str) -> str | None:
        return value_of(text, "feel", self.names, self.notes, node.get("id", ""), of)


def take_over(root: etree._Element, namespace: str, notes: Notes) -> Forms:
    """Put our words in place of the engine's; what is left of those has no meaning here. Returns the forms."""
    reading = Reading(root, namespace, notes)
    bodies = _form_bodies(reading)
    _learn_names(reading, bodies)
    for kind, take in _ELEMENTS.items():
        for node in list(root.iter(tag(kind))):
            take(reading, node)
    used = {_form(reading, task, bodies) for task in root.iter(tag("userTask"))}
    for key in bodies.keys() - used:
        notes.not_taken("", "userTaskForm", key[:80])
    for loop in root.iter(tag("multiInstanceLoopCharacteristics")):
        _loop(reading, loop)
    _correlations(reading)
    rewrite_conditions(root, "feel", reading.names, notes)
    rewrite_timers(root, "feel", reading.names, notes)
    return reading.forms


def _form_bodies(reading: Reading) -> dict[str, Any]:
    """Forms that the process carries itself, by their key; they are taken out."""
    bodies: dict[str, Any] = {}
    for process in reading.root.iter(tag("process")):
        for one in extensions(process, reading.namespace, "userTaskForm"):
            try:
                body = json.loads(one.text or "")
            except ValueError:
                continue
            if isinstance(body, dict):
                bodies[one.get("id", "")] = body
                drop(one)
    return bodies


def _form_key(reading: Reading, task: etree._Element) -> str:
    found = reading.one(task, "formDefinition")
    if found is None:
        return ""
    key = found.get("formKey") or found.get("formId") or found.get("externalReference") or ""
    return key.rpartition(":")[2]


def _learn_names(reading: Reading, bodies: Mapping[str, Any]) -> None:
    filled: dict[str, list[str]] = {}
    for task in reading.root.iter(tag("userTask")):
        for name in form_js.names(bodies.get(_form_key(reading, task), {})):
            filled.setdefault(name, []).append(task.get("id", ""))
    for name, tasks in filled.items():
        path = f"{tasks[0]}.{form_js.own_name(name)}"
        if len(tasks) == 1:
            reading.names[name] = path
        else:
            reading.notes.add(tasks[0], "foreign_ambiguous", name=name, steps=", ".join(tasks), example=path)
    for task in reading.root.iter(tag("businessRuleTask")):
        called = reading.one(task, "calledDecision")
        if called is not None and called.get("resultVariable"):
            reading.names[called.get("resultVariable", "")] = task.get("id", "")
            reading.notes.answer(task.get("id", ""), called.get("resultVariable", ""))


def _user_task(reading: Reading, task: etree._Element) -> None:
    assignment = reading.one(task, "assignmentDefinition")
    if assignment is not None:
        groups, assignee = assignment.get("candidateGroups"), assignment.get("assignee")
        if groups:
            if groups.startswith("="):
                found = reading.formula(task, groups, "candidateGroups")
                groups = f"={found}" if found is not None else ""
            give(task, "candidateGroups", groups)
        if assignee:
            name = reading.value(task, assignee, "assignee")
            if name is not None:
                give(task, "assignee", name)
        if assignment.get("candidateUsers"):
            reading.notes.add(task.get("id", ""), "foreign_users", value=assignment.get("candidateUsers", "")[:80])
        consume(assignment, task, ("assignee", "candidateGroups", "candidateUsers"), reading.notes)
    schedule = reading.one(task, "taskSchedule")
    if schedule is not None and schedule.get("dueDate"):
        due = schedule.get("dueDate", "")
        text = reading.formula(task, due, "dueDate") if due.startswith("=") else due
        if text is not None:
            give(task, "due", f"={text}" if due.startswith("=") else text)
        consume(schedule, task, ("dueDate",), reading.notes)
    mark = reading.one(task, "userTask")
    if mark is not None:
        drop(mark)
    _results(reading, task)


def _form(reading: Reading, task: etree._Element, bodies: Mapping[str, Any]) -> str:
    """Returns the key of the form that the task uses."""
    process = next(task.iterancestors(tag("process")), None)
    name = f"{process.get('id', '') if process is not None else ''}/{task.get('id', '')}"
    key = _form_key(reading, task)
    body = bodies.get(key)
    if body is None and key:
        reading.notes.add(task.get("id", ""), "foreign_form", value=key[:80])
    reading.forms[name] = form_js.document(body or {}, name, task, reading.notes)
    definition = reading.one(task, "formDefinition")
    if definition is not None:
        consume(definition, task, ("formKey", "formId", "externalReference"), reading.notes)
    return key


def _results(reading: Reading, task: etree._Element) -> None:
    """What a task's answers are called in the process there: ``outcome`` for the field ``verdict``."""
    for box in extensions(task, reading.namespace, "ioMapping"):
        for one in list(box):
            source = one.get("source", "").removeprefix("=").strip()
            if local(one) == "output" and re.fullmatch(r"[A-Za-z_]\w*", source) and source in reading.names:
                reading.names[one.get("target", "")] = reading.names[source]
                box.remove(one)
        if not len(box):
            drop(box)


def _send_task(reading: Reading, task: etree._Element) -> None:
    """There it runs a job; here it throws a message."""
    definition = reading.one(task, "taskDefinition")
    if definition is not None:
        reading.notes.add(task.get("id", ""), "foreign_code", value=definition.get("type", "")[:80])
        consume(definition, task, ("type",), reading.notes)
    _inputs(reading, task)


def _service_task(reading: Reading, task: etree._Element) -> None:
    definition = reading.one(task, "taskDefinition")
    kind = definition.get("type", "") if definition is not None else ""
    if definition is not None and kind.startswith("="):
        reading.notes.add(task.get("id", ""), "foreign_formula", name="type", value=kind[:80])
    elif definition is not None and kind:
        give(task, "service", kind)
        consume(definition, task, ("type",), reading.notes)
    _inputs(reading, task)


def _decision_task(reading: Reading, task: etree._Element) -> None:
    called = reading.one(task, "calledDecision")
    decision = called.get("decisionId", "") if called is not None else ""
    if called is not None and decision.startswith("="):
        reading.notes.add(task.get("id", ""), "foreign_formula", name="decisionId", value=decision[:80])
    elif called is not None and decision:
        give(task, "decision", decision)
        consume(called, task, ("decisionId", "resultVariable"), reading.notes)
    _inputs(reading, task)


def _script_task(reading: Reading, task: etree._Element) -> None:
    script = reading.one(task, "script")
    if script is None:
        return
    found = reading.formula(task, script.get("expression", ""), "script")
    name = script.get("resultVariable")
    if found is not None and name:
        kept = task.find(tag("script"))
        kept = kept if kept is not None else etree.SubElement(task, tag("script"))
        kept.text = f"{name} = {found}"
        drop(script)


def _call(reading: Reading, call: etree._Element) -> None:
    called = reading.one(call, "calledElement")
    if called is not None and called.get("processId"):
        if called.get("processId", "").startswith("="):
            reading.notes.add(call.get("id", ""), "foreign_formula", name="processId", value=called.get("processId"))
        else:
            call.set("calledElement", process_key(called.get("processId", "")))
            consume(called, call, ("processId",), reading.notes)
    _inputs(reading, call)


def _inputs(reading: Reading, node: etree._Element) -> None:
    for box in extensions(node, reading.namespace, "ioMapping"):
        for one in list(box):
            source, target = one.get("source", ""), one.get("target", "")
            if local(one) == "input":
                found = reading.value(node, source, f"input {target}")
                if found is not None and "." not in target:
                    add_input(node, target, found)
                    box.remove(one)
            else:
                path = ".".join(filter(None, (node.get("id", ""), source.removeprefix("=").strip())))
                reading.names[target] = path
                reading.notes.add(node.get("id", ""), "foreign_output", name=target, path=path)
                box.remove(one)
        if not len(box):
            drop(box)


def _loop(reading: Reading, loop: etree._Element) -> None:
    owner, found = loop.getparent(), reading.one(loop, "loopCharacteristics")
    if owner is None or found is None:
        return
    collection = reading.formula(owner, found.get("inputCollection", ""), "inputCollection")
    if collection is not None:
        give(loop, "collection", collection)
    if found.get("inputElement"):
        give(loop, "elementVariable", found.get("inputElement", ""))
    if found.get("outputCollection"):
        reading.notes.add(
            owner.get("id", ""), "foreign_output", name=found.get("outputCollection"), path=owner.get("id", "")
        )
    consume(found, owner, ("inputCollection", "inputElement", "outputCollection"), reading.notes)


def _correlations(reading: Reading) -> None:
    """A subscription's key stands on the message there, on the element that waits here."""
    keys: dict[str, str] = {}
    for message in reading.root.iter(tag("message")):
        subscription = reading.one(message, "subscription")
        if subscription is not None and subscription.get("correlationKey"):
            keys[message.get("id", "")] = subscription.get("correlationKey", "")
            drop(subscription)
    waiting = ("receiveTask", "intermediateCatchEvent", "boundaryEvent", "startEvent")
    for node in reading.root.iter(*map(tag, waiting)):
        definition = node.find(tag("messageEventDefinition"))
        ref = (definition if definition is not None else node).get("messageRef")
        key = keys.get((ref or "").rpartition(":")[2])
        scope = node.getparent()
        starts = local(node) == "startEvent" and scope is not None and local(scope) == "process"
        if key and not starts:
            found = reading.formula(node, key, "correlationKey")
            if found is not None:
                give(node, "correlationKey", found)


_ELEMENTS: Mapping[str, Callable[[Reading, etree._Element], None]] = {
    "callActivity": _call,
    "scriptTask": _script_task,
    "userTask": _user_task,
    "serviceTask": _service_task,
    "sendTask": _send_task,
    "businessRuleTask": _decision_task,
}
