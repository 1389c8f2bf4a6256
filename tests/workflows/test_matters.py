"""The register of matters for decision: each service does what it says, or says why not."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from engine.services import ServiceFault
from workflows import parameters
from workflows.services.matters import TABLE
from workflows.tables import Matter

MESSAGE = {"matter_id": "m-1", "matter": "再生水厂用地", "background": "选址未落实。", "source": "common_problem"}
REQUEST = {
    "matter": "再生水厂用地",
    "background": "选址未落实。",
    "tried": "两次会商。",
    "recommended": "调整规划",
    "options": [{"option": "一", "units": ["110000-GTJ", "110000-SWJ"]}, {"option": "二", "units": None}],
    "urgency": "urgent",
    "fund_amount": "12000000.50",
}
DECISION = {"decision_text": "同意。", "handling_units": ["110000-GHW"], "deadline": "2013-06-28"}
STEP = {"started_on": "2013-03-01", "finished_on": "2013-04-10"}
STEPS = [STEP | {"step": name} for name in ("public_comment", "expert", "risk", "legality", "collective")]
DAYS = {"public_comment_days": 30, "legality_review_days": 7}


@pytest.fixture
def water(office):
    office.instance.task_code = "water"
    return office


def row(office):
    return office.session.scalars(select(Matter)).one()


def test_every_service_returns_what_its_row_promises(water):
    inputs = {
        "register_matter": {"message": MESSAGE},
        "draft_matter": {"request": REQUEST, "units": []},
        "mark_matter": {"status": "submitted", "procedure": "ordinary"},
        "check_procedure": {"steps": STEPS, **DAYS},
        "decide_matter": {"decision": DECISION, "verdict": "approve"},
        "reject_matter": {"reason": "资金未落实。"},
        "end_matter": {"status": "withdrawn", "reason": "已协商一致。"},
    }
    assert set(inputs) == {service.name for service in TABLE}
    for service in TABLE:
        assert set(inputs[service.name]) == set(service.inputs)
        assert set(water.run(service.name, **inputs[service.name])) == set(service.outputs), service.name


def test_a_matter_has_one_addressee_and_stands_in_the_register_once(water):
    found = water.run("register_matter", message=MESSAGE)
    assert (found["number"], found["lead_unit"], found["units"]) == ("督请字〔2013〕1号", "110000-SWJ", ["110000-SWJ"])
    assert (row(water).addressee, row(water).status) == ("110000", "drafting")
    with pytest.raises(ServiceFault) as duplicate:
        water.run("register_matter", message=MESSAGE)
    assert duplicate.value.code == "duplicate"


def test_the_number_that_the_asking_process_gave_is_kept(water):
    assert (
        water.run("register_matter", message=MESSAGE | {"number": "督请字〔2013〕7号"})["number"] == "督请字〔2013〕7号"
    )


def test_the_environment_has_two_lead_units_and_party_bodies_do_not_countersign(office):
    office.instance.task_code = "env"
    found = office.run("register_matter", message=MESSAGE | {"units": ["110000-ZUZ", "110105", "nowhere"]})
    assert found["units"] == ["110000-SRW", "110000-CGB", "110105"]


def test_without_a_task_and_named_units_the_unit_that_asks_countersigns(office):
    assert office.run("register_matter", message=MESSAGE | {"unit": "110105"})["units"] == ["110105"]


def test_a_draft_adds_the_units_that_its_options_concern(water):
    water.run("register_matter", message=MESSAGE)
    assert water.run("draft_matter", request=REQUEST, units=["110000-SWJ"])["units"] == ["110000-SWJ", "110000-GTJ"]
    assert row(water).fund_amount == Decimal("12000000.5")


def test_a_draft_with_the_mark_of_a_state_secret_is_refused(water):
    water.run("register_matter", message=MESSAGE)
    with pytest.raises(ServiceFault) as refused:
        water.run("draft_matter", request=REQUEST | {"tried": "机密★20年"}, units=[])
    assert refused.value.code == "classification"


@pytest.mark.parametrize(
    ("first_needed_on", "timely"), [(None, None), ("2013-04-18", True), ("2013-04-07", True), ("2013-04-03", False)]
)
def test_a_matter_is_timely_within_ten_working_days_of_the_first_need(water, first_needed_on, timely):
    message = MESSAGE | {"first_needed_on": first_needed_on}
    assert water.run("register_matter", message=message)["timely"] is timely


def test_how_many_days_are_timely_is_a_parameter(water):
    actor, today = water.actor("admin-01"), water.moment.today
    parameters.put(water.session, actor, "decision_timely_days", 3, today, "从严", water.moment)
    assert water.run("register_matter", message=MESSAGE | {"first_needed_on": "2013-04-12"})["timely"] is False


@pytest.mark.parametrize(
    ("place", "changed", "missing"),
    [
        (0, {}, []),
        (1, {"finished_on": None}, ["expert"]),
        (0, {"finished_on": "2013-03-30"}, ["public_comment"]),
        (0, {"finished_on": "2013-03-31"}, []),
        (3, {"finished_on": "2013-03-11"}, ["legality"]),
        (3, {"finished_on": "2013-03-12"}, []),
        (4, {"started_on": "2013-04-10", "finished_on": "2013-04-09"}, ["collective"]),
        (2, {"step": "expert"}, ["risk"]),
    ],
)
def test_steps_of_the_procedure_must_be_done_and_long_enough(water, place, changed, missing):
    steps = [step | (changed if number == place else {}) for number, step in enumerate(STEPS)]
    assert water.run("check_procedure", steps=steps, **DAYS) == {"missing": missing, "complete": not missing}


def test_a_decision_is_numbered_and_so_is_the_instruction_that_carries_it_out(water):
    water.run("register_matter", message=MESSAGE)
    found = water.run("decide_matter", decision=DECISION, verdict="amend")
    assert (found["number"], found["instruction_number"]) == ("督决字〔2013〕1号", "督批字〔2013〕1号")
    assert (row(water).verdict, row(water).deadline) == ("amend", date(2013, 6, 28))
    assert row(water).handling_units == ["110000-GHW"]


def test_what_is_not_registered_can_be_ended_but_not_decided(water):
    assert water.run("end_matter", status="cancelled", reason="专项督查撤销。")["status"] == "cancelled"
    with pytest.raises(ServiceFault) as missing:
        water.run("decide_matter", decision=DECISION, verdict="approve")
    assert missing.value.code == "not_registered"
