"""Processes speak to each other in the words of the guide (section 5): message names and correlation keys."""

import pytest

from bpmn.diagram import read_diagram
from workflows import deploy

# message -> the name of the key in its payload
GUIDE = {
    "msg_problem_reported": "problem_id",
    "msg_problem_resolved": "problem_id",
    "msg_rectify_order": "problem_id",
    "msg_onsite_request": "request_id",
    "msg_onsite_result": "request_id",
    "msg_decision_request": "matter_id",
    "msg_decision_issued": "matter_id",
    "msg_request_withdrawn": "matter_id",
    "msg_instruction_registered": "instruction_id",
    "msg_exposure_request": "order_id",
    "msg_accountability_referral": "referral_id",
    "msg_authority_result": "referral_id",
    "msg_objection_filed": "conclusion_id",
    "msg_objection_decided": "conclusion_id",
    "msg_change_requested": "item_id",
    "msg_change_decided": "item_id",
    "msg_campaign_cancelled": "campaign_id",
    "msg_inspection_notice": "activity_id",
    "msg_public_opinion": "opinion_id",
    "msg_media_clue": "clue_id",
    "msg_score_published": "unit_period",
}
# What processes tell each other beyond the guide.
OWN = {
    "msg_problem_merged": "problem_id",
    "msg_problem_reopened": "problem_id",
    "msg_change_withdrawn": "item_id",
    "msg_report_wanted": "item_id",
    "msg_item_reopened": "item_id",
    "msg_light_changed": "item_id",
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


def test_what_is_caught_says_by_which_key(process):
    for element in process.elements.values():
        if element.event == "message":
            assert element.attributes.get("correlationKey"), element.id


def _message_events(process):
    return (event for element in process.elements.values() for event in element.events if event.kind == "message")
