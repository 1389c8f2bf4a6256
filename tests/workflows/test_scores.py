"""Evidence behind scores: what counts, what does not, for whom; read at once for all; kept in versions."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from bpmn.moment import Moment
from engine.tables import Instance, Message, Task
from engine.tables.base import NO_DUE
from tests.workflows.conftest import an_instance
from workflows import assessments, parameters, scores
from workflows.calendar import WorkingCalendar
from workflows.scoring import units
from workflows.scoring.periods import NoPeriod, ended, read, year
from workflows.tables import (
    Assessment,
    Campaign,
    Change,
    Exposure,
    Instruction,
    LedgerItem,
    Matter,
    Objection,
    Opinion,
    Problem,
    ProgressReport,
    Referral,
    Score,
    ScoreEvent,
    Urging,
)

CALENDAR = WorkingCalendar()
CHAOYANG, AIR, REFORM = "110105", "110000-HBJ", "110000-FGW"


def at(text):
    return Moment(datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone), CALENDAR)


JULY = at("2013-07-05T18:00")


class City:
    """A campaign whose rows are put there; what is read is that of the second quarter, on 07-05."""

    def __init__(self, office):
        self.session, self.office = office.session, office
        self.campaign = office.opened()

    def put(self, row):
        self.session.add(row)
        self.session.flush()
        return row

    def item(self, verified=20, status="in_progress", **changed):
        item = self.office.add(self.office.ledger(), **{"start_date": "2013-05-06", "deadline": "2013-11-29"} | {
            "milestones": [{"date": "2013-06-30", "planned_percent": 40},
                {"date": "2013-11-29", "planned_percent": 100}],
            "item_name": f"事项{uuid4().hex[:6]}",
        } | changed)  # fmt: skip
        item.status, item.verified_percent = status, Decimal(verified)
        self.session.flush()
        return item

    def report(self, item, due, came, **changed):
        due, came = at(f"{due}T17:30").now, at(f"{came}T10:00").now if came else None
        return self.put(ProgressReport(**{
            "item_id": item.id, "period": due.isoformat()[:7], "due": due, "reported_at": came, "evidence": [],
            "on_time": came is not None and came <= due, "verdict": "pass",
        } | changed))  # fmt: skip

    def order(self, unit="110105-HB", deadline="2013-06-20", handed="2013-06-19", closed="2013-06-27", **changed):
        case = an_instance(self.session, "rectification")
        case.title = "整改"
        case.variables = {
            "campaign_id": self.campaign, "unit": unit, "deadline": deadline, "item_id": None,
            "close_order": {"verdict": "close"} if closed else None,
        }  # fmt: skip
        for name, value in changed.items():
            setattr(case, name, value)
        steps = {"issue_order": "2013-06-01", "report_rectification": handed, "close_order": closed}
        for element, day in steps.items():
            if day:
                self.task(case, element, unit, day, None)
        return case

    def task(self, case, element, org, done, due, status="completed"):
        when = at(f"{due}T17:30").now if due else None
        return self.put(Task(
            id=uuid4().hex, instance_id=case.id, element=element, name=element, roles=[], org=org, barred="",
            due=when, due_order=when or NO_DUE, status=status, urged=0, opened_at=at("2013-06-01T09:00").now,
            closed_at=at(f"{done}T10:00").now if done else None,
        ))  # fmt: skip

    def instruction(self, unit=AIR, deadline="2013-06-20", reported="2013-06-18", **changed):
        return self.put(Instruction(**{
            "id": uuid4().hex, "number": uuid4().hex, "title": "批示", "campaign_id": self.campaign,
            "source_kind": "written_comment", "leader_post": "常务副市长", "instruction_text": "请抓紧。",
            "lead_unit": unit,
            "co_units": [], "linked_items": [], "deadline": date.fromisoformat(deadline), "status": "reported",
            "reported_at": at(f"{reported}T10:00").now if reported else None, "registered_at": JULY.now,
        } | changed))  # fmt: skip

    def opinion(self, due, replied, unit=CHAOYANG, **changed):
        return self.put(Opinion(**{
            "id": uuid4().hex, "number": uuid4().hex, "code": uuid4().hex[:20], "campaign_id": self.campaign,
            "unit": unit, "channel": "portal", "title": "扬尘", "content": "扬尘", "anonymous": True, "photos": [],
            "status": "replied",
            "received_at": at("2013-06-01T09:00").now, "due": at(f"{due}T17:30").now, "reopened": 0,
            "replied_at": at(f"{replied}T10:00").now if replied else None,
        } | changed))  # fmt: skip

    def urging(self, rung=4, unit="110105-HB", day="2013-06-20", **changed):
        case = changed.pop("case", None) or an_instance(self.session, "item_progress")
        return self.put(Urging(**{
            "campaign_id": self.campaign, "instance_id": case.id, "unit": unit, "district": CHAOYANG, "rung": rung,
            "kind": "order", "at": at(f"{day}T10:00").now, "due": at("2013-06-10T17:30").now,
        } | changed))  # fmt: skip

    def compute(self, unit=CHAOYANG, period="2013-Q2", moment=JULY):
        return scores.compute(self.session, self.campaign, unit, period, moment)

    def component(self, name, unit=CHAOYANG, period="2013-Q2", moment=JULY):
        found = {one.name: one for one in self.compute(unit, period, moment).components}
        return found.get(name)

    def rules(self, name, unit=CHAOYANG):
        return sorted(one.entry.rule for one in self.compute(unit).events if one.entry.component == name)


@pytest.fixture
def city(office):
    return City(office)


def test_periods():
    assert [read("2013-Q2").first, read("2013-Q2").last] == [date(2013, 4, 1), date(2013, 6, 30)]
    assert (read("2013").label, year(date(2013, 5, 1)).last) == ("2013年度", date(2013, 12, 31))
    assert ended(date(2014, 1, 7)).key == "2013-Q4"
    for nonsense in ("2013-Q5", "13", "2013-06", "0000", "x"):
        with pytest.raises(NoPeriod):
            read(nonsense)


def test_who_is_assessed(city):
    found = units.assessed(city.session, city.session.get_one(Campaign, city.campaign))
    assert sum(kind == "district" for kind in found.values()) == 17
    assert sum(kind == "lead_unit" for kind in found.values()) == 5
    assert {code for code, kind in found.items() if kind == "co_unit"} == {REFORM, "110000-GTJ", "110000-ZJW"}
    assert not {"110000-JCJ", "110000-ZUZ", "110000-XCB", "110000"} & set(found)


def test_lead_units_are_paired_with_whom_the_ledger_or_an_instruction_names(city):
    city.item(co_units=[REFORM, "110105-SW"])
    city.instruction(unit="110000-SWJ", co_units=["110000-GTJ", "110000-ZUZ"])
    assert units.pairs(city.session, city.campaign) == [(AIR, REFORM), ("110000-SWJ", "110000-GTJ")]


def test_who_is_not_assessed_has_no_score(city):
    with pytest.raises(scores.NotAssessed):
        city.compute("110000-ZUZ")


def test_the_ledger_counts_what_is_verified_of_what_was_planned(city):
    city.item(verified=20)
    city.item(verified=90, difficulty="hard")
    found = city.component("ledger")
    assert found.rate == pytest.approx((20 / 40 + 1.5 * 1) / 2.5)
    assert found.possible == Decimal(100), "nothing else was due, so the ledger has all of the weight"
    assert city.component("ledger", AIR).rate == pytest.approx(found.rate), "the lead unit of the task answers too"
    assert city.compute("110106").total is None


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "suspended"},
        {"status": "cancelled"},
        {"status": "merged"},
        {"start_date": "2013-07-01", "deadline": "2013-12-01",
         "milestones": [{"date": "2013-12-01", "planned_percent": 100}]},
    ],
)  # fmt: skip
def test_what_is_neutral(city, changed):
    city.item(**changed)
    assert city.component("ledger") is None


def test_a_closed_item_counts_in_full(city):
    city.item(verified=10, status="closed")
    assert (city.component("ledger").rate, city.rules("ledger")) == (1, ["closed"])


def test_an_extension_that_came_too_late_does_not_help(city):
    item = city.item(verified=30)
    case = an_instance(city.session, "change_request")
    late = {
        "id": case.id, "number": "督变字〔2013〕1号", "title": "延期", "campaign_id": city.campaign, "item_id": item.id,
        "change_type": "extension", "old_deadline": date(2013, 6, 20), "in_time": False, "status": "approved",
        "filed_at": JULY.now,
    }  # fmt: skip
    change = city.put(Change(**late))
    assert (city.component("ledger").rate, city.rules("ledger")) == (pytest.approx(0.3), ["late_extension"])
    change.in_time = True
    city.session.flush()
    assert (city.component("ledger").rate, city.rules("ledger")) == (pytest.approx(0.75), ["progress"])


def test_reports_in_time_late_returned_and_missing(city):
    item = city.item()
    city.report(item, "2013-05-27", "2013-05-24")
    city.report(item, "2013-06-24", "2013-06-25", desk_verdict="return")
    city.report(item, "2013-06-24", "2013-06-26")  # once more, after the return: the first one counts
    other = city.item()
    other.report_due, other.report_period = at("2013-05-27T17:30").now, "2013-05"
    city.session.flush()
    assert city.rules("timeliness") == ["report_late", "report_missed", "report_missed", "report_on_time"]
    assert city.component("timeliness").rate == pytest.approx(1 / 4)
    assert city.rules("returned") == ["report_returned"]


def test_a_report_that_was_returned_and_is_awaited_again_is_counted_once(city):
    item = city.item()
    city.report(item, "2013-06-24", "2013-06-21", verdict="return")
    item.report_due, item.report_period = at("2013-06-24T17:30").now, "2013-06"
    city.session.flush()
    assert city.rules("timeliness") == ["report_on_time"]


def test_orders_count_by_the_day_on_which_they_were_handed_in(city):
    city.order()
    city.order(handed="2013-06-21")
    city.order(handed=None, closed=None)
    city.order(handed="2013-06-20", closed=None)  # being rechecked: nobody's delay yet
    city.order(deadline="2013-07-20")  # not due in the quarter
    city.order(status="cancelled")
    assert city.rules("rectification") == ["order_late", "order_late", "order_on_time"]


def test_an_order_that_was_revoked_does_not_count(city):
    case = city.order(handed=None, closed=None)
    assert city.component("rectification").rate == 0
    city.put(Objection(
        id=uuid4().hex, number="督异字〔2013〕1号", title="异议", conclusion_id=case.id, campaign_id=city.campaign,
        unit=CHAOYANG, authors=[], grounds="", status="decided", verdict="revoke", source="rectification",
        source_instance_id=case.id, filed_at=JULY.now,
    ))  # fmt: skip
    assert city.component("rectification") is None


def test_instructions_of_lead_units_and_of_those_that_help(city):
    city.instruction()
    city.instruction(reported="2013-06-21")
    city.instruction(action_required="read_only", reported=None)
    city.instruction(status="cancelled", reported=None)
    city.instruction(unit=REFORM, reported=None)
    assert city.component("instructions", AIR).rate == pytest.approx(0.5)
    assert (city.component("promises", REFORM).rate, city.component("instructions", REFORM)) == (0, None)


def test_a_leader_who_is_satisfied_commends(city):
    city.instruction(verdict="satisfied", quality="good", ended_at=at("2013-06-25T10:00").now, status="archived")
    city.instruction(verdict="satisfied", quality="fair", ended_at=at("2013-06-25T10:00").now, status="archived")
    assert city.rules("commended", AIR) == ["leader_satisfied"]


def test_the_public_three_rates_weigh_the_same(city):
    rated = {"rated_at": at("2013-06-28T10:00").now}
    city.opinion("2013-06-20", "2013-06-19", resolved=True, satisfaction="satisfied", **rated)
    city.opinion("2013-06-20", "2013-06-19", resolved=False, **rated)
    city.opinion("2013-06-20", None)
    city.opinion("2013-06-20", None, status="cancelled")
    found = city.component("public")
    assert found.rate == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)


def test_matters_are_to_be_submitted_in_time(city):
    def matter(first, requested):
        return city.put(Matter(
            id=uuid4().hex, number=uuid4().hex, title="用地", background="", campaign_id=city.campaign, task_code="air",
            status="submitted", handling_units=[], first_needed_on=date.fromisoformat(first), source="common_problem",
            requested_at=at(f"{requested}T10:00").now,
        ))  # fmt: skip

    matter("2013-06-03", "2013-06-18")  # ten working days: three holidays, and two days at a weekend that were worked
    matter("2013-06-03", "2013-06-19")
    assert city.rules("timeliness", AIR) == ["matter_late", "matter_timely"]


def test_deductions_and_bonuses(city):
    item = city.item(verified=40)
    city.urging()
    city.urging(rung=3)
    city.urging(void_since=JULY.now)
    city.urging(day="2013-03-20")
    city.put(Exposure(
        id=uuid4().hex, number="督曝字〔2013〕1号", campaign_id=city.campaign, unit="110105-HB", title="扬尘",
        outlet="电视", published_on=date(2013, 6, 1), status="exposed", instance_id=city.office.instance.id,
        recorded_at=JULY.now,
    ))  # fmt: skip
    city.report(item, "2013-05-27", "2013-05-24", self_disclosed=True)
    city.put(Problem(
        id=uuid4().hex, number="督问字〔2013〕1号", title="缺资金", facts="", campaign_id=city.campaign,
        item_id=item.id, districts=[CHAOYANG], affected_units=[], status="solved", source="item_progress", reopened=0,
        reported_at=at("2013-05-28T10:00").now, ended_at=at("2013-06-28T10:00").now,
    ))  # fmt: skip
    assert [city.rules(name) for name in ("urged", "exposed", "disclosed")] == [
        ["order_level"], ["exposure_open"], ["problem_solved"],
    ]  # fmt: skip
    assert city.compute().total == Decimal("98.70")


def test_an_exposure_that_was_put_right_or_corrected_does_not_count(city):
    for status, resolved in (("resolved", date(2013, 6, 20)), ("corrected", None), ("resolved", date(2013, 7, 3))):
        city.put(Exposure(
            id=uuid4().hex, number=uuid4().hex, campaign_id=city.campaign, unit=CHAOYANG, title="扬尘", outlet="电视",
            published_on=date(2013, 6, 1), status=status, resolved_on=resolved, recorded_at=JULY.now,
            instance_id=city.office.instance.id,
        ))  # fmt: skip
    assert city.rules("exposed") == ["exposure_open"], "the last one stood on the last day of the quarter"


def test_confirmed_false_reports(city):
    item = city.item(verified=40)
    item.falsified, item.changed_at = True, at("2013-06-20T10:00").now
    for verified, hidden in ((True, False), (False, False), (None, False), (True, True)):
        case = an_instance(city.session, "accountability")
        city.put(Referral(
            id=case.id, referral_id=uuid4().hex, number=uuid4().hex, title="假整改", campaign_id=city.campaign,
            subject_unit="110105-HB", conduct="false", facts="", source="rectification", status="closed",
            verified=verified, hidden=hidden, instance_id=case.id, received_at=at("2013-06-21T10:00").now,
        ))  # fmt: skip
    assert city.rules("falsified") == ["item_false", "order_false"]
    assert city.compute().total == Decimal("90.00")


def test_those_that_help_are_scored_by_replies_and_promises(city):
    instruction = city.instruction(unit=AIR, reported=None)
    case = an_instance(city.session, "leader_instruction")
    instruction.instance_id = case.id
    city.task(case, "co_opinion", REFORM, "2013-06-10", "2013-06-11")
    city.task(case, "co_opinion", REFORM, "2013-06-12", "2013-06-11")
    city.task(case, "co_opinion", REFORM, "2013-06-12", "2013-06-11", status="cancelled")
    city.task(case, "co_opinion", REFORM, "2013-06-10", "2013-06-11", status="cancelled")
    city.order(unit=REFORM)
    assert city.rules("replies", REFORM) == ["reply_late", "reply_late", "reply_on_time"]
    assert city.compute(REFORM).total == Decimal("66.67")
    assert city.component("rectification", REFORM) is None


def test_a_year_has_all_of_its_quarters(city):
    item = city.item()
    city.report(item, "2013-05-27", "2013-05-24")
    city.report(item, "2013-08-26", "2013-08-27")
    assert city.component("timeliness", period="2013", moment=at("2013-09-05T10:00")).count == 2


def test_the_statements_do_not_grow_with_units_and_items(city, database, count):
    def counted():
        with count(database) as made:
            scores.compute_all(city.session, city.campaign, "2013-Q2", JULY)
        return len(made)

    city.item()
    city.order()
    before = counted()
    for number in range(12):
        city.report(city.item(), "2013-06-24", "2013-06-21")
        city.order()
        city.urging(day=f"2013-06-{number + 1:02}")
    assert counted() == before <= 25


# ---- kept


@pytest.fixture
def kept(city):
    """The scores of the second quarter, kept for a case."""
    city.item(verified=40)
    city.report(city.item(verified=40), "2013-06-24", "2013-06-21")
    case = an_instance(city.session, "performance_assessment")
    assessments.begin(city.session, case, {"campaign_id": city.campaign, "period": "2013-Q2"}, JULY)
    assessment = city.session.get_one(Assessment, case.id)
    scores.keep(city.session, assessment, scores.compute_all(city.session, city.campaign, "2013-Q2", JULY), JULY)
    return assessment


def of(city, assessment, unit=CHAOYANG):
    return scores.current(city.session, assessment.id)[unit]


def test_one_district_with_a_score_is_not_ranked(city, kept):
    assert (of(city, kept).total, of(city, kept).rank, of(city, kept).ranked) == (Decimal(100), None, None)


def test_five_are_ranked_and_equal_ones_share_a_place(city, kept):
    totals = {"110101": 90, "110102": 95, "110105": 95, "110106": 70, "110107": 99}
    for unit, total in totals.items():
        of(city, kept, unit).total = Decimal(total)
    scores.rank(city.session, kept, JULY)
    assert {unit: of(city, kept, unit).rank for unit in totals} == {
        "110107": 1, "110102": 2, "110105": 2, "110101": 4, "110106": 5,
    }  # fmt: skip
    assert of(city, kept, "110107").ranked == 5
    assert of(city, kept, "110108").rank is None, "who had nothing to do has no place"
    of(city, kept, "110106").total = None
    scores.rank(city.session, kept, JULY)
    assert {of(city, kept, unit).rank for unit in totals} == {None}


def test_which_periods_are_due(city, kept):
    def due(asked, day):
        found = asked(city.session, at(f"{day}T18:00"))
        assert found["timing"] == {"assessment_days": 5}
        return [(one["campaign_id"], one["period"]) for one in found["items"]]

    assert due(assessments.quarters_due, "2013-07-05") == [], "the second quarter is being assessed already"
    assert due(assessments.quarters_due, "2013-10-14") == [(city.campaign, "2013-Q3")]
    assert due(assessments.years_due, "2013-10-14") == []
    assert due(assessments.quarters_due, "2014-01-08") == [], "the fourth quarter is part of the year"
    assert due(assessments.years_due, "2014-01-08") == [(city.campaign, "2013")]
    city.session.get_one(Campaign, city.campaign).status = "cancelled"
    assert due(assessments.years_due, "2014-01-08") == []


def test_a_case_that_only_some_may_see_is_no_evidence(city):
    city.order(handed=None, closed=None, restricted_to="|discipline_officer|")
    assert city.component("rectification") is None


def test_a_period_is_assessed_once(city, kept):
    case = an_instance(city.session, "performance_assessment")
    again = assessments.begin(city.session, case, {"campaign_id": city.campaign, "period": "2013-Q2"}, JULY)
    assert (again["repeated"], again["assessment_id"]) == (True, None)


def test_a_revoked_conclusion_changes_what_rests_on_it_and_nothing_else(city, kept):
    case = city.order(handed=None, closed=None)
    other = an_instance(city.session, "performance_assessment")
    kept.status = "cancelled"
    assessments.begin(city.session, other, {"campaign_id": city.campaign, "period": "2013-Q2"}, JULY)
    second = city.session.get_one(Assessment, other.id)
    found = scores.compute_all(city.session, city.campaign, "2013-Q2", JULY)
    scores.keep(city.session, second, found, JULY)
    before = of(city, second)
    assert before.total < 100
    second.status = "published"
    city.session.execute(update(LedgerItem).values(verified_percent=0))  # what happens later changes nothing
    made = assessments.undo(city.session, case.id, JULY)
    assert [(one.unit, one.version, one.reason, one.total) for one in made] == [(CHAOYANG, 2, "revoked", Decimal(100))]
    (told,) = city.session.scalars(select(Message).where(Message.name == "msg_score_published"))
    assert (told.instance_id, told.element, told.payload["corrected"]) == (second.id, "score_published", True)
    assert not before.is_current
    assert before.total < 100, "the old version stays"
    assert assessments.undo(city.session, case.id, JULY) == []
    events = city.session.scalars(select(ScoreEvent).where(ScoreEvent.score_id == made[0].id)).all()
    assert case.id not in {event.instance_id for event in events}


def test_scores_are_computed_anew_with_the_numbers_of_their_day(city, kept):
    admin = city.office.actor("admin-01")
    later = Moment(JULY.now + timedelta(days=40), CALENDAR)
    parameters.put(city.session, admin, "score_falsified", 50, later.today, "stricter", later)
    (entry,) = (one.entry for one in city.compute().events[:1])
    false = type(entry)("falsified", "item_false", 1.0, 1.0, "item", "x")
    (made,) = scores.renew(city.session, kept, [CHAOYANG], lambda _, entries: [*entries, false], "appeal", later)
    assert made.total == Decimal(95)


def test_nothing_is_computed_anew_where_nothing_changes(city, kept):
    assert scores.renew(city.session, kept, [CHAOYANG, AIR], lambda _, entries: list(entries), "rating", JULY) == []
    assert len(city.session.scalars(select(Score).where(Score.unit == CHAOYANG)).all()) == 1


def test_the_fingerprint_changes_with_what_is_published(city, kept):
    held = assessments.in_order(scores.current(city.session, kept.id).values())
    before = assessments.fingerprint(kept, held)
    assert before == assessments.fingerprint(kept, held)
    of(city, kept).total = Decimal("99.99")
    assert assessments.fingerprint(kept, held) != before
    assert city.session.get(Instance, kept.id) is not None
