"""What another version of a process does to the cases that run: which it does not touch, which can be moved to it, and
which can't be, and why; and whose open tasks it touches. Reads only.

Cases that stand alike on the same version are judged once, without their data: what depends on that (the key of a
message, the account that a formula names) shows when a case is really moved, and then it stays where it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bpmn.matching import ahead, suggested
from bpmn.moment import Moment
from engine import definitions, differences, runtime
from engine.access import ADMIN, AUDITOR, Actor, lets_in, require
from engine.definitions import Published
from engine.differences import Change
from engine.process_drafts import bundle_of_version
from engine.publish import Bundle
from engine.tables import IS_OPEN, Account, Instance, Task, Version
from faults import Problem

Verdict = Literal["unaffected", "movable", "blocked"]
Mappings = Mapping[int, Mapping[str, str]]  # version id -> {element there: element here, "" for none}

RUNNING = ("active", "failed")
EXAMPLES = 5  # cases that a group names
_SILENT = frozenset({"lane", "starterGroups", "remark"})  # facets that make no difference to a case that runs


@dataclass(frozen=True, slots=True)
class Target:
    """The version or draft that is looked at; ``version_id`` is None for a draft."""

    published: Published
    bundle: Bundle
    version_id: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Cases to which the same happens. ``stands`` are elements of their version, ``goes`` those where they would stand.

    ``examples`` are (id, title) of the first few.
    """

    version_id: int
    number: int
    verdict: Verdict
    stands: tuple[str, ...]
    goes: tuple[str, ...]
    problems: tuple[Problem, ...]
    count: int
    examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A running case. ``group`` says what would become of it, ``changed`` which elements of its version change."""

    instance_id: str
    title: str
    group: Group
    changed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Touched:
    """Open tasks at steps that the version changes, of one holder: an account, or roles in an organisation."""

    holder: str | None
    name: str | None
    roles: tuple[str, ...]
    org: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Impact:
    groups: tuple[Group, ...]
    touched: tuple[Touched, ...]

    def count(self, verdict: Verdict) -> int:
        return sum(group.count for group in self.groups if group.verdict == verdict)

    @property
    def cases(self) -> int:
        return sum(group.count for group in self.groups)


def target_of_version(session: Session, version_id: int) -> Target:
    return Target(definitions.published(session, version_id), bundle_of_version(session, version_id), version_id)


def target_of_bundle(process_key: str, bundle: Bundle) -> Target:
    """A draft. Raises Refused for what can't be read or compiled."""
    published = definitions.compiled(process_key, bundle.diagram, bundle.forms, bundle.decisions)
    return Target(published, bundle)


def suggestions(session: Session, target: Target, versions: Iterable[int]) -> dict[int, dict[str, str]]:
    """For each version the mapping that the diagrams suggest."""
    after = target.published.process
    return {one: suggested(definitions.published(session, one).process, after) for one in versions}


def running_versions(session: Session, actor: Actor, target: Target) -> list[Version]:
    """The versions other than the target on which cases of its process run, the newest first."""
    running = select(Instance.version_id).where(
        Instance.process_key == target.published.process_key, Instance.status.in_(RUNNING), lets_in(actor)
    )
    query = select(Version).where(Version.id.in_(running), Version.id != (target.version_id or 0))
    return list(session.scalars(query.order_by(Version.number.desc())))


def assess(session: Session, actor: Actor, target: Target, mappings: Mappings, moment: Moment) -> Impact:
    """All running cases of the process that are on another version. Raises NotYours.

    Two statements, and two for each version that is not compiled yet; a version without a mapping gets the suggested.
    """
    alike: dict[int, list[Judged]] = defaultdict(list)  # by the identity of their group, which they share
    touched: dict[str, frozenset[str]] = {}
    for one in judged(session, actor, target, mappings, moment):
        alike[id(one.group)].append(one)
        if one.group.verdict != "unaffected":
            touched[one.instance_id] = one.changed
    found: dict[Hashable, list[Judged]] = {}
    for cases in alike.values():
        found.setdefault(_hashable(cases[0].group), []).extend(cases)
    groups = [_counted(cases) for cases in found.values()]
    order = {"blocked": 0, "movable": 1, "unaffected": 2}
    groups.sort(key=lambda one: (order[one.verdict], -one.number, -one.count))
    return Impact(tuple(groups), _touched(session, target.published.process_key, touched))


def judged(
    session: Session,
    actor: Actor,
    target: Target,
    mappings: Mappings,
    moment: Moment,
    only: Sequence[ColumnElement[bool]] = (),
) -> Iterator[Judged]:
    """Every running case that is on another version and fulfils ``only``, the oldest first. Raises NotYours."""
    require(actor, ADMIN, AUDITOR)
    versions = {one.id: one for one in running_versions(session, actor, target)}
    judges = {one: _Judge(session, target, version, mappings.get(one), moment) for one, version in versions.items()}
    rows = session.execute(
        select(Instance.id, Instance.title, Instance.version_id, Instance.state)
        .where(
            Instance.process_key == target.published.process_key,
            Instance.status.in_(RUNNING),
            Instance.version_id.in_(versions),
            lets_in(actor),
            *only,
        )
        .order_by(Instance.started_at, Instance.id)
    )
    for ident, title, version_id, state in rows:
        judge = judges[version_id]
        yield Judged(ident, title, judge.group(state), judge.changed)


