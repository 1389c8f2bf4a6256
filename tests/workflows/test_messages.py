"""Processes speak to each other in the words of the guide (section 5): message names and correlation keys."""

import csv
from functools import cache
from pathlib import Path

import pytest

from bpmn.diagram import read_diagram
from workflows import deploy

# Who tells whom what, by which key: the messages and signals of the guide. "external" is no process of ours.
FLOWS = tuple(csv.DictReader((Path(__file__).parent / "messages.csv").read_text("utf-8").splitlines()))
GUIDE = {flow["message"]: flow["key"] for flow in FLOWS if flow["message"].startswith("msg_")}
# What processes tell each other beyond the guide.
OWN = {
    "msg_problem_merged": "problem_id",
    "msg_problem_reopened": "problem_id",
    "msg_change_withdrawn": "item_id",
    "msg_report_wanted": "item_id",
    "msg_item_reopened": "item_id",
    "msg_light_changed": "item_id",
    "msg_visit_joined": "visit_id",
    "msg_opinion_rated": "opinion_id",
    "msg_correction_requested": "clue_id",
}
KEYS = GUIDE | OWN


@pytest.fixture(scope="module", params=deploy.shipped(), ids=lambda path: path.stem)
def process(request):
    return read_diagram(request.param.read_bytes()).processes[0]


def test_only_known_messages_are_used(process):
    assert {event.name for event in _message_events(process)} <= set(KEYS)


def test_what_is_thrown_carries_its_key(process):
    for element in process.elements.values():
        for event in element.events:
            if event.kind == "message" and element.kind in {"intermediateThrowEvent", "endEvent"}:
                assert dict(element.inputs)[KEYS[event.name]] == element.attributes["correlationKey"], element.id
        if element.kind == "sendTask":
            assert dict(element.inputs)[KEYS[element.message]] == element.attributes["correlationKey"], element.id


def test_what_is_caught_says_by_which_key(process):
    for element in process.elements.values():
        if element.event == "message":
            assert element.attributes.get("correlationKey"), element.id


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow["message"])
def test_each_flows_between_the_processes_that_the_guide_names(flow):
    assert parties(flow["from"]) <= {key for key, one in speaking().items() if flow["message"] in thrown(one)}
    assert parties(flow["to"]) <= {key for key, one in speaking().items() if flow["message"] in caught(one)}


def parties(text):
    return set(text.split()) - {"external"}


@cache
def speaking():
    return {path.stem: read_diagram(path.read_bytes()).processes[0] for path in deploy.shipped()}


def thrown(process):
    throwing = ("intermediateThrowEvent", "endEvent")
    events = {event.name for one in process.elements.values() if one.kind in throwing for event in one.events}
    return events | {one.message for one in process.elements.values() if one.kind == "sendTask"}


def caught(process):
    catching = ("startEvent", "intermediateCatchEvent", "boundaryEvent")
    events = {event.name for one in process.elements.values() if one.kind in catching for event in one.events}
    return events | {one.message for one in process.elements.values() if one.kind == "receiveTask"}


def _message_events(process):
    return (event for element in process.elements.values() for event in element.events if event.kind == "message")
