"""A diagram as frozen values: processes, their elements, flows, lanes and events, as people and checks need them.

Nothing here judges what is drawn; `bpmn.check` does.  The runtime executes the XML itself (`Diagram.xml`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from lxml import etree

from bpmn.nodes import Element, Event, Flow, Lane, Loop, Process
from bpmn.xml import BPMN, DUCHA, FLOW_NODES, line_of, local, read_xml, referred

__all__ = ["Diagram", "Element", "Event", "Flow", "Lane", "Loop", "Process", "names_in", "read_diagram"]


@dataclass(frozen=True, slots=True)
class Diagram:
    xml: bytes = field(repr=False)
    processes: tuple[Process, ...]
    messages: Mapping[str, str]  # id -> name
    signals: Mapping[str, str]
    errors: Mapping[str, str]  # id -> code
    escalations: Mapping[str, str]
    id: str = ""  # of the whole; what has no process has a name all the same
    name: str = ""


@lru_cache(maxsize=32)  # one page reads the same diagram up to six times: check, names, differences, library
def read_diagram(data: bytes) -> Diagram:
    """Raises Refused for what is no valid BPMN 2.0 XML."""
    root = read_xml(data, "bpmn")
    references = _References(root)
    pools = {pool.get("processRef", ""): pool.get("name", "") for pool in root.iter(_tag("participant"))}
    processes = tuple(_process(node, references, pools) for node in root.iterchildren(_tag("process")))
    return Diagram(
        data,
        processes,
        MappingProxyType(references.message),
        MappingProxyType(references.signal),
        MappingProxyType(references.error),
        MappingProxyType(references.escalation),
        root.get("id", ""),
        _name(root),
    )


# ---- reading


def _tag(name: str) -> str:
    return f"{{{BPMN}}}{name}"


_OWN = f"{{{DUCHA}}}"
_CLAUSES = re.compile(r"^\s*clause:[ \t]*(.*)$", re.MULTILINE)
_TIMERS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


class _References:
    """The names behind messageRef, signalRef, errorRef and escalationRef, which may carry a prefix."""

    def __init__(self, root: etree._Element) -> None:
        self.message = self._names(root, "message", "name")
        self.signal = self._names(root, "signal", "name")
        self.error = self._names(root, "error", "errorCode")
        self.escalation = self._names(root, "escalation", "escalationCode")

    def _names(self, root: etree._Element, tag: str, attribute: str) -> dict[str, str]:
        found = root.iterchildren(_tag(tag))
        return {node.get("id", ""): (node.get(attribute) or node.get("name") or "").strip() for node in found}

    def of(self, kind: str, ref: str | None) -> str | None:
        if not ref:
            return None
        names: Mapping[str, str] = getattr(self, kind)
        return names.get(ref) or names.get(ref.rpartition(":")[2]) or None


class _Ends:
    """The flows into and out of each element; what the elements say themselves about it may be out of date."""

    def __init__(self, flows: Iterable[Flow]) -> None:
        self.incoming: dict[str, list[str]] = defaultdict(list)
        self.outgoing: dict[str, list[str]] = defaultdict(list)
        for flow in flows:
            self.incoming[flow.target].append(flow.id)
            self.outgoing[flow.source].append(flow.id)


def _process(node: etree._Element, references: _References, pools: Mapping[str, str]) -> Process:
    key = node.get("id", "")
    lanes = tuple(_lanes(node))
    # Inner lanes come later and win.
    lane_of = {element: lane.name for lane in lanes for element in lane.elements}
    flows = {flow.id: flow for flow in _flows(node)}
    ends = _Ends(flows.values())
    read = (_element(child, ends, lane_of, references) for child in _flow_nodes(node))
    elements = {element.id: element for element in read}
    documentation = _documentation(node)
    attributes = _attributes(node)
    return Process(
        key=key,
        name=(node.get("name") or pools.get(key, "")).strip(),
        documentation=documentation,
        clauses=_clauses(documentation),
        starter_groups=names_in(attributes.get("starterGroups", "")),
        outputs=_pairs(node, "output"),
        attributes=attributes,
        elements=MappingProxyType(elements),
        flows=MappingProxyType(flows),
        lanes=lanes,
        line=line_of(node),
        executable=node.get("isExecutable", "true").strip() not in ("false", "0"),
    )


def _flow_nodes(node: etree._Element) -> Iterator[etree._Element]:
    for child in node.iter(_tag("*")):
        if child is not node and local(child) in FLOW_NODES:
            yield child


def _flows(node: etree._Element) -> Iterator[Flow]:
    for child in node.iter(_tag("sequenceFlow")):
        condition = child.find(_tag("conditionExpression"))
        yield Flow(
            id=child.get("id", ""),
            name=_name(child),
            source=referred(child.get("sourceRef")),
            target=referred(child.get("targetRef")),
            condition=None if condition is None else _written(condition),
            scope=_scope(child),
            line=line_of(child),
        )


def _lanes(node: etree._Element) -> Iterator[Lane]:
    for lane in node.iter(_tag("lane")):
        refs = tuple(referred(ref.text) for ref in lane.iterchildren(_tag("flowNodeRef")))
        yield Lane(lane.get("id", ""), _name(lane), refs)


def _element(node: etree._Element, ends: _Ends, lane_of: Mapping[str, str], references: _References) -> Element:
    id_ = node.get("id", "")
    documentation = _documentation(node)
    return Element(
        id=id_,
        kind=local(node),
        name=_name(node),
        documentation=documentation,
        clauses=_clauses(documentation),
        attributes=_attributes(node),
        inputs=_pairs(node, "input"),
        outputs=_pairs(node, "output"),
        skipped=_pairs(node, "skipped"),
        incoming=tuple(ends.incoming[id_]),
        outgoing=tuple(ends.outgoing[id_]),
        scope=_scope(node),
        lane=lane_of.get(id_),
        line=line_of(node),
        events=tuple(_events(node, references)),
        attached_to=referred(node.get("attachedToRef")) or None,
        interrupting=_flag(node, "cancelActivity", "isInterrupting"),
        by_event=_is_set(node, "triggeredByEvent"),
        default=referred(node.get("default")) or None,
        loop=_loop(node),
        called=referred(node.get("calledElement")) or None,
        message=references.of("message", node.get("messageRef")),
        script=_child_text(node, "script"),
        script_format=node.get("scriptFormat"),
        for_compensation=_is_set(node, "isForCompensation"),
        instantiate=_is_set(node, "instantiate"),
        markup=tuple(local(child) for child in node.iterchildren(_tag("*"))),
    )


def _events(node: etree._Element, references: _References) -> Iterator[Event]:
    for child in node.iterchildren(_tag("*")):
        tag = local(child)
        if not tag.endswith("EventDefinition"):
            if tag == "eventDefinitionRef":
                yield Event("reference", ref=referred(child.text), line=line_of(child))
            continue
        kind = tag.removesuffix("EventDefinition")
        if kind == "timer":
            yield _timer(child)
        elif kind == "link":
            yield Event("link", name=_name(child) or None, line=line_of(child))
        elif kind in ("message", "signal", "error", "escalation"):
            ref = child.get(f"{kind}Ref")
            yield Event(kind, ref=ref, name=references.of(kind, ref), line=line_of(child))
        else:
            yield Event(kind, line=line_of(child))


def _timer(node: etree._Element) -> Event:
    for child in node.iterchildren(*(_tag(tag) for tag in _TIMERS)):
        kind = _TIMERS[local(child)]
        return Event("timer", timer_kind=kind, timer=_written(child), line=line_of(child))
    return Event("timer", line=line_of(node))


def _loop(node: etree._Element) -> Loop | None:
    if node.find(_tag("standardLoopCharacteristics")) is not None:
        return Loop("standard", line=line_of(node))
    mark = node.find(_tag("multiInstanceLoopCharacteristics"))
    if mark is None:
        return None
    own = _attributes(mark)
    return Loop(
        "sequential" if _is_set(mark, "isSequential") else "parallel",
        cardinality=_child_text(mark, "loopCardinality"),
        collection=own.get("collection"),
        variable=own.get("elementVariable"),
        until=_child_text(mark, "completionCondition"),
        line=line_of(mark),
        rule={name: text for name, text in own.items() if name not in ("collection", "elementVariable")},
    )


def _attributes(node: etree._Element) -> Mapping[str, str]:
    return MappingProxyType(
        {
            str(name).removeprefix(_OWN): str(value).strip()
            for name, value in node.attrib.items()
            if str(name).startswith(_OWN)
        }
    )


def _pairs(node: etree._Element, tag: str) -> tuple[tuple[str, str], ...]:
    """``<ducha:input name= value=/>`` of the extension elements."""
    extension = node.find(_tag("extensionElements"))
    if extension is None:
        return ()
    return tuple(
        ((child.get("name") or "").strip(), (child.get("value") or "").strip())
        for child in extension.iterchildren(f"{_OWN}{tag}")
    )


def _scope(node: etree._Element) -> str | None:
    parent = node.getparent()
    if parent is None or local(parent) not in FLOW_NODES:
        return None
    return parent.get("id")


def _documentation(node: etree._Element) -> str:
    return "\n".join(_written(child) for child in node.iterchildren(_tag("documentation"))).strip()


def _clauses(documentation: str) -> tuple[str, ...]:
    return tuple(
        clause for match in _CLAUSES.finditer(documentation) for clause in re.split(r"[\s,]+", match[1]) if clause
    )


def names_in(text: str) -> tuple[str, ...]:
    """``a, b`` as a tuple; empty parts are passed over."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _child_text(node: etree._Element, tag: str) -> str | None:
    child = node.find(_tag(tag))
    return None if child is None else _written(child)


def _written(node: etree._Element) -> str:
    return "".join(str(part) for part in node.itertext()).strip()


def _name(node: etree._Element) -> str:
    return " ".join((node.get("name") or "").split())


def _is_set(node: etree._Element, attribute: str) -> bool:
    return node.get(attribute, "false").strip() in ("true", "1")


def _flag(node: etree._Element, *attributes: str) -> bool:
    """True unless one of the attributes says no."""
    return not any(node.get(attribute, "true").strip() in ("false", "0") for attribute in attributes)
