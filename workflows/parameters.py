"""The numbers of the supervision that the guide marks as house defaults: one visible table, changed with a date.

A diagram or decision table never states such a number itself.  It reads them from a service task early in the process
(`read`) and passes them on by name.  Administrators set another value from a day on; what was set is never overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.access import ADMIN, Actor, require
from engine.services import Premises
from engine.tables import Instance
from faults import N_, Fault, Problem, Refused
from workflows.tables import ParameterValue

VARIABLE = "parameters"  # in which diagrams hand them to decision tables

Kind = Literal["working_days", "calendar_days", "hours", "count", "percent", "points", "score"]
Value = int | float


class NoSuchParameter(Fault):
    """There is no parameter {name}."""


class ParameterRefused(Refused):
    """The parameter can't be set like this. Correct the marked fields and try again."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """``source``: the clause, rule or table of the guide that the default comes from. Bounds are inclusive."""

    name: str
    title: str
    default: Value
    type: Kind
    source: str
    least: Value = 0
    most: Value = 3660


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of a parameter's history; ``set_by`` is an account id, None for the default of the program."""

    name: str
    value: Value
    valid_from: date | None
    set_by: str | None
    reason: str


# fmt: off
_TABLE = (
    # P01, P02
    Parameter("liaison_days", N_("Naming a liaison officer"), 3, "working_days", "P01", 1),
    Parameter("receipt_days", N_("Signing for a notice"), 1, "working_days", "P02", 1),
    Parameter("ledger_days", N_("Compiling a ledger, from the notice"), 10, "working_days", "P02", 1),
    Parameter("ledger_illegal_days", N_("Full ledger of illegal construction, from the notice"), 42, "calendar_days",
        "P02 R10", 1),
    Parameter("ledger_remind_days", N_("Reminder before a ledger is due"), 3, "working_days", "P02"),
    Parameter("ledger_escalate_days", N_("Escalation after a ledger was due"), 3, "working_days", "P02"),
    Parameter("ledger_return_rounds", N_("Returns of a ledger before it is mediated"), 3, "count", "P02", 1, 20),
    Parameter("review_days", N_("Reviewing what was submitted"), 3, "working_days", "P02", 1),
    Parameter("approval_days", N_("Approving what was submitted"), 2, "working_days", "P02", 1),
    Parameter("mediation_days", N_("Mediating a target"), 5, "working_days", "P02", 1),
    # P03, D1
    Parameter("sign_item_days", N_("Signing for an item"), 1, "working_days", "P03", 1),
    Parameter("report_day", N_("Day of the monthly report, counted from the last working day"), 5, "working_days",
        "P03", 1, 15),
    Parameter("red_report_days", N_("Rhythm of reports under a red light"), 7, "calendar_days", "P03", 1, 31),
    Parameter("report_window_days", N_("Opening of reporting before it is due"), 5, "working_days", "P03", 0, 20),
    Parameter("verify_days", N_("Verifying a report"), 2, "working_days", "P03", 1),
    Parameter("sample_percent", N_("Share of reports that are checked at the desk"), 10, "percent", "P03", 0, 100),
    Parameter("check_days", N_("Checking a report at the desk"), 3, "working_days", "P03", 1),
    Parameter("completion_days", N_("Verifying a completion"), 5, "working_days", "P03", 1),
    Parameter("closing_days", N_("Approving the closing of an item"), 2, "working_days", "P03", 1),
    Parameter("sample_jump", N_("Progress within one period that looks like a jump"), 25, "points", "P03", 1, 100),
    Parameter("light_red_gap", N_("Gap to the plan that turns a light red"), 30, "points", "D1 R8", 0, 100),
    Parameter("light_yellow_gap", N_("Gap to the plan that turns a light yellow"), 10, "points", "D1 R8", 0, 100),
    Parameter("light_near_days", N_("Nearness of the deadline that turns a light yellow"), 3, "working_days", "D1 R9"),
    Parameter("light_red_missed", N_("Missed reports in a row that turn a light red"), 2, "count", "D1", 1, 12),
    Parameter("light_yellow_missed", N_("Missed reports that turn a light yellow"), 1, "count", "D1", 1, 12),
    Parameter("photo_alike_bits", N_("Bits of 64 in which photos that look alike may differ"), 6, "count", "section 8",
        0, 7),
    # M4b: the portal
    Parameter("portal_opinions_hour", N_("Opinions of one visitor of the portal in an hour"), 5, "count", "M4b", 1,
        1000),
    Parameter("portal_opinions_all_hour", N_("Opinions of all visitors of the portal in an hour"), 500, "count", "M4b",
        1, 100_000),
    Parameter("portal_lookups_hour", N_("Look-ups of one visitor of the portal in an hour"), 60, "count", "M4b", 1,
        1000),
    Parameter("portal_lookups_all_hour", N_("Look-ups of all visitors of the portal in an hour"), 5000, "count", "M4b",
        1, 1_000_000),
    # D2
    Parameter("urge_remind_days", N_("Reminder before something is due"), 3, "working_days", "D2"),
    Parameter("urge_second_days", N_("Second urging"), 1, "working_days", "D2"),
    Parameter("urge_order_days", N_("Supervision order"), 3, "working_days", "D2"),
    Parameter("urge_talk_days", N_("Proposal of a talk"), 5, "working_days", "D2"),
    Parameter("urge_referral_days", N_("Referral for accountability"), 10, "working_days", "D2"),
    Parameter("urge_referral_count", N_("Overdue cases that lead to a referral"), 3, "count", "D2", 1, 99),
    # P04
    Parameter("instruction_sign_hours", N_("Signing for an urgent instruction"), 4, "hours", "P04", 1, 240),
    Parameter("instruction_sign_days", N_("Signing for an instruction"), 1, "working_days", "P04", 1),
    Parameter("instruction_redispatches", N_("Re-dispatches of a declined instruction"), 2, "count", "P04", 0, 20),
    Parameter("co_opinion_days", N_("Opinion of a co-unit"), 3, "working_days", "P04", 1),
    Parameter("stage_report_day", N_("Day of the monthly stage report, counted from the last working day"), 5,
        "working_days", "P04", 1, 15),
    Parameter("office_step_days", N_("A step inside the office"), 2, "working_days", "P04", 1),
    Parameter("archive_days", N_("Archiving"), 5, "working_days", "P04", 1),
    # P05, D3
    Parameter("triage_days", N_("Assessing a reported problem"), 2, "working_days", "P05", 1),
    Parameter("similar_points", N_("Likeness from which a problem is shown as similar"), 25, "points", "P05", 1, 100),
    Parameter("study_days", N_("Studying a common problem"), 5, "working_days", "P05", 1),
    Parameter("solution_days", N_("Proposing measures against a common problem"), 3, "working_days", "P05", 1),
    Parameter("issue_days", N_("Issuing measures against a common problem"), 2, "working_days", "P05", 1),
    Parameter("unit_opinion_days", N_("Opinion of a unit on a common problem"), 5, "working_days", "P05", 1),
    Parameter("problem_agenda_days", N_("Open problems go onto the monthly agenda"), 15, "working_days", "P05", 1),
    Parameter("common_districts", N_("Districts that make a problem a common one"), 3, "count", "D3", 2, 17),
    Parameter("common_tasks", N_("Tasks that make a problem a common one"), 2, "count", "D3", 2, 4),
    Parameter("common_window_days", N_("Period in which like problems count together"), 60, "calendar_days", "D3", 1),
    # P06, D4
    Parameter("order_sign_days", N_("Signing for a rectification order"), 1, "working_days", "P06", 1),
    Parameter("recheck_days", N_("Rechecking a rectification, and looking back"), 5, "working_days", "P06", 1),
    Parameter("plan_days", N_("Rectification plan"), 5, "working_days", "P06", 1),
    Parameter("rectify_immediate_days", N_("Rectification at once"), 3, "working_days", "D4", 1),
    Parameter("rectify_general_days", N_("General rectification"), 15, "working_days", "D4", 1),
    Parameter("rectify_major_days", N_("Major rectification"), 30, "working_days", "D4", 1),
    Parameter("rectify_new_illegal_days", N_("Demolition of new illegal buildings"), 7, "calendar_days", "D4 R10", 1),
    Parameter("publicity_days", N_("Announcement of a closing"), 5, "calendar_days", "P06", 1),
    Parameter("look_back_days", N_("Looking back after a closing"), 30, "calendar_days", "P06", 1),
    Parameter("recheck_fail_count", N_("Failed rechecks that lead to a referral"), 2, "count", "P06", 1, 20),
    # P07, D10
    Parameter("countersign_days", N_("Countersigning a request"), 5, "working_days", "P07", 1),
    Parameter("decision_reminder_days", N_("Reminder of a decision"), 5, "working_days", "P07", 1),
    Parameter("public_comment_days", N_("Public comment on a major decision"), 30, "calendar_days", "D10 R4", 1),
    Parameter("legality_review_days", N_("Legality review of a major decision"), 7, "working_days", "D10 R4", 1),
    Parameter("decision_timely_days", N_("From the first need to the request for a decision"), 10, "working_days",
        "S3.3", 1),
    # P08
    Parameter("objection_accept_days", N_("Deciding whether an objection is taken up"), 2, "working_days", "P08", 1),
    Parameter("objection_days", N_("Filing an objection after receipt"), 30, "calendar_days", "P08 R1", 1),
    Parameter("objection_review_days", N_("Deciding an objection"), 30, "calendar_days", "P08 R1", 1),
    Parameter("objection_warning_day", N_("Warning before the limit of an objection"), 25, "calendar_days", "P08", 1),
    # P09, D11
    Parameter("change_apply_days", N_("Writing the application for a change"), 5, "working_days", "P09", 1),
    Parameter("change_opinion_days", N_("Opinion of the district on a change"), 2, "working_days", "P09", 1),
    Parameter("change_days", N_("Deciding a change"), 3, "working_days", "P09", 1),
    Parameter("extension_lead_days", N_("Extension that the task group may grant"), 10, "working_days", "D11", 1),
    Parameter("extension_deputy_days", N_("Extension that the office may grant"), 30, "working_days", "D11", 1),
    Parameter("extension_meeting_count", N_("Extension that the meeting decides"), 3, "count", "D11", 2, 20),
    # M1
    Parameter("joint_months", N_("Months from one joint supervision to the next"), 3, "count", "M1", 1, 12),
    Parameter("theme_days", N_("Proposing the theme of a joint supervision"), 5, "working_days", "M1", 1),
    Parameter("brief_days", N_("Material of a task group for a joint supervision"), 3, "working_days", "M1", 1),
    Parameter("self_check_days", N_("Self-check of a lead unit"), 3, "working_days", "M1", 1),
    Parameter("findings_days", N_("Putting the findings of a joint supervision together"), 3, "working_days", "M1", 1),
    Parameter("acknowledge_days", N_("Acknowledging a conclusion"), 3, "working_days", "M1", 1),
    # M3
    Parameter("activity_days", N_("Entering and scheduling an inspection of deputies"), 3, "working_days", "M3", 1),
    Parameter("materials_days", N_("Material for an inspection of deputies"), 3, "working_days", "M3", 1),
    Parameter("deputy_reply_months", N_("Months to answer a suggestion of a deputy"), 3, "count", "M3 R5", 1, 12),
    Parameter("deputy_most_months", N_("Months at most, with the consent of the deputy"), 6, "count", "M3 R5", 1, 24),
    Parameter("deputy_rework_months", N_("Months to handle an answer again that did not satisfy"), 2, "count", "M3 R5",
        1, 12),
    Parameter("deputy_late_days", N_("Last days for an answer that is late without consent"), 5, "working_days", "M3",
        1),
    Parameter("deputy_feedback_days", N_("Feedback of a deputy on an answer"), 15, "working_days", "M3 R5", 1),
    # M2
    Parameter("visit_plan_days", N_("Planning a visit"), 2, "working_days", "M2", 1),
    Parameter("visit_notice_days", N_("Announcing a visit before it takes place"), 1, "working_days", "M2", 1),
    Parameter("visit_team_least", N_("People of a team that visits"), 2, "count", "M2 R1", 1, 20),
    Parameter("visit_near_days", N_("Visits to a unit that are so near that they should be one"), 3, "working_days",
        "M2 R1"),
    Parameter("visit_window_days", N_("Period in which visits to a unit count together"), 30, "calendar_days", "M2 R1",
        1, 366),
    Parameter("visit_frequency", N_("Visits to a unit within that period"), 2, "count", "M2 R1", 1, 99),
    Parameter("visit_confirm_days", N_("Signing what was found on a visit"), 1, "working_days", "M2", 1),
    Parameter("visit_report_days", N_("Reporting on a visit"), 3, "working_days", "M2", 1),
    Parameter("visit_opinion_days", N_("Opinion on a finding"), 3, "working_days", "M2", 1),
    Parameter("visit_month_day", N_("Working day of the month on which visits are planned"), 1, "working_days", "M2", 1,
        15),
    Parameter("visit_month_items", N_("Items that a monthly visit proposes at most"), 3, "count", "M2", 1, 50),
    # M7a, D6
    Parameter("assessment_days", N_("Assessment, after the end of the quarter"), 5, "working_days", "M7a", 1, 40),
    Parameter("score_confirm_days", N_("Checking one's own score"), 5, "working_days", "M7a", 1),
    Parameter("score_appeal_days", N_("Deciding an appeal against a score"), 3, "working_days", "M7a", 1),
    Parameter("score_rating_days", N_("Rating those that help"), 5, "working_days", "M7a", 1),
    Parameter("score_team_days", N_("Waiting for the judgement about leaders"), 10, "working_days", "M7a", 1),
    Parameter("score_campaign_weight", N_("Weight within the yearly evaluation"), 10, "percent", "M7a S4.7a", 0, 100),
    Parameter("score_ranking_least", N_("Units from which there is a ranking"), 5, "count", "M7a", 2, 99),
    Parameter("score_hard_weight", N_("Weight of a hard item (an ordinary one: 100)"), 150, "percent", "D6", 0, 1000),
    Parameter("score_decision_weight", N_("Weight of an item that needs a decision (an ordinary one: 100)"), 120,
        "percent", "D6", 0, 1000),
    Parameter("score_ledger", N_("Points for the ledger"), 50, "score", "D6 R11", 0, 100),
    Parameter("score_timeliness", N_("Points for timely reports"), 15, "score", "D6 R11", 0, 100),
    Parameter("score_rectification", N_("Points for timely rectification"), 15, "score", "D6 R11", 0, 100),
    Parameter("score_instructions", N_("Points for timely instructions"), 10, "score", "D6 R11", 0, 100),
    Parameter("score_public", N_("Points for what the public says"), 10, "score", "D6 R11", 0, 100),
    Parameter("score_returned", N_("Deduction for a returned report"), 0.5, "score", "D6", 0, 100),
    Parameter("score_returned_cap", N_("Deduction for returned reports at most"), 5, "score", "D6", 0, 100),
    Parameter("score_urged", N_("Deduction for a supervision order"), 0.5, "score", "D6", 0, 100),
    Parameter("score_urged_cap", N_("Deduction for supervision orders at most"), 5, "score", "D6", 0, 100),
    Parameter("score_exposed", N_("Deduction for an exposure that is not resolved"), 1, "score", "D6", 0, 100),
    Parameter("score_falsified", N_("Deduction for a confirmed false report"), 5, "score", "D6", 0, 100),
    Parameter("score_disclosed", N_("Bonus for an own problem that was reported and solved"), 0.2, "score", "D6", 0,
        100),
    Parameter("score_disclosed_cap", N_("Bonus for own problems at most"), 2, "score", "D6", 0, 100),
    Parameter("score_commended", N_("Bonus for a commendation"), 0.5, "score", "D6", 0, 100),
    Parameter("score_commended_cap", N_("Bonus for commendations at most"), 2, "score", "D6", 0, 100),
    Parameter("score_replies", N_("Points of a co-unit for timely replies"), 40, "score", "D6", 0, 100),
    Parameter("score_promises", N_("Points of a co-unit for what was handled in time"), 40, "score", "D6", 0, 100),
    Parameter("score_rating", N_("Points of a co-unit for the rating by lead units"), 20, "score", "D6", 0, 100),
    Parameter("score_excellent", N_("Points from which a score is excellent"), 90, "score", "D6", 0, 100),
    Parameter("score_good", N_("Points from which a score is good"), 80, "score", "D6", 0, 100),
    Parameter("score_fair", N_("Points from which a score is fair"), 60, "score", "D6", 0, 100),
    # M4
    Parameter("disclosure_day", N_("Working day of the month on which a round of disclosures begins"), 5,
        "working_days", "M4a S4.4a", 1, 15),
    Parameter("disclosure_urge_days", N_("Disclosing plans and progress"), 15, "working_days", "M4a", 1, 20),
    Parameter("disclosure_limit_days", N_("Legal limit of disclosing"), 20, "working_days", "M4a R7", 1, 60),
    Parameter("release_days", N_("Signing a disclosure"), 2, "working_days", "M4a", 1),
    Parameter("opinion_accept_days", N_("Taking up an opinion of the public"), 1, "working_days", "M4b", 1),
    Parameter("opinion_assess_days", N_("Considering a suggestion of the public"), 5, "working_days", "M4b", 1),
    Parameter("opinion_reply_days", N_("Answering an opinion of the public"), 15, "working_days", "M4b", 4, 60),
    Parameter("opinion_interim_days", N_("Interim answer before the answer is due"), 3, "working_days", "M4b", 1, 3),
    Parameter("opinion_callback_days", N_("Awaiting what people say of the answer"), 5, "working_days", "M4b", 1, 60),
    Parameter("opinion_reopen_count", N_("Reopenings of an opinion that is not content"), 1, "count", "M4b", 0, 5),
    # M6
    Parameter("flash_day", N_("Weekday of the flash bulletin, Monday is 1"), 5, "count", "M6a S4.6b", 1, 7),
    Parameter("flash_hour", N_("Hour at which the flash bulletin is begun"), 16, "count", "M6a", 0, 23),
    Parameter("flash_confirm_days", N_("Confirming material for the flash bulletin"), 1, "working_days", "M6a", 1),
    Parameter("flash_edit_days", N_("A step of editing a bulletin or report"), 1, "working_days", "M6a", 1),
    Parameter("leader_note_days", N_("Registering what leaders write on a bulletin"), 5, "working_days", "M6a", 1),
    Parameter("monthly_day", N_("Day on which the monthly report is begun, counted from the last working day"), 5,
        "working_days", "M6b S4.6c", 1, 15),
    Parameter("monthly_summary_days", N_("Confirming the monthly summary of a group"), 1, "working_days", "M6b", 1),
    Parameter("attendance_days", N_("Answering an invitation to the meeting"), 2, "working_days", "M6b", 1),
    Parameter("meeting_postpone_days", N_("Days by which a meeting is put off"), 2, "working_days", "M6b", 1, 20),
    Parameter("minutes_days", N_("Writing the minutes of a meeting"), 2, "working_days", "M6b", 1),
    Parameter("quarterly_day", N_("Working day after the quarter on which its report is begun"), 5, "working_days",
        "M6c S4.6f", 1, 30),
    Parameter("quarterly_report_days", N_("Writing the quarterly report"), 10, "working_days", "M6c", 1, 60),
    Parameter("chapter_days", N_("Confirming a chapter of the quarterly report"), 3, "working_days", "M6c", 1),
    # M5, D5
    Parameter("media_verify_days", N_("Looking into a clue for the media"), 2, "working_days", "M5", 1),
    Parameter("media_statement_days", N_("Statement of the unit that a clue is about"), 2, "working_days", "M5", 1),
    Parameter("media_review_days", N_("Reviewing what is to be published"), 2, "working_days", "M5", 1),
    Parameter("exposure_fail_count", N_("Failed rechecks from which a unit is exposed"), 2, "count", "D5", 1, 20),
    # M7b, D7
    Parameter("referral_days", N_("Registering a referral for accountability"), 2, "working_days", "M7b", 1),
    Parameter("verifier_count", N_("People who verify the facts of a referral"), 2, "count", "M7b", 1, 9),
    Parameter("unit_statement_days", N_("Statement of a unit before a measure"), 5, "working_days", "M7b", 1),
    Parameter("authority_days", N_("Reminder of a result that an authority owes"), 30, "calendar_days", "M7b", 1),
    Parameter("accountability_talks", N_("Earlier talks from which criticism is circulated"), 1, "count", "D7", 1, 20),
    Parameter("accountability_earlier", N_("Earlier measures from which a talk follows"), 1, "count", "D7", 1, 20),
)
# fmt: on
PARAMETERS: Mapping[str, Parameter] = MappingProxyType({parameter.name: parameter for parameter in _TABLE})


