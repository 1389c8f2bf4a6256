"""Visits as rows: what the services of M2 promise, who is sent, what a plan and a report may say."""

from decimal import Decimal

import pytest

from engine.services import ServiceFault
from engine.tables import RoleGrant
from tests.workflows.conftest import an_instance
from workflows import register_lists, registers, visit_plans
from workflows.services import visits as group
from workflows.tables import Engagement, Finding, Visit

UNIT = "110105-HB"
FIRST, SECOND = "chaoyang-supervision-01", "air-officer-01"
PLAN = {
    "mode": "unannounced", "visit_date": "2013-05-07", "team_leader": FIRST, "team": [SECOND], "invitees": None,
    "resolution": None, "join_visit": None,
}  # fmt: skip
FOUND = {"unit": UNIT, "text": "进度滞后", "nature": "lagging", "severity": "general"}


@pytest.fixture
def team(office):
    """`office` of this folder with a campaign, an item on its way, and ways to begin a visit."""
    office.campaign = office.opened()
    office.item = office.add(office.ledger())
    office.item.status = "in_progress"

    def begin(**request):
        office.instance = an_instance(office.session, "onsite_supervision")
        asked = {"request_id": "r1", "org": UNIT, "campaign_id": office.campaign} | request
        office.told = office.run("register_visit", request=asked)
        office.run("assign_visit", executor="district")
        office.visit = office.session.get_one(Visit, office.instance.id)
        return office.visit

    office.begin = begin
    office.check = lambda **plan: office.run("check_visit_plan", **PLAN | {"targets": [office.item.id]} | plan)
    return office


def seen(**changed):
    rows = [{"item": None, "point": "p", "result": "ok"}]
    plain = {"checklist": rows, "photos": [{"grade": "A"}], "no_position": False, "position_reason": None}
    return plain | {"measured_value": None, "access": "normal", "signed": None, "refusal": None} | changed


def test_every_service_returns_what_its_row_promises(team):
    first = team.begin(item_id=team.item.id)
    team.check()
    team.run("book_visit", clash_reason=None)
    team.begin(item_id=team.item.id, request_id="r2")
    answers = {
        "register_visit": {"request": None},
        "assign_visit": {"executor": "district"},
        "check_visit_plan": PLAN | {"targets": [team.item.id]},
        "visit_conflict": {"campaign_id": None, "objects": [UNIT], "date": "2013-05-07", "purpose": "monthly"},
        "book_visit": {"clash_reason": "x"},
        "visit_checklist": {},
        "postpone_visit": {"date": "2013-05-09", "reason": "雨"},
        "record_visit": seen(),
        "report_visit": {"findings": [FOUND], "verdict": "lagging", "summary": "s", "confirmations": [], "checked": {}},
        "finish_visit": {"status": "done", "reason": None, "item_verdicts": {}, "measured": {}},
        "merge_visit": {"join_visit": first.id},
        "cancel_visit": {"reason": "x"},
        "monthly_visits": {},
    }
    assert answers.keys() | {"dispose_finding"} == {service.name for service in group.TABLE}
    for service in group.TABLE:
        if service.name == "register_visit":
            promised, kept = service.outputs, team.told
        elif service.name == "dispose_finding":
            (finding,) = team.session.query(Finding)
            promised = service.outputs
            kept = team.run(service.name, finding_id=finding.id, opinion_text="t", disposition="rectify")
        elif service.name == "merge_visit":
            team.begin(request_id="r3", item_id=team.item.id)
            promised, kept = service.outputs, team.run(service.name, **answers[service.name])
        else:
            promised, kept = service.outputs, team.run(service.name, **answers[service.name])
        assert set(promised) <= kept.keys(), service.name


# ---- who asks, who goes


def test_what_is_asked_for_is_known_from_the_item(team):
    visit = team.begin(org=None, item_id=team.item.id, campaign_id=None)
    assert (visit.org, visit.district, visit.task_code) == (UNIT, "110105", "air")
    assert (visit.campaign_id, visit.number) == (team.campaign, "督现字〔2013〕1号")
    assert team.told["text"] == "A3 淘汰老旧机动车"


