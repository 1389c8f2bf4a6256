"""The notice, clause by clause: nothing is left without an element and a story."""

import csv
from datetime import UTC, datetime

import pytest

from bpmn.diagram import read_diagram
from bpmn.moment import Moment
from engine import accounts, instances
from engine.access import Actor, NotYours
from workflows import cast, deploy, organisation, scenarios, traceability
from workflows.clauses import SECTIONS, clauses

MOMENT = Moment(datetime(2013, 4, 26, 1, tzinfo=UTC))

# The clauses that the headings of the domain guide name beyond S0 to S3, process by process.
NAMED = {
    "leader_instruction": {"S4.6a"},
    "common_problem": {"S4.1b", "S4.2c", "S4.6d"},
    "rectification": {"S4.2d"},
    "municipal_escalation": {"S4.1c"},
}
HEADINGS = {
    "campaign_setup": {clause for clause in clauses() if clause[:2] in ("S0", "S1", "S2")},
    "ledger_establishment": {"S3.1", "S2.8"},
    "item_progress": {"S2.1", "S2.8", "S3.1"},
    "leader_instruction": {"S3.2"},
    "common_problem": {"S2.2"},
    "municipal_escalation": {"S2.2", "S3.3"},
}


@pytest.fixture(scope="module")
def processes():
    return tuple(read_diagram(path.read_bytes()).processes[0] for path in deploy.shipped())


@pytest.fixture(scope="module")
def steps(processes):
    return traceability.trace(processes)


def test_the_notice_has_52_clauses_in_its_own_order():
    assert len(clauses()) == 52
    assert list(clauses()) == sorted(clauses())
    assert list(dict.fromkeys(clause.section for clause in clauses().values())) == list(SECTIONS)
    assert all(clause.quote and clause.says for clause in clauses().values())


@pytest.mark.parametrize("clause", list(clauses()))
def test_every_clause_has_elements_and_stories(steps, clause):
    assert [step for step in steps.get(clause, ()) if step.element], "no element of a diagram names it"
    assert scenarios.by_clause().get(clause), "no scenario test names it"


def test_a_process_carries_the_clauses_of_its_heading(steps):
    for process, named in (*NAMED.items(), *HEADINGS.items()):
        for clause in named:
            assert process in {step.process_key for step in steps[clause]}, (process, clause)


def test_diagrams_name_only_clauses_that_exist(processes):
    for process in processes:
        for element in process.elements.values():
            assert set(element.clauses) <= set(clauses()), (process.key, element.id)
            assert element.clauses, (process.key, element.id)


def test_stories_name_only_clauses_that_exist():
    for scenario in scenarios.scenarios():
        assert set(scenario.clauses) <= set(clauses()), scenario.test


def test_the_index_of_stories_is_up_to_date():
    assert scenarios.collect(scenarios.TESTS) == scenarios.scenarios(), "run `python -m workflows.scenarios`"


def test_papers_come_out_of_steps_that_exist(processes):
    known = {(process.key, element) for process in processes for element in process.elements}
    assert set(traceability.papers()) <= known
    assert len(traceability.papers()) == len({(row["process"], row["element"]) for row in _rows()})


def test_what_carries_out_a_clause(steps):
    rules = {step.decision for step in steps["S4.2d"]}
    assert "D4_rectification_deadline" in rules
    found = {step.element: step for step in steps["S4.2d"] if step.process_key == "rectification"}
    assert found["issue_order"].form == "rectification/issue_order"
    assert found["notice_paper"].papers == ("整改通知书",)
    assert "publicity" in {step.service for step in steps["S4.4a"]}


@pytest.fixture
def staffed(sessions):
    with sessions.begin() as session:
        organisation.install(session)
        # Roles are known once somebody holds them.
        roles = {person.role: person for person in cast.people()}
        cast.install(session, roles.values())
        deploy.deploy_shipped(session, MOMENT)
    return sessions


def test_each_clause_counts_the_instances_that_it_governs(staffed, database, count):
    officer = next(person for person in cast.people() if person.role == "synthesis_officer")
    with staffed.begin() as session:
        actor = accounts.actor(session, officer.id)
        instances.start(session, actor, "campaign_setup", "专项督查", None, None, "k1", MOMENT)
        instances.start(session, actor, "campaign_setup", "另一项", None, None, "k2", MOMENT)
    with staffed.read() as session:
        actor = accounts.actor(session, officer.id)
        traceability.published(session)  # compiled once
        with count(database) as counted:
            found = {one.clause.id: one for one in traceability.overview(session, actor)}
    assert len(counted) == 2, counted.statements
    assert list(found) == list(clauses())
    assert (found["S1.7"].running, found["S3.2"].running) == (2, 0)
    assert all(one.is_covered for one in found.values())
    assert found["S4.2d"].processes["rectification"] == "整改、复查和销号"
    assert "D4_rectification_deadline" in found["S4.2d"].decisions


def test_who_sees_nothing_of_a_campaign_sees_no_cases_here(staffed):
    with staffed.read() as session, pytest.raises(NotYours):
        traceability.overview(session, Actor("stranger", "路人"))


def _rows():
    with traceability.PAPERS.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))