def value(session: Session, name: str, on: date) -> Value:
    """The value on that day. Raises NoSuchParameter."""
    if name not in PARAMETERS:
        raise NoSuchParameter(name=name)
    return values(session, on, (name,))[name]


def values(session: Session, on: date, names: Iterable[str] = PARAMETERS) -> dict[str, Value]:
    """Name -> value on that day, in one statement."""
    wanted = tuple(names)
    valid = select(ParameterValue.name, ParameterValue.value).where(
        ParameterValue.valid_from <= on, ParameterValue.name.in_(wanted)
    )
    found: dict[str, Value] = {name: PARAMETERS[name].default for name in wanted}
    found.update(
        (row.name, row.value) for row in session.execute(valid.order_by(ParameterValue.valid_from, ParameterValue.id))
    )
    return found


def history(session: Session, name: str) -> tuple[Setting, ...]:
    """All values of a parameter, the latest first; the last one is the default. Raises NoSuchParameter."""
    if name not in PARAMETERS:
        raise NoSuchParameter(name=name)
    return histories(session, (name,))[name]


def histories(session: Session, names: Iterable[str]) -> dict[str, tuple[Setting, ...]]:
    """Name -> its history, of those there are, in one statement."""
    known = [name for name in names if name in PARAMETERS]
    rows = session.scalars(
        select(ParameterValue)
        .where(ParameterValue.name.in_(known))
        .order_by(ParameterValue.valid_from.desc(), ParameterValue.id.desc())
    )
    found: dict[str, list[Setting]] = {name: [] for name in known}
    for row in rows:
        found[row.name].append(Setting(row.name, row.value, row.valid_from, row.set_by, row.reason))
    defaults = {name: Setting(name, PARAMETERS[name].default, None, None, "") for name in known}
    return {name: (*settings, defaults[name]) for name, settings in found.items()}