def test_strange_requests_are_taken_as_far_as_they_go(team):
    visit = team.begin(org="nowhere", item_id="none", problem_id="p" * 99, request_id="k" * 999, reason="r" * 999)
    assert (visit.district, visit.targets, visit.problem_id) == (None, [], None)
    assert team.told["in_district"] is False
    assert team.run("assign_visit", executor="office")["team_org"] is None, "anybody of the Office may do it"


def test_another_district_is_drawn_by_a_lot_that_can_be_checked(team):
    visit = team.begin(item_id=team.item.id, reason="suspect_false")
    first = team.run("assign_visit", executor="cross_district")
    assert first["team_org"] == "110106", "the only other district with an officer here"
    assert team.run("assign_visit", executor="cross_district")["team_org"] == first["team_org"], "it stays"
    assert (team.instance.org, visit.executor) == ("110106", "cross_district")


def test_where_no_other_district_can_go_the_office_does(team):
    visit = team.begin(item_id=team.item.id, reason="suspect_false")
    team.session.query(RoleGrant).filter_by(org_code="110106").delete()
    found = team.run("assign_visit", executor="cross_district")
    assert (found["executor"], found["team_org"], visit.executor) == ("office", UNIT, "office")
    assert found["groups"] == ["synthesis_officer", "task_group_officer"]


# ---- plans


@pytest.mark.parametrize(
    ("plan", "problems"),
    [
        ({}, []),
        ({"visit_date": "2013-04-18"}, ["past"]),
        ({"mode": "announced", "visit_date": "2013-04-19"}, ["short_notice"]),
        ({"mode": "announced", "visit_date": "2013-04-22"}, []),
        ({"visit_date": "2014-01-01"}, ["after_end"]),
        ({"team": []}, ["team_small"]),
        ({"team": [FIRST]}, ["team_small"]),
        ({"team_leader": "synthesis-lead-01"}, ["leader"]),
        ({"resolution": "join", "join_visit": "none"}, ["cannot_join"]),
        ({"resolution": "keep"}, []),
    ],
)
def test_what_speaks_against_a_plan(team, plan, problems):
    team.begin(item_id=team.item.id)
    found = team.check(**plan)
    assert (found["problems"], found["fits"]) == (problems, not problems)


def test_a_visit_needs_something_to_look_at_in_its_own_district(team):
    team.begin(item_id=team.item.id)
    team.visit.district = "110106"
    assert team.check()["problems"] == ["foreign_items"]
    team.begin(org=None, request_id="r2")
    assert "no_subject" in team.check(targets=[])["problems"]


def test_a_day_that_is_no_day_is_refused(team):
    team.begin(item_id=team.item.id)
    with pytest.raises(ServiceFault):
        team.check(visit_date="morgen")


def test_the_month_proposes_the_worst_first_and_nothing_twice(team):
    more = [team.add(team.ledger(), item_name=f"n{number}", sub_item="B2") for number in range(4)]
    for place, item in enumerate(more):
        item.status, item.light = "in_progress", ("green", "yellow", "red", "green")[place]
    team.session.flush()
    (found,) = visit_plans.propose(team.session, team.moment)["items"]
    assert found["targets"] == [more[2].id, more[1].id, team.item.id]
    assert (found["org"], found["campaign_id"]) == ("110105", team.campaign)
    assert "朝阳区2013-04" in found["title"]

    team.begin(item_id=more[2].id)
    team.check(targets=[more[2].id])
    (found,) = visit_plans.propose(team.session, team.moment)["items"]
    assert found["targets"] == [more[1].id, team.item.id, more[0].id]
    for item in (team.item, *more):
        item.status = "closed"
    team.session.flush()
    assert visit_plans.propose(team.session, team.moment)["items"] == []


# ---- records and reports