class _Judge:
    """Judges the cases of one version; those that stand alike only once."""

    def __init__(
        self,
        session: Session,
        target: Target,
        version: Version,
        mapping: Mapping[str, str] | None,
        moment: Moment,
    ) -> None:
        self.before = definitions.published(session, version.id)
        self.target, self.version, self.moment = target, version, moment
        self.mapping = suggested(self.before.process, target.published.process) if mapping is None else mapping
        changes = differences.of_bundles(bundle_of_version(session, version.id), target.bundle)
        self.changed = changed_elements(self.before, target.published, changes)
        self.known: dict[Hashable, Group] = {}

    def group(self, state: bytes) -> Group:
        try:
            standing = runtime.standing(state)
            if standing not in self.known:
                self.known[standing] = self._judged(state)
            return self.known[standing]
        except runtime.CorruptState as fault:
            broken = Problem("", "corrupt", fault.message)
            group = Group(self.version.id, self.version.number, "blocked", (), (), (broken,), 0, ())
            return self.known.setdefault(fault.message, group)

    def _judged(self, state: bytes) -> Group:
        before, after = self.before.definition, self.target.published.definition
        stands = runtime.elements_at(before, state)
        goes: tuple[str, ...] = ()
        problems: tuple[Problem, ...] = ()
        verdict: Verdict = "movable"
        try:
            moved = runtime.move(before, after, state, self.mapping, self.moment)
            if moved.outcome.status in RUNNING:
                goes = runtime.elements_at(after, moved.outcome.state)
        except runtime.Immovable as refused:
            verdict, problems = "blocked", refused.problems
        if not self.changed & ahead(self.before.process, stands):
            verdict, problems = "unaffected", ()
        return Group(self.version.id, self.version.number, verdict, stands, goes, problems, 0, ())


def changed_elements(before: Published, after: Published, changes: Sequence[Change]) -> frozenset[str]:
    """The elements of ``before`` that a change is about: their own, of flows, forms, tables and what sits on them."""
    process = before.process
    found: set[str] = set()
    for change in changes:
        if change.kind == "moved" or change.facet in _SILENT:
            continue
        if change.document:
            found |= _users(before, change.document)
        elif change.place == process.key:
            found |= set(process.elements) if change.facet == "outputs" else set()
        else:
            found |= _about(before, change.place) | _about(after, change.place)
    return frozenset(found & process.elements.keys())


def _about(published: Published, place: str) -> set[str]:
    process = published.process
    flow, element = process.flows.get(place), process.elements.get(place)
    if flow is not None:
        return {flow.source}
    if element is None:
        return {place}
    around = {element.attached_to, element.scope if element.by_event else None}
    return {place, *(name for name in around if name)}


def _users(published: Published, document: str) -> set[str]:
    """The steps that show the form or ask the table ``document``."""
    process = published.process
    return {
        one.id
        for one in process.elements.values()
        if (one.kind == "userTask" and process.form_of(one) == document)
        or (one.kind == "businessRuleTask" and one.attributes.get("decision") == document)
    }


def _touched(session: Session, process_key: str, cases: Mapping[str, frozenset[str]]) -> tuple[Touched, ...]:
    if not cases:
        return ()
    counted: Counter[tuple[str | None, str | None, tuple[str, ...], str | None]] = Counter()
    query = (
        select(Task.instance_id, Task.element, Task.holder, Account.name, Task.roles, Task.org)
        .join(Instance, Instance.id == Task.instance_id)
        .outerjoin(Account, Account.id == Task.holder)
        .where(Instance.process_key == process_key, Instance.status.in_(RUNNING), IS_OPEN)
    )
    for instance_id, element, holder, name, roles, org in session.execute(query):
        if element in cases.get(instance_id, ()):
            counted[(holder, name, () if holder else tuple(roles), None if holder else org)] += 1
    return tuple(Touched(*key, count) for key, count in counted.most_common())


def _counted(cases: Sequence[Judged]) -> Group:
    group = cases[0].group
    return Group(
        group.version_id,
        group.number,
        group.verdict,
        group.stands,
        group.goes,
        group.problems,
        len(cases),
        tuple((one.instance_id, one.title) for one in cases[:EXAMPLES]),
    )


def _hashable(group: Group) -> Hashable:
    reasons = tuple((one.element, one.code, str(one)) for one in group.problems)
    return (group.version_id, group.verdict, group.stands, group.goes, reasons)
