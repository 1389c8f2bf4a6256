"""Scenarios of a process: recorded from instances, written by hand, read from files; run on a version or a draft.

One that was recorded from a case which was restricted since is there for nobody who may not see the case.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpmn.checks.case import is_name
from bpmn.moment import Calendar, Moment
from engine import accounts, definitions, recordings, scripts
from engine.access import ADMIN, Actor, NotFound, lets_in, not_hidden, require
from engine.definitions import Published
from engine.expectations import Expected, as_happened, judge
from engine.rehearsal import Rehearsal, Script, rehearse
from engine.scripts import Play
from engine.tables import Instance, Scenario, canonical
from engine.tables.base import TITLE
from faults import N_, Fault, Problem

MOST = 200  # of one process: all of them run whenever a draft is looked at


class NotFinished(Fault):
    """Only a case that has run to its end can be recorded as a scenario."""


class Confidential(Fault):
    """This case is kept from most people, so nothing of it becomes a scenario. Write one by hand instead."""


class TooManyScenarios(Fault):
    """A process has at most {limit} scenarios. Remove one that proves nothing any more."""


class NoName(Fault):
    """Give the scenario a name that says what it is to prove."""


class OtherProcess(Fault):
    """This is a scenario of the process “{found}”, not of “{wanted}”."""


class ChangedMeanwhile(Fault):
    """{name} changed this scenario after you opened it. Load the page again and repeat what you did."""


@dataclass(frozen=True, slots=True)
class Run:
    """A scenario that was played. It passes if there are no ``problems``."""

    scenario_id: str
    name: str
    from_instance: str | None
    script: Script
    expected: Expected
    rehearsal: Rehearsal
    problems: tuple[Problem, ...]

    @property
    def passes(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often each element and flow was passed by all runs, and which elements by none, in the diagram's order."""

    elements: Mapping[str, int]
    flows: Mapping[str, int]
    missed: tuple[str, ...]
    missed_flows: tuple[str, ...]

    @property
    def share(self) -> float:
        """Of the elements, from 0 to 1."""
        known = len(self.elements) + len(self.missed)
        return len(self.elements) / known if known else 1.0


def of_process(session: Session, actor: Actor, process_key: str) -> Sequence[Scenario]:
    """In the order of their names. One statement. Raises NotYours."""
    require(actor, ADMIN)
    return session.scalars(
        select(Scenario)
        .where(Scenario.process_key == process_key, not_hidden(Scenario.from_instance, actor))
        .order_by(Scenario.name, Scenario.id)
    ).all()


def get(session: Session, actor: Actor, scenario_id: str) -> Scenario:
    """Raises NotYours, NotFound."""
    require(actor, ADMIN)
    query = select(Scenario).where(Scenario.id == scenario_id, not_hidden(Scenario.from_instance, actor))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def play_of(scenario: Scenario) -> Play:
    expected = scripts.expected_of(scenario.expected)
    return Play(scenario.process_key, scenario.name, scripts.script_of(scenario.script), expected)


def plays(session: Session, actor: Actor, process_key: str) -> tuple[Play, ...]:
    """For files: those that the actor may see, each content once, in an order that the ids play no part in."""
    found = {scripts.written(play): play for play in map(play_of, of_process(session, actor, process_key))}
    return tuple(sorted(found.values(), key=lambda play: (play.name, scripts.written(play))))


def play_from(data: bytes, process_key: str, name: str) -> Play:
    """A file as `scripts.written` gives it; ``name`` if it has none. Raises BadScenario, OtherProcess."""
    play = scripts.read(data)
    if play.process_key not in ("", process_key):
        raise OtherProcess(found=play.process_key, wanted=process_key)
    return replace(play, process_key=process_key, name=play.name or name)


def recordable(session: Session, actor: Actor, process_key: str, limit: int) -> Sequence[Instance]:
    """Finished cases that `record` would take, the latest first."""
    require(actor, ADMIN)
    return session.scalars(
        select(Instance)
        .where(Instance.process_key == process_key, Instance.status == "completed", Instance.restricted_to.is_(None))
        .order_by(Instance.changed_at.desc(), Instance.id)
        .limit(limit)
    ).all()


def record(session: Session, actor: Actor, instance_id: str, name: str, moment: Moment) -> Scenario:
    """Save a finished case as a scenario: what was done in it, and that its end, path and dates are to stay.

    Raises NotYours, NotFound, Confidential, NotFinished, NoName, TooManyScenarios.
    """
    require(actor, ADMIN)
    query = select(Instance).where(Instance.id == instance_id, lets_in(actor))
    instance = session.scalars(query).one_or_none()
    if instance is None:
        raise NotFound
    if instance.restricted_to is not None:
        raise Confidential
    if instance.status != "completed":
        raise NotFinished
    script = recordings.script(session, instance)
    published = definitions.published(session, instance.version_id)
    happened = as_happened(rehearse(published, script, moment.calendar), script, published.process)
    play = Play(instance.process_key, name or instance.title, script, happened)
    return _add(session, actor, play, instance_id, moment)


