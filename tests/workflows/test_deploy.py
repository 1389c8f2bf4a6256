"""Documents become versions, with the forms and tables that they name."""

from datetime import UTC, datetime

import pytest

from bpmn.moment import Moment
from engine import definitions
from workflows import cast, deploy, document_checks, organisation
from workflows.deploy import NoAdministrator
from workflows.document_files import NoSuchFile, NotADocument, NothingFound, bundle_of, find
from workflows.documents import DECISIONS, FORMS

MOMENT = Moment(datetime(2013, 4, 26, 1, tzinfo=UTC))


@pytest.fixture
def staffed(sessions):
    with sessions.begin() as session:
        organisation.install(session)
        # Roles are known once somebody holds them.
        roles = {person.role: person for person in cast.people()}
        cast.install(session, roles.values())
    return sessions


@pytest.mark.parametrize("path", deploy.shipped(), ids=lambda path: path.stem)
def test_shipped_diagrams_have_no_errors(path):
    assert [
        str(problem) for problem in [one.problem for one in document_checks.check(path)] if problem.severity == "error"
    ] == []


def test_all_diagrams_in_the_folder_are_shipped():
    assert set(deploy.PROCESSES.glob("*.bpmn")) == set(deploy.shipped())


@pytest.mark.parametrize("path", [*DECISIONS.glob("*.dmn"), *FORMS.glob("*/*.json")], ids=lambda p: p.stem)
def test_shipped_tables_and_forms_have_no_problems(path):
    assert document_checks.check(path) == ()


def test_a_bundle_holds_all_that_the_diagram_names():
    bundle = bundle_of(deploy.PROCESSES / "rectification.bpmn")
    assert len(bundle.forms) == 8
    assert set(bundle.decisions) == {"D4_rectification_deadline"}


def test_shipping_twice_makes_one_version(staffed):
    with staffed.begin() as session:
        first = [version.id for version in deploy.deploy_shipped(session, MOMENT)]
        assert [version.id for version in deploy.deploy_shipped(session, MOMENT)] == first
        assert definitions.current(session, "rectification").starter_groups == ["task_group_officer"]


def test_nobody_publishes_where_there_is_no_administrator(sessions):
    with sessions.begin() as session, pytest.raises(NoAdministrator):
        deploy.deploy_shipped(session, MOMENT)


def test_other_files_are_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(NotADocument):
        find([tmp_path / "notes.txt"], ".bpmn")
    with pytest.raises(NothingFound):
        find([tmp_path], ".bpmn")
    with pytest.raises(NoSuchFile):
        find([tmp_path / "none.bpmn"], ".bpmn")


def test_a_diagram_that_is_none_gives_problems(tmp_path):
    (tmp_path / "x.bpmn").write_text("<nonsense/>")
    assert document_checks.check(tmp_path / "x.bpmn")


def test_forms_and_tables_beside_a_diagram_come_first(tmp_path):
    diagram = (deploy.PROCESSES / "rectification.bpmn").read_bytes()
    (tmp_path / "own.bpmn").write_bytes(diagram)
    form = tmp_path / "forms/rectification/approve_plan.json"
    form.parent.mkdir(parents=True)
    form.write_text('{"name": "rectification/approve_plan", "title": "自定", "fields": []}', "utf-8")
    bundle = bundle_of(tmp_path / "own.bpmn")
    assert bundle.forms["rectification/approve_plan"]["title"] == "自定"
    assert len(bundle.forms) == 8


def test_a_form_name_that_climbs_out_of_its_folder_leads_nowhere(tmp_path):
    secret = tmp_path / "secret.json"
    secret.write_text("{}")
    diagram = (deploy.PROCESSES / "rectification.bpmn").read_text("utf-8")
    climbing = diagram.replace(
        '<bpmn:userTask id="close_order"', '<bpmn:userTask ducha:form="../secret" id="close_order"'
    )
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/x.bpmn").write_text(climbing, "utf-8")
    assert "../secret" not in bundle_of(tmp_path / "sub/x.bpmn").forms
