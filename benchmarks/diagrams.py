"""Diagrams to measure with: one task in a loop, and a line of tasks."""

from __future__ import annotations

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:ducha="https://ducha.example/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions" targetNamespace="https://ducha.example/bpmn">
"""


def loop(key: str, role: str) -> bytes:
    """`work` again and again as long as its answer `again` is true."""
    return (
        HEAD
        + f"""  <bpmn:process id="{key}" name="循环" isExecutable="true" ducha:starterGroups="{role}">
    <bpmn:startEvent id="begin" name="开始"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="join"/>
    <bpmn:exclusiveGateway id="join" name="汇合">
      <bpmn:incoming>f1</bpmn:incoming><bpmn:incoming>f4</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:sequenceFlow id="f2" sourceRef="join" targetRef="work"/>
    <bpmn:userTask id="work" name="办理" ducha:candidateGroups="{role}" ducha:candidateOrg="org"
      ducha:taskCode="task_code" ducha:due="wd(5)">
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="f3" sourceRef="work" targetRef="more"/>
    <bpmn:exclusiveGateway id="more" name="继续？" default="f5">
      <bpmn:incoming>f3</bpmn:incoming><bpmn:outgoing>f4</bpmn:outgoing><bpmn:outgoing>f5</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:sequenceFlow id="f4" name="是" sourceRef="more" targetRef="join">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">work["again"]</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f5" name="否" sourceRef="more" targetRef="end"/>
    <bpmn:endEvent id="end" name="结束"><bpmn:incoming>f5</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>"""
    ).encode()
