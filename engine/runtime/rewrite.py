"""What is rewritten before it is parsed: a pair of link events becomes a sequence flow.

All else that bpmn.io lets people draw without gateways (several flows out of a task, conditions on them, no flow out at
all, no start event) is executed as it stands, see `nodes.base.Node.outgoing` and `parser`.
"""

from __future__ import annotations

from lxml import etree

from bpmn.xml import BPMN, local
from faults import N_, Problem

HIDDEN = "ducha-hidden"  # attribute of flows that are not in the picture
_SCOPES = ("process", "subProcess")


def rewrite(process: etree._Element) -> list[Problem]:
    """Change ``process`` in place. The problems are links without a partner."""
    problems: list[Problem] = []
    for scope in [process, *process.iter(f"{{{BPMN}}}subProcess")]:
        if local(scope) in _SCOPES:
            problems += _join_links(scope)
    return problems


def _join_links(scope: etree._Element) -> list[Problem]:
    problems = []
    sources: dict[str, list[etree._Element]] = {}
    targets: dict[str, etree._Element] = {}
    for node in scope:
        link = node.find(f"{{{BPMN}}}linkEventDefinition")
        if link is None:
            continue
        name = link.get("name") or ""
        node.remove(link)
        if local(node) == "intermediateThrowEvent":
            sources.setdefault(name, []).append(node)
        elif name in targets:
            message = N_("There are several link targets “{name}”. Keep one of them.")
            problems.append(Problem(node.get("id") or "", "link_twice", message, {"name": name}))
        else:
            targets[name] = node
            node.tag = f"{{{BPMN}}}intermediateThrowEvent"  # without a definition: the token just passes
    for name, throws in sources.items():
        for throw in throws:
            if name in targets:
                _add_flow(scope, throw, targets[name])
            else:
                message = N_("There is no link target “{name}”. Draw the catching link event of that name.")
                problems.append(Problem(throw.get("id") or "", "link_target", message, {"name": name}))
    return problems


def _add_flow(scope: etree._Element, source: etree._Element, target: etree._Element) -> None:
    flow = etree.SubElement(scope, f"{{{BPMN}}}sequenceFlow")
    flow.set("id", f"{source.get('id')}..{target.get('id')}")
    flow.set("sourceRef", source.get("id") or "")
    flow.set("targetRef", target.get("id") or "")
    flow.set(HIDDEN, "true")
