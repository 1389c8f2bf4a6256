"""The plain SpiffWorkflow library as its manual uses it: parse, run, and a JSON round trip between two steps."""

from __future__ import annotations

from io import BytesIO

from lxml import etree
from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

DEEPEST = 300  # rounds of a loop; from 333 (a task tree 1,000 deep) the library hangs without a word

_serializer = BpmnWorkflowSerializer()


def started(diagram: bytes, process: str) -> str:
    """A fresh instance, run to its first task, as JSON."""
    parser = BpmnParser()
    parser.add_bpmn_io(BytesIO(diagram))
    workflow = BpmnWorkflow(parser.get_spec(process))
    workflow.do_engine_steps()
    return str(_serializer.serialize_json(workflow))


def completed(stored: str, element: str, answers: object) -> str:
    """The open task completed: JSON in, JSON out."""
    workflow = _serializer.deserialize_json(stored)
    (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
    task.data[element] = answers
    task.run()
    workflow.do_engine_steps()
    return str(_serializer.serialize_json(workflow))


def plain(diagram: bytes) -> bytes:
    """The diagram without our own attributes, which the plain library does not know."""
    root = etree.fromstring(diagram)
    for element in root.iter(etree.Element):
        for name in [name for name in element.attrib if "ducha.example" in name]:
            del element.attrib[name]
    return etree.tostring(root)
