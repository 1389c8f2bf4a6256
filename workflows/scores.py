"""Scores of units (S4.7): computed from what was verified, kept with the evidence of each point, computed anew when an
appeal, a rating or a revoked conclusion changes the evidence.

A score is never altered: another version takes its place and says why.  What is computed anew is computed from the
evidence of the version before, so that nothing but what was disputed changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import groupby
from uuid import uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from faults import Fault
from workflows import parameters, tables_in_force
from workflows.scoring import evidence, periods, units
from workflows.scoring.rules import GRADE_TABLE, SCORE_TABLE, Component, Computed, Entry, Rules, decide
from workflows.tables import Assessment, Campaign, Score, ScoreEvent

NUMBERS = (
    *(name for name in parameters.PARAMETERS if name.startswith("score_")),
    "report_day", "red_report_days", "decision_timely_days",
)  # fmt: skip


class NotAssessed(Fault):
    """{unit} is not assessed in this campaign."""


def compute(session: Session, campaign_id: str, unit: str, period: str, moment: Moment) -> Computed:
    """The score of one unit as it would be now, with components and events; nothing is kept.

    ``period``: 2013-Q2, or 2013.  Raises NoPeriod, NotAssessed.
    """
    found = compute_all(session, campaign_id, period, moment)
    if unit not in found:
        raise NotAssessed(unit=unit)
    return found[unit][1]


def compute_all(session: Session, campaign_id: str, period: str, moment: Moment) -> dict[str, tuple[str, Computed]]:
    """Unit -> its kind and score, for all who are assessed.

    The number of statements does not depend on how many units or items there are.
    """
    in_force = rules(session, moment.today, moment)
    found = collect(session, campaign_id, period, in_force)
    return {unit: (kind, decide(kind, entries, in_force)) for unit, (kind, entries) in found.items()}


def collect(session: Session, campaign_id: str, period: str, in_force: Rules) -> dict[str, tuple[str, list[Entry]]]:
    """Unit -> its kind and its evidence."""
    kinds = units.assessed(session, session.get_one(Campaign, campaign_id))
    read = evidence.read(session, campaign_id, periods.read(period), kinds, in_force.numbers, in_force.moment)
    return {unit: (kinds[unit], entries) for unit, entries in read.items()}


def rules(session: Session, on: date, moment: Moment) -> Rules:
    """The tables that are published now, with the numbers of a day."""
    score, grade = (tables_in_force.table(session, name) for name in (SCORE_TABLE, GRADE_TABLE))
    return Rules(score, grade, parameters.values(session, on, NUMBERS), moment)


# ---- kept


def keep(
    session: Session, assessment: Assessment, computed: Mapping[str, tuple[str, Computed]], moment: Moment
) -> dict[str, Score]:
    """Keep the first version of all scores of an assessment, and rank them. Returns unit -> score."""
    made = {unit: _row(assessment, unit, kind, 1, moment) for unit, (kind, _) in computed.items()}
    session.add_all(made.values())
    session.flush()
    _write(session, {unit: (made[unit], one) for unit, (_, one) in computed.items()})
    rank(session, assessment, moment)
    return made


def current(session: Session, assessment_id: str) -> dict[str, Score]:
    """Unit -> the score that holds."""
    rows = select(Score).where(Score.assessment_id == assessment_id, Score.is_current.is_(True)).order_by(Score.unit)
    return {score.unit: score for score in session.scalars(rows)}


def renew(
    session: Session,
    assessment: Assessment,
    chosen: Iterable[str],
    change: Callable[[str, list[Entry]], list[Entry]],
    reason: str,
    moment: Moment,
) -> list[Score]:
    """Compute the scores of some units anew: ``change`` gets a unit and its evidence, and returns what holds now.

    Where nothing changes there is no new version.  Ranks are made anew.  The numbers are those of the assessment.
    """
    held = {unit: score for unit, score in current(session, assessment.id).items() if unit in set(chosen)}
    before = entries_of(session, [score.id for score in held.values()])
    after = {unit: change(unit, before.get(score.id, [])) for unit, score in held.items()}
    changed = {unit: entries for unit, entries in after.items() if entries != before.get(held[unit].id, [])}
    in_force = rules(session, _day(assessment, moment), moment)
    made: dict[str, tuple[Score, Computed]] = {}
    for unit, entries in changed.items():
        old = held[unit]
        old.is_current = False
        new = _row(assessment, unit, old.kind, old.version + 1, moment)
        new.reason, new.answer = reason, old.answer
        new.capability, new.work_style, new.team_basis = old.capability, old.work_style, old.team_basis
        made[unit] = (new, decide(old.kind, entries, in_force))
    session.add_all(new for new, _ in made.values())
    session.flush()
    _write(session, made)
    rank(session, assessment, moment)
    return [new for new, _ in made.values()]


def entries_of(session: Session, score_ids: Iterable[str]) -> dict[str, list[Entry]]:
    """Score -> its evidence, as it was entered. One statement."""
    rows = select(ScoreEvent).where(ScoreEvent.score_id.in_(list(score_ids))).order_by(ScoreEvent.id)
    found: dict[str, list[Entry]] = {}
    for row in session.scalars(rows):
        about = (row.source_kind, row.source_id, row.instance_id, row.item_id, row.task_code, row.day, row.text)
        entry = Entry(row.component, row.rule, row.weight, row.share, *about, facts=row.facts)
        found.setdefault(row.score_id, []).append(entry)
    return found


def rank(session: Session, assessment: Assessment, moment: Moment) -> None:
    """Rank the scores of each kind of unit. Few are not ranked: a place among three says nothing about anybody."""
    session.flush()
    least = int(parameters.value(session, "score_ranking_least", _day(assessment, moment)))
    held = sorted(current(session, assessment.id).values(), key=lambda score: score.kind)
    for _, kind in groupby(held, key=lambda score: score.kind):
        scores = list(kind)
        totals = sorted((score.total for score in scores if score.total is not None), reverse=True)
        is_ranked = len(totals) >= least
        for score in scores:
            has_place = is_ranked and score.total is not None
            score.rank = totals.index(score.total) + 1 if has_place and score.total is not None else None
            score.ranked = len(totals) if has_place else None
    session.flush()


def _row(assessment: Assessment, unit: str, kind: str, version: int, moment: Moment) -> Score:
    return Score(
        id=uuid4().hex, assessment_id=assessment.id, campaign_id=assessment.campaign_id, unit=unit, kind=kind,
        period=assessment.period, version=version, is_current=True, components=[], computed_at=moment.now,
    )  # fmt: skip


def _write(session: Session, made: Mapping[str, tuple[Score, Computed]]) -> None:
    """Enter the points. Events come by the thousand: they are inserted at once."""
    rows = []
    for score, computed in made.values():
        score.total, score.grade = computed.total, computed.grade
        score.components = [_component(one) for one in computed.components]
        rows += [
            {
                "score_id": score.id, "component": one.entry.component, "rule": one.entry.rule, "points": one.points,
                "possible": one.possible, "weight": one.entry.weight, "share": one.entry.share,
                "source_kind": one.entry.source_kind, "source_id": one.entry.source_id,
                "instance_id": one.entry.instance_id, "item_id": one.entry.item_id, "task_code": one.entry.task_code,
                "day": one.entry.day, "text": one.entry.text, "facts": dict(one.entry.facts),
            }
            for one in computed.events
        ]  # fmt: skip
    session.flush()
    if rows:
        session.execute(insert(ScoreEvent), rows)


def _component(one: Component) -> dict[str, object]:
    return {
        "name": one.name,
        "points": float(one.points),
        "possible": None if one.possible is None else float(one.possible),
        "rate": one.rate,
        "count": one.count,
        "missed": one.missed,
    }


def _day(assessment: Assessment, moment: Moment) -> date:
    """The day whose numbers hold for the assessment, also when it is computed anew years later."""
    return assessment.computed_at.astimezone(moment.calendar.zone).date()


def versions(session: Session, assessment_id: str, unit: str) -> list[Score]:
    """All versions of a score, the newest first."""
    rows = select(Score).where(Score.assessment_id == assessment_id, Score.unit == unit)
    return list(session.scalars(rows.order_by(Score.version.desc())))


def touched_by(session: Session, case: str) -> dict[str, list[str]]:
    """Assessment -> units whose current score rests on something of a case."""
    rows = (
        select(Score.assessment_id, Score.unit)
        .join(ScoreEvent, ScoreEvent.score_id == Score.id)
        .join(Assessment, Assessment.id == Score.assessment_id)
        .where(ScoreEvent.instance_id == case, Score.is_current.is_(True), Assessment.status != "cancelled")
        .group_by(Score.assessment_id, Score.unit)
        .order_by(Score.assessment_id, func.min(ScoreEvent.id))
    )
    found: dict[str, list[str]] = {}
    for assessment_id, unit in session.execute(rows):
        found.setdefault(assessment_id, []).append(unit)
    return found


def without(entries: Iterable[Entry], case: str) -> list[Entry]:
    """The evidence that is left when nothing of a case counts any more."""
    return [entry for entry in entries if entry.instance_id != case]