def valid(settings: Iterable[Setting], on: date) -> Setting:
    """The one of a history that holds on that day."""
    return next(one for one in settings if one.valid_from is None or one.valid_from <= on)


def is_changed(session: Session) -> frozenset[str]:
    """The names of the parameters for which anything was ever set."""
    return frozenset(
        session.scalars(select(ParameterValue.name).group_by(ParameterValue.name).having(func.count() > 0))
    )


def put(
    session: Session, actor: Actor, name: str, new: Decimal | Value, valid_from: date, reason: str, moment: Moment
) -> Setting:
    """Set a value from a day on, today at the earliest; for administrators.

    Raises NotYours, NoSuchParameter, ParameterRefused.
    """
    require(actor, ADMIN)
    parameter = PARAMETERS.get(name)
    if parameter is None:
        raise NoSuchParameter(name=name)
    problems = list(_problems(parameter, new, valid_from, reason, moment))
    if problems:
        raise ParameterRefused(problems)
    kept = int(new) if new == int(new) else float(new)
    row = ParameterValue(
        name=name, value=kept, valid_from=valid_from, set_by=actor.id, set_at=moment.now, reason=reason.strip()
    )
    session.add(row)
    session.flush()
    return Setting(name, kept, valid_from, actor.id, row.reason)


