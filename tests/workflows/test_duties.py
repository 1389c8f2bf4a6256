"""Separation of duties in the shipped diagrams, and who is not subordinate (domain guide, section 2)."""

import pytest

from bpmn.diagram import read_diagram
from forms.answers import AnswersRefused
from workflows import deploy, visit_teams, visits
from workflows.organisation import is_subordinate, units
from workflows.roles import ROLES

# Process, task, and whose performers may not do it.
APART = [
    ("item_progress", "district_verify", {"report_progress"}),
    ("item_progress", "desk_check", {"report_progress", "district_verify"}),
    ("item_progress", "verify_completion", {"report_progress", "district_verify"}),
    ("item_progress", "close_item", {"report_progress", "verify_completion"}),
    ("rectification", "approve_plan", {"submit_plan"}),
    ("rectification", "recheck", {"report_rectification", "submit_plan"}),
    ("rectification", "close_order", {"report_rectification"}),
    ("rectification", "look_back", {"report_rectification"}),
    ("objection_review", "decide_review", {"review_objection"}),
    ("ledger_establishment", "district_approve", {"compile_ledger"}),
    ("ledger_establishment", "group_review", {"compile_ledger", "district_approve"}),
    ("leader_instruction", "head_sign_off", {"report_handling"}),
    ("leader_instruction", "review_feedback", {"report_handling", "head_sign_off"}),
    ("municipal_escalation", "office_review", {"draft_request"}),
    ("onsite_supervision", "confirm_findings", {"conduct_visit"}),
    ("change_request", "unit_opinion_on_change", {"apply_change"}),
    ("change_request", "decide_change", {"apply_change"}),
    ("media_supervision", "release_review", {"verify_clue"}),
    ("media_supervision", "approve_exposure", {"release_review"}),
    ("accountability", "approve_measure", {"propose_measure", "verify_facts"}),
    ("joint_supervision", "approve_theme", {"propose_theme"}),
    ("joint_supervision", "issue_conclusion", {"consolidate_findings"}),
    ("democratic_supervision", "reply_deputy", {"handle_opinion"}),
]
LEADERS = {"municipal_leader", "group_leader"}
OUTSIDE = {"propaganda_officer", "organization_officer", "discipline_officer", "congress_liaison", "deputy_member"}


@pytest.fixture(scope="module")
def processes():
    found = (read_diagram(path.read_bytes()).processes[0] for path in deploy.shipped())
    return {process.key: process for process in found}


@pytest.mark.parametrize(("process", "task", "kept_out"), APART, ids=lambda part: part if isinstance(part, str) else "")
def test_who_did_the_one_does_not_do_the_other(processes, process, task, kept_out):
    element = processes[process].elements[task]
    barred = {name.strip() for name in element.attributes["notSameAs"].split(",")}
    assert kept_out <= barred
    assert barred <= set(processes[process].elements), "a name that leads nowhere keeps nobody out"


def test_the_authors_of_a_conclusion_are_kept_from_its_review(processes):
    elements = processes["objection_review"].elements
    assert elements["exclude_authors"].attributes["service"]
    for task in ("review_objection", "decide_review"):
        assert elements[task].attributes["barred"] == "exclude_authors.authors"


def test_leaders_and_party_departments_are_not_subordinate():
    assert {unit.name for unit in units().values() if not unit.is_subordinate} == {
        "督查工作协调小组",
        "市纪委（监察局）",
        "市委组织部",
        "市委宣传部",
    }
    assert not any(ROLES[role].subordinate for role in LEADERS | OUTSIDE)
    assert is_subordinate("110105")
    assert is_subordinate(None), "no unit at all is urged by its role"


def test_tasks_of_those_who_are_not_subordinate_have_no_urging_in_the_diagrams(processes):
    """What `urge` and `urge_ledger` are asked to urge are tasks of subordinate roles only."""
    for process in processes.values():
        for element in process.elements.values():
            if element.attributes.get("service") != "urge":
                continue
            wanted = dict(element.inputs)["element"]
            for task in process.elements.values():
                if task.kind == "userTask" and f"'{task.id}'" in wanted.replace('"', "'"):
                    roles = _roles(task.attributes["candidateGroups"])
                    assert all(ROLES[role].subordinate for role in roles), (process.key, task.id)


def _roles(groups):
    """Those that a diagram names, or that the formula it gives can come to."""
    if groups == "=assign_team.groups":
        return {visits.OFFICER, *visit_teams.OFFICE}
    return {role.strip() for role in groups.split(",")}


@pytest.mark.parametrize("unit", ["110000-XCB", "coordination_group"])
def test_who_is_not_subordinate_answers_for_no_item_and_has_no_light(office, unit):
    office.opened()
    with pytest.raises(AnswersRefused) as refused:
        office.add(office.ledger(), responsible_unit=unit)
    assert [(one.element, one.code) for one in refused.value.problems] == [("responsible_unit", "not_subordinate")]
