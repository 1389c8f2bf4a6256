"""The register of leaders' instructions: each service does what it says, or says why not."""

from datetime import date

import pytest
from sqlalchemy import select

from engine.services import ServiceFault
from engine.tables import Notice
from workflows import instructions
from workflows.services.instructions import TABLE
from workflows.tables import Instruction

ANSWERS = {
    "source_kind": "written_comment",
    "leader_post": "常务副市长",
    "instruction_date": "2013-04-18",
    "instruction_text": "请查明并报结果。",
    "action_required": "report_back",
    "urgency": "normal",
    "classification": "internal",
}
PROPOSAL = {"lead_unit": "110000-SWJ", "co_units": ["110000-FGW", "110000-HBJ"], "deadline": "2013-04-26"}


def enter(office, message=None, **changed):
    return office.run("register_instruction", answers=ANSWERS | changed, message=message)


def row(office):
    return office.session.scalars(select(Instruction)).one()


def test_every_service_returns_what_its_row_promises(office):
    inputs = {
        "register_instruction": {"answers": ANSWERS, "message": None},
        "dispatch_instruction": {"proposal": PROPOSAL, "units": None},
        "pass_on_instruction": {"before": "110000-SWJ", "after": "110000-GHW", "declined": True},
        "change_instruction": {"deadline": "2013-05-31", "before": "110000-GHW", "after": "110000-HBJ"},
        "note_instruction_stage": {"unit": "110000-GHW"},
        "mark_instruction": {"status": "reported", "quality": "good", "verdict": None},
        "archive_instruction": {"file_no": "1", "retention": "y10"},
        "cancel_instruction": {"reason": "撤回。"},
    }
    assert set(inputs) == {service.name for service in TABLE}
    for service in TABLE:
        assert set(inputs[service.name]) == set(service.inputs)
        assert set(office.run(service.name, **inputs[service.name])) == set(service.outputs), service.name


def test_registering_again_changes_the_row_and_keeps_its_number(office):
    first = enter(office)
    second = enter(office, leader_post="副市长")
    assert first == second
    assert (row(office).leader_post, row(office).number) == ("副市长", "督批字〔2013〕1号")
    assert row(office).id == office.instance.id


def test_what_a_message_says_need_not_be_true(office):
    message = {"instruction_id": "i-1", "number": "督批字〔2013〕9号", "parent_id": "nobody", "campaign_id": "none",
               "source_instance_id": "nowhere"}  # fmt: skip
    assert enter(office, message)["number"] == "督批字〔2013〕9号"
    found = row(office)
    assert (found.id, found.parent_id, found.campaign_id, found.source_instance_id) == ("i-1", None, None, None)


def test_an_instruction_belongs_to_the_campaign_that_goes_on(office):
    campaign = office.opened()
    assert enter(office)["campaign_id"] == campaign


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        (None, {"instruction_text": "绝密★启用前 关于……"}),
        (None, {"instruction_text": "（机密）转发。"}),
        ({"classification": "secret"}, {}),
        ({"classification": "机密"}, {}),
    ],
)
def test_state_secrets_are_refused(office, message, changed):
    with pytest.raises(ServiceFault) as refused:
        enter(office, message, **changed)
    assert refused.value.code == "classification"
    assert office.session.scalars(select(Instruction)).all() == []


@pytest.mark.parametrize("text", ["请保守工作秘密。", "查处泄露商业秘密一事。", "机密档案室消防隐患。"])
def test_words_about_secrets_are_not_secrets(office, text):
    assert enter(office, instruction_text=text)["number"]


def test_only_the_lead_unit_asks_co_units_and_no_unit_stands_twice(office):
    enter(office)
    found = office.run("dispatch_instruction", proposal=PROPOSAL, units=["110000-HBJ", "110000-SWJ"])
    assert found["units"] == [
        {"unit": "110000-SWJ", "co_units": ["110000-FGW"]},
        {"unit": "110000-HBJ", "co_units": []},
    ]
    assert (row(office).lead_unit, row(office).deadline) == ("110000-SWJ", date(2013, 4, 26))
    assert row(office).status == "dispatched"


def test_passing_on_counts_declines_and_moves_the_lead(office):
    enter(office)
    office.run("dispatch_instruction", proposal=PROPOSAL, units=None)
    office.run("pass_on_instruction", before="110000-SWJ", after="110000-HBJ", declined=True)
    assert (row(office).lead_unit, row(office).co_units, row(office).declines) == ("110000-HBJ", ["110000-FGW"], 1)
    with pytest.raises(ServiceFault) as unknown:
        office.run("pass_on_instruction", before="110000-HBJ", after="nowhere", declined=True)
    assert unknown.value.code == "unknown_unit"


def test_a_granted_change_stands_in_the_register(office):
    enter(office)
    office.run("dispatch_instruction", proposal=PROPOSAL, units=None)
    office.run("change_instruction", deadline="2013-05-31", before="110000-HBJ", after="110000-GHW")
    assert (row(office).lead_unit, row(office).deadline) == ("110000-SWJ", date(2013, 5, 31))
    office.run("change_instruction", deadline="2013-05-31", before="110000-SWJ", after="110000-GHW")
    assert row(office).lead_unit == "110000-GHW"
    with pytest.raises(ServiceFault) as refused:
        office.run("change_instruction", deadline="soon", before="110000-SWJ", after="110000-GHW")
    assert refused.value.code == "bad_deadline"


def test_what_is_not_registered_can_be_cancelled_but_not_marked(office):
    assert office.run("cancel_instruction", reason="专项督查撤销。") == {"status": "cancelled", "told": 0}
    with pytest.raises(ServiceFault) as missing:
        office.run("mark_instruction", status="reported", quality=None, verdict=None)
    assert missing.value.code == "not_registered"
    assert office.session.scalars(select(Notice)).all() == []


def test_classes_are_those_of_the_form():
    assert instructions.CLASSIFICATIONS == ("public", "internal", "work_secret")