def read(session: Session, _instance: Instance, _inputs: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The service: all parameters as they are on this day."""
    return dict(values(session, moment.today))


def premises(session: Session) -> Premises:
    """All parameters, as the tests of decision tables see them. One statement."""
    return premises_of(histories(session, PARAMETERS))


def default_premises() -> Premises:
    """The defaults of the program, for where there is no database."""
    return premises_of({one.name: (Setting(one.name, one.default, None, None, ""),) for one in _TABLE})


def premises_of(known: Mapping[str, tuple[Setting, ...]]) -> Premises:
    """The variable in which diagrams hand them to tables, with their values on the day of a moment."""

    def on(moment: Moment) -> Mapping[str, Any]:
        found = {name: valid(settings, moment.today).value for name, settings in known.items()}
        return {VARIABLE: found} if found else {}

    return on


def _problems(
    parameter: Parameter, new: Decimal | Value, valid_from: date, reason: str, moment: Moment
) -> Iterable[Problem]:
    if not parameter.least <= new <= parameter.most:
        bounds = {"least": parameter.least, "most": parameter.most}
        yield Problem("value", "bounds", N_("Enter a number from {least} to {most}."), bounds)
    elif new != int(new) and parameter.type not in ("percent", "points", "score"):
        yield Problem("value", "whole", N_("Enter a whole number."))
    if valid_from < moment.today:
        yield Problem("valid_from", "past", N_("What has happened already can't be changed. Choose today or later."))
    if not reason.strip():
        yield Problem("reason", "required", N_("Please say why."))