@pytest.mark.parametrize(
    ("photos", "position", "grade"),
    [
        (["A", "A"], True, "A"),
        (["A", "C"], True, "C"),
        (["A"], False, "B"),
        (["B"], False, "C"),
        (["C"], False, "C"),
        ([None], True, "C"),
    ],
)
def test_evidence_is_as_good_as_its_weakest_photo(team, photos, position, grade):
    team.begin(item_id=team.item.id)
    taken = [{"grade": one} for one in photos]
    found = team.run("record_visit", **seen(photos=taken, no_position=not position))
    assert (found["grade"], team.visit.evidence_grade) == (grade, grade)


def test_the_checklist_asks_for_what_the_baseline_asks_for(team):
    team.item.verified_value = Decimal(500)
    team.begin(item_id=team.item.id)
    rows = team.run("visit_checklist")["rows"]
    assert [row["evidence"] for row in rows] == ["measurement", "photo", "document"]
    assert rows[0]["point"] == "A3 淘汰老旧机动车：累计完成多少辆（目标 26000，已核实 500）"
    assert {row["result"] for row in rows} == {"skipped"}, "nothing is in order before anybody has looked"
    team.begin(request_id="r2")
    (row,) = team.run("visit_checklist")["rows"]
    assert (row["item"], row["evidence"]) == (None, "matter")


def test_who_signs_on_the_spot_is_not_asked_again(team):
    team.begin(item_id=team.item.id)
    found = team.run("record_visit", **seen(signed="signed"))
    assert found["signing"] == []
    assert found["signed"] == [{"unit": UNIT, "confirmation": "agree", "statement": None}]
    for said in ("absent", "refused", None):
        found = team.run("record_visit", **seen(signed=said, refusal="队长称无权签字" if said == "refused" else None))
        assert ([one["unit"] for one in found["signing"]], found["signed"]) == ([UNIT], [])
        assert ("队长称无权签字" in found["signing"][0]["text"]) is (said == "refused")
    team.visit.objects = [UNIT, "110105-SW"]
    assert len(team.run("record_visit", **seen(signed="signed"))["signing"]) == 2, "nobody knows which of them signed"


@pytest.mark.parametrize(
    ("verdict", "natures", "checked", "problems"),
    [
        ("consistent", [], "ok", []),
        ("consistent", ["other"], "gap", []),
        ("consistent", ["lagging"], "gap", ["not_consistent"]),
        ("consistent", [], "skipped", ["nothing_seen"]),
        ("lagging", [], "gap", ["no_findings"]),
        ("lagging", ["lagging"], "gap", []),
        ("measures_weak", ["other"], "gap", []),
        ("false", ["lagging"], "bad", ["false_mismatch"]),
        ("lagging", ["false"], "bad", ["false_mismatch"]),
        ("false", ["false"], "bad", []),
        ("blocked", [], "skipped", []),
    ],
)
def test_a_verdict_follows_from_the_findings(team, verdict, natures, checked, problems):
    team.begin(item_id=team.item.id)
    rows = [FOUND | {"nature": nature} for nature in natures]
    found = team.run(
        "report_visit", findings=rows, verdict=verdict, summary="s", confirmations=None, checked={team.item.id: checked}
    )
    assert found["problems"] == problems
    assert team.session.query(Finding).count() == (0 if problems else len(rows))


def test_a_finding_about_an_item_of_another_visit_comes_back(team):
    team.begin()
    rows = [FOUND | {"item": team.item.id}]
    found = team.run("report_visit", findings=rows, verdict="lagging", summary="s", confirmations=None, checked=None)
    assert found["problems"] == ["foreign_item"]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (["agree", "agree"], "agree"),
        (["agree", "agree_with_statement"], "agree_with_statement"),
        (["agree", "unsigned"], "unsigned"),
        (["unsigned", "refuse"], "refuse"),
        ([], None),
    ],
)
def test_the_least_that_a_unit_says_counts_for_the_visit(team, said, kept):
    team.begin()
    confirmations = [{"unit": UNIT, "confirmation": one, "statement": None} for one in said]
    team.run(
        "report_visit", findings=None, verdict="consistent", summary="s", confirmations=confirmations, checked=None
    )
    assert team.visit.confirmation == kept