def add(session: Session, actor: Actor, play: Play, moment: Moment) -> Scenario:
    """One that was written by hand or read from a file. Raises NotYours, NoName, TooManyScenarios, BadScenario."""
    require(actor, ADMIN)
    if not is_name(play.process_key):
        raise scripts.BadScenario
    return _add(session, actor, play, None, moment)


def bring_in(session: Session, actor: Actor, process_key: str, data: bytes, moment: Moment) -> Scenario:
    """A file as `scripts.written` gives it. Raises BadScenario, OtherProcess and as `add`."""
    return add(session, actor, play_from(data, process_key, ""), moment)


def take_over(session: Session, actor: Actor, process_key: str, found: Iterable[Play], moment: Moment) -> int:
    """Add those that are not there yet just so; the number added. Raises as `add`."""
    known = {_content(play_of(one)) for one in of_process(session, actor, process_key)}
    added = 0
    for play in found:
        content = _content(play)
        if content not in known:
            known.add(content)
            add(session, actor, replace(play, process_key=process_key), moment)
            added += 1
    return added


def replace_named(session: Session, actor: Actor, process_key: str, found: Iterable[Play], moment: Moment) -> int:
    """For those who keep scenarios in files: as `take_over`, but the one that has the name of a file becomes that file.

    The number added or changed.  Raises as `add`.
    """
    before: dict[str, list[Scenario]] = {}
    for one in of_process(session, actor, process_key):
        before.setdefault(one.name, []).append(one)
    new, changed = [], 0
    for play in found:
        same = before.pop(_columns(play)[0], [])
        if len(same) != 1 or _content(play_of(same[0])) == _content(play):
            new.append(play)
            continue
        change(session, actor, same[0].id, same[0].revision, replace(play, process_key=process_key), moment)
        changed += 1
    return take_over(session, actor, process_key, new, moment) + changed


def change(session: Session, actor: Actor, scenario_id: str, revision: int, play: Play, moment: Moment) -> Scenario:
    """Replace name, script and expectation. Raises ChangedMeanwhile if ``revision`` is not the latest, NoName."""
    scenario = _locked(session, actor, scenario_id)
    if scenario.revision != revision:
        raise ChangedMeanwhile(name=accounts.names(session, {scenario.changed_by}).get(scenario.changed_by, ""))
    scenario.name, scenario.script, scenario.expected = _columns(play)
    scenario.changed_by, scenario.changed_at = actor.id, moment.now
    session.flush()
    return scenario


def remove(session: Session, actor: Actor, scenario_id: str) -> None:
    session.delete(_locked(session, actor, scenario_id))
    session.flush()


def run(scenario: Scenario, published: Published, calendar: Calendar) -> Run:
    """Play it on a version or draft. Nothing is written."""
    play = play_of(scenario)
    rehearsal = rehearse(published, play.script, calendar)
    problems = judge(play.expected, play.script, rehearsal, published.process)
    return Run(scenario.id, scenario.name, scenario.from_instance, play.script, play.expected, rehearsal, problems)


def coverage(rehearsals: Iterable[Rehearsal], published: Published) -> Coverage:
    """What several rehearsals have passed together."""
    elements: Counter[str] = Counter()
    flows: Counter[str] = Counter()
    for one in rehearsals:
        elements.update(one.elements)
        flows.update(one.flows)
    process = published.process
    return Coverage(
        {ident: elements[ident] for ident in process.elements if elements[ident]},
        {ident: flows[ident] for ident in process.flows if flows[ident]},
        tuple(ident for ident in process.elements if not elements[ident]),
        tuple(ident for ident in process.flows if not flows[ident]),
    )


def failures(names: Iterable[str]) -> list[Problem]:
    message = N_("The scenario “{name}” does not pass.")
    return [Problem("", "scenario", message, {"name": name}) for name in names]


def _add(session: Session, actor: Actor, play: Play, instance_id: str | None, moment: Moment) -> Scenario:
    if len(of_process(session, actor, play.process_key)) >= MOST:
        raise TooManyScenarios(limit=MOST)
    name, script, expected = _columns(play)
    scenario = Scenario(
        id=uuid.uuid4().hex,
        process_key=play.process_key,
        name=name,
        script=script,
        expected=expected,
        from_instance=instance_id,
        created_by=actor.id,
        created_at=moment.now,
        changed_by=actor.id,
        changed_at=moment.now,
    )
    session.add(scenario)
    session.flush()
    return scenario


def _columns(play: Play) -> tuple[str, dict[str, object], dict[str, object]]:
    """Name, script, expectation; written and read once, so that nothing is kept which can't be read again.

    Raises NoName, BadScenario.
    """
    name = " ".join(play.name.replace("\0", "").split())[:TITLE]
    if not name:
        raise NoName
    again = scripts.read(scripts.written(replace(play, name=name)))
    return name, scripts.script_document(again.script), scripts.expected_document(again.expected)


def _content(play: Play) -> str:
    """The same text for scenarios that differ in nothing but their rows."""
    return canonical(_columns(play))


def _locked(session: Session, actor: Actor, scenario_id: str) -> Scenario:
    get(session, actor, scenario_id)
    return session.get_one(Scenario, scenario_id, with_for_update=True, populate_existing=True)
