"""Substitutes: accounts that complete tasks on behalf of others, as an administrator has set.

A *secretary* enters what a leader has decided and encloses a scan of it; a *deputy* (the B of an A/B pair) decides in
his stead.  The decision is the principal's in both cases: he counts as the performer, and the record has both names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from bpmn.moment import Moment
from engine import accounts
from engine.access import ADMIN, Actor, NotFound, NotYours, grant_for, is_barred, may_do, require
from engine.tables import Account, Organisation, RoleGrant, Substitute, Task
from faults import N_, Problem, Refused

SECRETARY, DEPUTY = "secretary", "deputy"
KINDS = (SECRETARY, DEPUTY)
MOST_PRINCIPALS = 50


class SubstituteRefused(Refused):
    """The substitute can't be set like this. Correct the marked fields."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody on whose behalf an account may act. ``kind``: secretary or deputy."""

    id: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A substitution that is in force: ``actor`` acts for ``principal``, who has only the grants that it covers."""

    actor: Actor
    principal: Actor
    kind: str
    roles: frozenset[str] | None  # None: all that the principal may do

    def covers(self, task: Task) -> bool:
        """Whether it is the principal's task, by a role that is covered, and the actor isn't kept from it himself."""
        if is_barred(self.actor, task) or not may_do(self.principal, task):
            return False
        return self.roles is None or grant_for(self.principal, task.roles, task.org_path, task.task_code) is not None


@dataclass(frozen=True, slots=True)
class Row:
    """A substitution in the list of administrators, with the names of those concerned."""

    row: Substitute
    name: str
    for_name: str | None
    org_name: str | None
    is_active: bool


def principals(session: Session, actor: Actor, moment: Moment) -> tuple[Principal, ...]:
    """On whose behalf the actor may act today, by name. One statement."""
    query = (
        select(Account.id, Account.name, Substitute.kind)
        .join(Substitute, _means(Account.id))
        .where(*_in_force(actor.id, moment.today), Account.active, Account.id != actor.id)
        # "deputy" comes before "secretary": where both are set, the wider one counts.
        .order_by(Account.name, Account.id, Substitute.kind)
        .limit(MOST_PRINCIPALS)
    )
    found: dict[str, Principal] = {}
    for account_id, name, kind in session.execute(query):
        found.setdefault(account_id, Principal(account_id, name, kind))
    return tuple(found.values())


def standing_in(session: Session, actor: Actor, principal_id: str, moment: Moment) -> Standing:
    """What lets the actor act for the principal. Two statements. Raises NotYours."""
    query = select(Substitute).where(*_in_force(actor.id, moment.today), _means(principal_id))
    rows = list(session.scalars(query.order_by(Substitute.kind, Substitute.id)))
    if not rows or principal_id == actor.id:
        raise NotYours
    try:
        principal = accounts.actor(session, principal_id)
    except NotFound:
        raise NotYours from None
    kind = rows[0].kind
    rows = [row for row in rows if row.kind == kind]
    if any(row.for_account is not None for row in rows):
        return Standing(actor, principal, kind, None)
    covered = {(row.role, row.org_code) for row in rows}
    grants = tuple(
        grant for grant in principal.grants if (grant.role, grant.org) in covered or (grant.role, None) in covered
    )
    return Standing(actor, replace(principal, grants=grants), kind, frozenset(grant.role for grant in grants))


def appoint(session: Session, actor: Actor, asked: Mapping[str, Any], moment: Moment) -> Substitute:
    """Set a substitute; ``asked`` has account_id, for_account or role (and org_code), kind, valid_from, valid_until.

    Empty texts count as not given; days are dates or their texts.  Raises NotYours unless the actor is an
    administrator, and SubstituteRefused with all that is wrong.
    """
    require(actor, ADMIN)
    given: dict[str, Any] = {name: asked.get(name) or None for name in _FIELDS}
    problems: list[Problem] = []
    days = {name: _day(given[name], name, problems) for name in ("valid_from", "valid_until")}
    problems += _problems(session, given, days)
    if problems:
        raise SubstituteRefused(problems)
    row = Substitute(**given | days, set_by=actor.id, set_at=moment.now)
    session.add(row)
    session.flush()
    return row


def end(session: Session, actor: Actor, substitute_id: int, moment: Moment) -> None:
    """Take a substitution back from now on. Ending it twice changes nothing. Raises NotYours, NotFound."""
    require(actor, ADMIN)
    row = session.get(Substitute, substitute_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    if row.ended_at is None:
        row.ended_at, row.ended_by = moment.now, actor.id
        session.flush()


def listed(session: Session, moment: Moment) -> list[Row]:
    """All substitutions, the latest first. One statement."""
    acting, principal = aliased(Account), aliased(Account)
    query = (
        select(Substitute, acting.name, principal.name, Organisation.name)
        .join(acting, acting.id == Substitute.account_id)
        .outerjoin(principal, principal.id == Substitute.for_account)
        .outerjoin(Organisation, Organisation.code == Substitute.org_code)
        .order_by(Substitute.id.desc())
    )
    return [
        Row(row, name, for_name, org_name, _is_active(row, moment.today))
        for row, name, for_name, org_name in session.execute(query)
    ]


_FIELDS = ("account_id", "for_account", "role", "org_code", "kind", "valid_from", "valid_until")


def _in_force(account_id: str, today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Substitute.account_id == account_id,
        Substitute.ended_at.is_(None),
        Substitute.valid_from <= today,
        or_(Substitute.valid_until.is_(None), Substitute.valid_until >= today),
    )


def _is_active(row: Substitute, today: date) -> bool:
    ends = row.valid_until or date.max
    return row.ended_at is None and row.valid_from <= today <= ends


def _means(principal: Any) -> ColumnElement[bool]:
    """Whether a substitution is for the account (a column, or an id)."""
    holds = exists().where(
        RoleGrant.account_id == principal,
        RoleGrant.role == Substitute.role,
        or_(Substitute.org_code.is_(None), RoleGrant.org_code == Substitute.org_code),
    )
    return or_(Substitute.for_account == principal, and_(Substitute.for_account.is_(None), holds))


def _problems(session: Session, given: Mapping[str, Any], days: Mapping[str, date | None]) -> list[Problem]:
    found = []
    wanted = {given["account_id"], given["for_account"]} - {None}
    known = set(session.scalars(select(Account.id).where(Account.id.in_(wanted), Account.active)))
    if given["account_id"] not in known:
        found.append(Problem("account_id", "unknown", N_("There is no such account. Choose one from the list.")))
    if given["for_account"] is not None and given["for_account"] not in known:
        found.append(Problem("for_account", "unknown", N_("There is no such account. Choose one from the list.")))
    if (given["for_account"] is None) == (given["role"] is None):
        found.append(Problem("for_account", "either", N_("Say for whom: either an account or a role, not both.")))
    if given["account_id"] is not None and given["account_id"] == given["for_account"]:
        found.append(Problem("for_account", "self", N_("Nobody is his own substitute. Choose another account.")))
    if given["org_code"] is not None and session.get(Organisation, given["org_code"]) is None:
        found.append(Problem("org_code", "unknown", N_("There is no such organisation. Choose one from the list.")))
    if given["kind"] not in KINDS:
        found.append(Problem("kind", "unknown", N_("Say whether it is a secretary or a deputy.")))
    if days["valid_from"] is not None and days["valid_until"] is not None and days["valid_until"] < days["valid_from"]:
        found.append(Problem("valid_until", "order", N_("The last day lies before the first.")))
    return found


def _day(value: Any, name: str, problems: list[Problem]) -> date | None:
    if value is None:
        if name == "valid_from":
            problems.append(Problem(name, "required", N_("Say from which day on it counts.")))
        return None
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except ValueError:
        problems.append(Problem(name, "no_date", N_("This is no date. Write it as 2013-05-06.")))
        return None