@pytest.mark.parametrize(
    ("disposition", "status", "has_key"),
    [
        ("fixed", "fixed", False),
        ("observe", "observed", False),
        ("rectify", "ordered", True),
        ("common", "pooled", True),
    ],
)
def test_what_becomes_of_a_finding(team, disposition, status, has_key):
    team.begin()
    rows = [FOUND | {"severity": "major"}]
    (told,) = team.run("report_visit", findings=rows, verdict="lagging", summary="s", confirmations=None, checked=None)[
        "findings"
    ]
    found = team.run("dispose_finding", finding_id=told["finding_id"], opinion_text="t", disposition=disposition)
    finding = team.session.get_one(Finding, told["finding_id"])
    assert (finding.status, finding.problem_id is not None, found["number"] is not None) == (status, has_key, has_key)
    assert found["rectification_kind"] == "major"


# ---- ends


def test_a_visit_that_did_not_take_place_has_no_verdict_and_gives_its_day_back(team):
    team.begin(item_id=team.item.id)
    team.check()
    team.run("book_visit", clash_reason=None)
    found = team.run("finish_visit", status="cancelled", reason="雨", item_verdicts=None, measured=None)
    assert found["answers"] == [{"request_id": "r1", "item_id": team.item.id, "verdict": None, "measured_value": None}]
    assert team.session.query(Engagement).count() == 0


def test_wrong_states_are_refused(team):
    team.begin()
    for service, inputs, code in (
        ("book_visit", {"clash_reason": None}, "no_date"),
        ("merge_visit", {"join_visit": team.visit.id}, "not_mergeable"),
        ("finish_visit", {"status": "lost", "reason": None, "item_verdicts": None, "measured": None}, "bad_status"),
        ("dispose_finding", {"finding_id": "none", "opinion_text": "", "disposition": "fixed"}, "no_finding"),
    ):
        with pytest.raises(ServiceFault) as fault:
            team.run(service, **inputs)
        assert fault.value.code == code
    team.instance = an_instance(team.session, "onsite_supervision")
    with pytest.raises(ServiceFault) as fault:
        team.run("visit_checklist")
    assert fault.value.code == "no_visit"


def test_registers_offer_visits_by_number_and_day(team):
    visit = team.begin(item_id=team.item.id)
    assert registers.offer(team.session, "planned_visits") == [], "it has no day yet"
    team.check()
    label = f"{visit.number} 2013-05-07 {visit.title}"
    assert registers.offer(team.session, "planned_visits") == [(visit.id, label)]
    assert registers.offer(team.session, "visits") == [(visit.id, label)]
    assert registers.names(team.session, [visit.id]) == {visit.id: label}
    visit.conducted_at = team.moment.now
    team.session.flush()
    assert registers.offer(team.session, "planned_visits") == []


def test_the_register_keeps_surprise_visits_from_the_district(team):
    visit = team.begin(item_id=team.item.id, reason="suspect_false")
    team.run("assign_visit", executor="cross_district")
    register = register_lists.get("visits")

    def listed(person):
        return [
            one.number
            for one in register_lists.entries(team.session, team.actor(person), register, None, "", "", 9, 0)[0]
        ]

    assert listed("chaoyang-supervision-01") == []
    assert listed("fengtai-supervision-01") == [visit.number], "their own team"
    assert listed("synthesis-lead-01") == [visit.number]
    team.run("record_visit", **seen())
    assert listed("chaoyang-supervision-01") == [visit.number], "the team has been there"

    findings = register_lists.get("findings")
    team.run("report_visit", findings=[FOUND], verdict="lagging", summary="s", confirmations=None, checked=None)
    for person, count in (("chaoyang-supervision-01", 1), ("fengtai-supervision-01", 0), ("synthesis-lead-01", 1)):
        found = register_lists.entries(team.session, team.actor(person), findings, team.campaign, "open", "滞后", 9, 0)
        assert found[1] == count, person
