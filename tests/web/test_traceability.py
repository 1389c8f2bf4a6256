"""The notice clause by clause, as people see it on its pages."""

import pytest

from bpmn.moment import Moment
from engine import accounts, instances
from tests.web.campaigns import people
from workflows import deploy
from workflows.calendar import WorkingCalendar
from workflows.clauses import clauses


@pytest.fixture
def officer(app, sessions, hashed_password, clock, visit):
    moment = Moment(clock.now, WorkingCalendar())
    with sessions.begin() as session:
        people(session, hashed_password)
        deploy.deploy_shipped(session, moment)
        actor = accounts.actor(session, "synthesis-officer-01")
        instances.start(session, actor, "campaign_setup", "专项督查", None, None, "k", moment)
    return visit(actor)


@pytest.fixture
def early(sessions, hashed_password, clock, visit):
    """The officer while only the rectification is published."""
    with sessions.begin() as session:
        people(session, hashed_password)
        for key in ("change_request", "rectification"):
            deploy.deploy_file(session, deploy.PROCESSES / f"{key}.bpmn", Moment(clock.now, WorkingCalendar()))
        actor = accounts.actor(session, "synthesis-officer-01")
    return visit(actor)


def test_every_clause_is_there_in_the_words_of_the_notice(officer):
    page = officer.get("/traceability").text
    for clause in clauses().values():
        assert clause.quote in page
        assert f"/traceability/{clause.id}" in page
    assert 'class="mark mark-red"' not in page, "everything is carried out and proven"


def test_what_nothing_carries_out_yet_stands_out(early):
    assert 'class="mark mark-red"' in early.get("/traceability").text


def test_uncovered_clauses_can_be_listed_alone(early):
    page = early.get("/traceability?state=uncovered").text
    assert "/traceability/S4.3a" in page
    assert "/traceability/S4.2d" not in page


def test_clauses_of_a_process_can_be_listed_alone(officer):
    assert "/traceability/S4.2d" in officer.get("/traceability?process=rectification").text
    assert officer.get("/traceability?state=nonsense&process=nonsense").status_code == 200


def test_a_clause_shows_its_elements_rules_papers_stories_and_cases(officer):
    page = officer.get("/traceability/S4.2d").text
    for expected in ("issue_order", "D4_rectification_deadline", "整改通知书", "test_rectification.py"):
        assert expected in page
    assert "/cases?process=rectification" in page
    assert "/traceability/diagrams/rectification.bpmn" in page
    governed = officer.get("/cases?process=campaign_setup&status=active").text
    assert "专项督查" in governed
    assert 'class="work-title"' not in officer.get("/cases?process=rectification").text


@pytest.mark.parametrize("address", ["/traceability/S9.9", "/traceability/diagrams/none.bpmn"])
def test_what_is_not_there(officer, address):
    assert officer.get(address).status_code == 404


def test_the_diagram_is_the_published_one(officer):
    answer = officer.get("/traceability/diagrams/rectification.bpmn")
    assert answer.mimetype == "application/xml"
    assert answer.data == (deploy.PROCESSES / "rectification.bpmn").read_bytes()


def test_who_sees_nothing_of_a_campaign_is_refused(cast, visit):
    assert visit(cast.outsider).get("/traceability").status_code == 403
    assert visit(cast.outsider).get("/traceability/S1.1").status_code == 403
