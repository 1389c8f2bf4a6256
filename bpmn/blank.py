"""The diagram that a new process begins with: a start, one task, an end, drawn from left to right."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from bpmn.xml import BPMN, DUCHA

_TEMPLATE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="{bpmn}" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:ducha="{ducha}" id="definitions_{key}" targetNamespace="{ducha}">
  <bpmn:process id="{key}" name={name} isExecutable="true">
    <bpmn:startEvent id="begun" name="开始"><bpmn:outgoing>begun_to_task</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="first_task" name="第一步">
      <bpmn:incoming>begun_to_task</bpmn:incoming><bpmn:outgoing>task_to_done</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="done" name="结束"><bpmn:incoming>task_to_done</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="begun_to_task" sourceRef="begun" targetRef="first_task"/>
    <bpmn:sequenceFlow id="task_to_done" sourceRef="first_task" targetRef="done"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="{key}">
    <bpmndi:BPMNShape id="begun_shape" bpmnElement="begun"><dc:Bounds x="160" y="122" width="36" height="36"/>
      <bpmndi:BPMNLabel><dc:Bounds x="167" y="165" width="22" height="14"/></bpmndi:BPMNLabel></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="task_shape" bpmnElement="first_task"><dc:Bounds x="260" y="100" width="100" height="80"/>
    </bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="done_shape" bpmnElement="done"><dc:Bounds x="424" y="122" width="36" height="36"/>
      <bpmndi:BPMNLabel><dc:Bounds x="431" y="165" width="22" height="14"/></bpmndi:BPMNLabel></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="begun_edge" bpmnElement="begun_to_task"><di:waypoint x="196" y="140"/>
      <di:waypoint x="260" y="140"/></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="done_edge" bpmnElement="task_to_done"><di:waypoint x="360" y="140"/>
      <di:waypoint x="424" y="140"/></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def blank(key: str, name: str) -> bytes:
    """``key`` is a name as diagrams use them; ``name`` any text."""
    return _TEMPLATE.format(bpmn=BPMN, ducha=DUCHA, key=key, name=quoteattr(name)).encode()
