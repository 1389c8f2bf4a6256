"""Processes speak to each other in the words of the guide (section 5): message names and correlation keys."""

import pytest

from bpmn.diagram import read_diagram
from workflows import deploy

# message -> the name of the key in its payload
GUIDE = {
    "msg_rectify_order": "problem_id",
    "msg_problem_resolved": "problem_id",
    "msg_objection_filed": "conclusion_id",
    "msg_accountability_referral": "referral_id",
    "msg_exposure_request": "order_id",
    "msg_change_decided": "item_id",
    "msg_objection_decided": "conclusion_id",
    "msg_change_requested": "item_id",
}


@pytest.fixture(scope="module", params=deploy.shipped(), ids=lambda path: path.stem)
def process(request):
    return read_diagram(request.param.read_bytes()).processes[0]


def test_only_messages_of_the_guide_are_used(process):
    assert {event.name for event in _message_events(process)} <= set(GUIDE)


def test_what_is_thrown_carries_its_key(process):
    for element in process.elements.values():
        for event in element.events:
            if event.kind == "message" and element.kind in {"intermediateThrowEvent", "endEvent"}:
                assert dict(element.inputs)[GUIDE[event.name]] == element.attributes["correlationKey"], element.id


def test_what_is_caught_says_by_which_key(process):
    for element in process.elements.values():
        if element.event == "message":
            assert element.attributes.get("correlationKey"), element.id


def _message_events(process):
    return (event for element in process.elements.values() for event in element.events if event.kind == "message")
