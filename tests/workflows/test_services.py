"""What diagrams may call: each service does what it says, or says why not."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from bpmn.moment import Moment
from engine import notices
from engine.services import ServiceFault
from engine.tables import Instance, Notice, Process, Task, Version
from workflows import cast, organisation
from workflows.recipients import of_roles, of_task
from workflows.services import GROUPS, SERVICES, common

MOMENT = Moment(datetime(2013, 5, 6, 1, 30, tzinfo=UTC))
STAFF = ("chaoyang-supervision-01", "chaoyang-air-01", "fengtai-air-01", "air-officer-01", "admin-01")


@pytest.fixture
def case(sessions):
    """A case of 朝阳区环保局 with one open task, as rows."""
    with sessions.begin() as session:
        organisation.install(session)
        cast.install(session, [person for person in cast.people() if person.id in STAFF])
        version = Version(
            process_key="p", number=1, name="p", content_hash="0" * 64, diagram=b"", forms={}, decisions={},
            starter_groups=[], by_hand=True, calls=[], comment="", published_at=MOMENT.now,
        )  # fmt: skip
        session.add(version)
        session.flush()
        session.add(Process(key="p", name="p", current_version_id=version.id))
        session.flush()
        instance = Instance(
            id=uuid4().hex, version_id=version.id, process_key="p", status="active", state=b"", result={},
            variables={"unit": "110105-HB"}, origin="test", title="黄标车", task_code="air", started_at=MOMENT.now,
            changed_at=MOMENT.now, record_length=0, record_hash="", revision=1,
        )  # fmt: skip
        session.add(instance)
        session.flush()
        yield Case(session, instance)


class Case:
    def __init__(self, session, instance):
        self.session, self.instance = session, instance

    def task(self, due, roles=("district_unit_officer",), element="report"):
        path = organisation_path("110105-HB")
        task = Task(
            id=uuid4().hex, instance_id=self.instance.id, element=element, name="报结果", roles=list(roles),
            org="110105-HB", org_path=path, task_code="air", due=due, due_order=due or MOMENT.now, status="open",
            opened_at=MOMENT.now,
        )  # fmt: skip
        self.session.add(task)
        self.session.flush()
        return task

    def run(self, service, **inputs):
        return SERVICES[service].run(self.session, self.instance, inputs, MOMENT)

    def told(self):
        return [(one.account_id, one.kind) for one in self.session.scalars(select(Notice).order_by(Notice.id))]


def organisation_path(code):
    unit = organisation.units()[code]
    return (organisation_path(unit.parent) if unit.parent else "/") + code + "/"


def test_names_are_unique_over_all_groups():
    assert len(SERVICES) == sum(map(len, GROUPS))


def test_every_service_returns_what_its_row_promises(case):
    case.task(MOMENT.working_days(-1))
    inputs = {
        "urge": {"element": "report", "unit": None},
        "publicity": {"subject": "s", "unit": "110105-HB", "text": "t", "until": "2013-05-11T17:30:00+08:00"},
        "publication_gate": {
            "text": "t",
            "classification": "public",
            "draft": False,
            "publishable": True,
            "ground": None,
        },
        "assign_number": {"kind": "problem"},
        "parameters": {},
        "legal_profile": {"profile": "profile_2021"},
        "remind": {"element": "report", "text": "t"},
        "notify": {"roles": ["district_unit_officer"], "unit": "110105-HB", "text": "t"},
    }
    assert set(inputs) == {service.name for service in common.TABLE}
    for service in common.TABLE:
        name = service.name
        assert set(inputs[name]) == set(service.inputs)
        assert set(case.run(name, **inputs[name])) == set(service.outputs), name


def test_a_reminder_comes_once_and_raises_nothing(case):
    task = case.task(MOMENT.working_days(2))
    assert case.run("urge", element="report") == {"rung": "reminder", "told": 1, "unit": "110105-HB"}
    assert case.run("urge", element="report") == {"rung": None, "told": 0, "unit": None}
    assert task.urged == 0
    assert case.told() == [("chaoyang-air-01", "reminder")]


def test_a_plain_reminder_raises_nothing_even_if_it_is_late(case):
    late, done = case.task(MOMENT.working_days(-10)), case.task(MOMENT.now)
    done.status = "completed"
    assert case.run("remind", element="report", text="请尽快指定联络员。") == {"told": 1}
    assert (case.told(), late.urged) == ([("chaoyang-air-01", "reminder")], 0)


@pytest.mark.parametrize("days", [4, 9])
def test_nobody_is_troubled_before_it_is_time(case, days):
    case.task(MOMENT.working_days(days))
    assert case.run("urge", element="report") == {"rung": None, "told": 0, "unit": None}


def test_a_task_without_due_time_is_not_urged(case):
    case.task(None)
    assert case.run("urge", element="report")["rung"] is None


def test_leaders_are_reminded_but_never_urged(case):
    task = case.task(MOMENT.working_days(-10), roles=("municipal_leader",))
    assert case.run("urge", element="report")["rung"] == "reminder"
    assert case.run("urge", element="report")["rung"] is None, "once"
    assert task.urged == 0


def test_a_change_moves_only_what_it_names(case):
    report, other = case.task(MOMENT.now), case.task(MOMENT.now, element="other")
    case.run("apply_change", elements=["report"], deadline="2013-06-03", unit="110105-HB")
    assert report.due == MOMENT.end_of(datetime(2013, 6, 3).date())  # noqa: DTZ001
    assert report.due_order == report.due
    assert other.due == MOMENT.now


def test_a_change_to_another_unit_takes_the_open_tasks_along(case):
    task = case.task(MOMENT.now)
    case.run("apply_change", elements=[], deadline="2013-06-03", unit="110106-HB")
    assert (task.org, task.org_path) == ("110106-HB", organisation_path("110106-HB"))
    assert case.told() == [("fengtai-air-01", "changed")]


@pytest.mark.parametrize(
    ("deadline", "unit", "code"), [("soon", "110105-HB", "bad_deadline"), ("2013-06-03", "nowhere", "unknown_unit")]
)
def test_a_change_that_makes_no_sense_is_a_fault(case, deadline, unit, code):
    case.task(MOMENT.now)
    with pytest.raises(ServiceFault) as caught:
        case.run("apply_change", elements=["report"], deadline=deadline, unit=unit)
    assert caught.value.code == code


def test_a_notice_to_nobody_is_a_fault(case):
    with pytest.raises(ServiceFault):
        case.run("notify", roles=["records_officer"], unit="110105-HB", text="t")


def test_recipients_are_those_who_may_do_it(case):
    task = case.task(MOMENT.now)
    assert of_task(case.session, task) == ("chaoyang-air-01",)
    task.barred = "|chaoyang-air-01|"
    assert of_task(case.session, task) == ()
    task.holder = "chaoyang-supervision-01"
    assert of_task(case.session, task) == ("chaoyang-supervision-01",)
    roles = ["district_supervision_officer", "district_unit_officer"]
    assert of_roles(case.session, roles, "110105-HB", "air") == ("chaoyang-air-01", "chaoyang-supervision-01")
    assert of_roles(case.session, roles, None, "air") == (
        "chaoyang-air-01",
        "chaoyang-supervision-01",
        "fengtai-air-01",
    )


def test_notices_are_read_by_those_they_are_for(case):
    case.run("notify", roles=["district_unit_officer"], unit="110105-HB", text="请办")
    (notice,) = case.session.scalars(select(Notice))
    assert notice.message.format(**notice.params) == "“黄标车”: 请办"
    assert notices.post(case.session, [], "x", "x", {}, None, MOMENT) == 0
