"""What the checker passes, the runtime compiles: tried on damaged copies of a large diagram."""

from __future__ import annotations

import copy
from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bpmn.check import Known, check_diagram
from bpmn.decisions import read_decision
from bpmn.diagram import read_diagram
from bpmn.xml import BPMN, FLOW_NODES
from engine.runtime import compile_definition
from faults import Refused

ROOT = etree.fromstring(Path("bpmn/processes/rectification.bpmn").read_bytes())
TABLES = {path.stem: read_decision(path.read_bytes()) for path in Path("bpmn/decisions").glob("*.dmn")}
TEXTS = ["", "x", "1 +", "R/PT0S", "R/wd(1)", "wd(3)", "P3D", "x.y", "= 1", "true", "false", "issue_order.deadline"]
PROCESS = read_diagram(etree.tostring(ROOT)).processes[0]
KNOWN = Known(
    forms={PROCESS.form_of(element) for element in PROCESS.elements.values()},
    decisions=TABLES,
    services={element.attributes.get("service", "") for element in PROCESS.elements.values()},
    roles={
        role
        for element in PROCESS.elements.values()
        for role in element.attributes.get("candidateGroups", "").split(",")
    },
    processes={"change_request"},
)


def damage(root, random):
    process = root.find(f"{{{BPMN}}}process")
    ids = [node.get("id") for node in process.iter() if node.get("id")]
    for _ in range(random.randint(1, 3)):
        node = random.choice([node for node in process.iter(f"{{{BPMN}}}*") if node is not process])
        match random.randrange(5):
            case 0:
                node.getparent().remove(node)
            case 1 if node.attrib:
                node.set(random.choice(list(node.attrib)), random.choice(ids + TEXTS))
            case 2 if node.attrib:
                del node.attrib[random.choice(list(node.attrib))]
            case 3:
                node.tag = f"{{{BPMN}}}{random.choice(sorted(FLOW_NODES))}"
            case 4 if node.text:
                node.text = random.choice(TEXTS)


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_runtime_compiles_what_the_checker_passes(random):
    root = copy.deepcopy(ROOT)
    damage(root, random)
    data = etree.tostring(root)
    with suppress(Refused):
        diagram = read_diagram(data)
        problems = check_diagram(diagram, KNOWN)
        if all(problem.severity == "warning" for problem in problems):
            must_compile(data, diagram)


def must_compile(data, diagram):
    try:
        compile_definition(data, diagram.processes[0].key, TABLES)
    except Refused as refused:
        raise AssertionError(str(refused)) from refused
