"""Who tells what to whom: the table of messages and signals of the domain guide (section 5), held by the diagrams.

Only P01 to P09 are asked here; mechanisms (M1 to M7b) and partners outside may be missing.
"""

from collections import defaultdict

import pytest

from bpmn.diagram import read_diagram
from workflows import deploy

KEYS = {
    "P01": "campaign_setup",
    "P02": "ledger_establishment",
    "P03": "item_progress",
    "P04": "leader_instruction",
    "P05": "common_problem",
    "P06": "rectification",
    "P07": "municipal_escalation",
    "P08": "objection_review",
    "P09": "change_request",
}
# Name, who throws it, who catches it.
GUIDE = [
    ("msg_problem_reported", "P03", "P05"),
    ("msg_problem_resolved", "P05 P06", ""),
    ("msg_rectify_order", "", "P06"),
    ("msg_onsite_request", "P03 P04 P05 P08", ""),
    ("msg_onsite_result", "", "P03 P04 P05 P08"),
    ("msg_decision_request", "P02 P05", "P07"),
    ("msg_decision_issued", "P07", "P02 P05"),
    ("msg_request_withdrawn", "", "P07"),
    ("msg_instruction_registered", "P07", "P04"),
    ("msg_exposure_request", "P06", ""),
    ("msg_accountability_referral", "P03 P04 P05 P06", ""),
    ("msg_objection_filed", "P06", "P08"),
    ("msg_objection_decided", "P08", "P06"),
    ("msg_change_requested", "", "P03 P04 P06"),
    ("msg_change_decided", "P09", ""),
    ("msg_campaign_cancelled", "", "P01"),
    ("sig_campaign_issued", "P01", "P02"),
    ("sig_ledger_effective", "P02", "P03"),
    ("sig_ledger_round_closed", "P02", ""),
    ("sig_campaign_cancelled", "P01", "P02 P03 P04 P05 P06 P07 P08 P09"),
]
THROWS = {"intermediateThrowEvent", "endEvent", "sendTask"}


@pytest.fixture(scope="module")
def spoken():
    """(Process key, whether it throws) -> names of messages and signals."""
    found = defaultdict(set)
    for path in deploy.shipped():
        process = read_diagram(path.read_bytes()).processes[0]
        for element in process.elements.values():
            names = {event.name for event in element.events if event.kind in ("message", "signal")} | {element.message}
            found[process.key, element.kind in THROWS] |= names - {None}
    return found


@pytest.mark.parametrize(("name", "throwers", "catchers"), GUIDE, ids=lambda part: part.replace(" ", "-"))
def test_the_processes_that_the_guide_names_speak(spoken, name, throwers, catchers):
    assert {one for one in KEYS if name in spoken[KEYS[one], True]} >= set(throwers.split())
    assert {one for one in KEYS if name in spoken[KEYS[one], False]} >= set(catchers.split())


def test_each_process_of_the_backbone_is_shipped(spoken):
    assert {path.stem for path in deploy.shipped()} >= set(KEYS.values())
