"""Accounts: made, logged in, loaded with their grants.

Passwords are hashed with argon2id (RFC 9106).  Failures are counted by the name that was typed, whether or not there is
such an account, and an unknown name costs the same hash, so nothing tells an attacker which accounts exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, undefer

from bpmn.moment import Moment
from engine.access import Actor, Grant, NotFound
from engine.database import insert_missing
from engine.organisations import UnknownOrganisation, paths
from engine.tables import Account, Attempt, Organisation, RoleGrant, WebSession, short_key
from faults import Fault

# No bar: ids stand between bars in Task.barred.
ACCOUNT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,99}")
LONGEST_PASSWORD = 1000  # characters; hashing more is only work for us

FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)

# OWASP's second choice for argon2id: 19 MiB, 2 passes, 1 lane. A login keeps SQLite's write lock meanwhile (~20 ms).
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class WrongPassword(Fault):
    """The account or the password is wrong. Check both and try again."""


class Locked(Fault):
    """There were too many failed attempts. Try again after {until}, or ask the administrator."""


class AccountRefused(Fault):
    """The account {id} can't be made: ids are letters, digits, "_", ".", "@" and "-", and each is used once."""


@dataclass(frozen=True, slots=True)
class Lockout:
    """``failures`` wrong passwords in a row lock a name for ``locked_for``."""

    failures: int = FAILURES_ALLOWED
    locked_for: timedelta = LOCKED_FOR


def create(
    session: Session,
    account_id: str,
    name: str,
    password: str,
    grants: Iterable[tuple[str, str | None, str | None]] = (),
) -> Account:
    """Make an account. A grant is (role, organisation code, task code). Raises AccountRefused, UnknownOrganisation."""
    if not ACCOUNT_ID.fullmatch(account_id) or session.get(Account, account_id) is not None:
        raise AccountRefused(id=account_id)
    account = Account(id=account_id, name=name, password=_hash(password), active=True)
    session.add(account)
    session.flush()
    grant(session, account_id, grants)
    return account


def grant(session: Session, account_id: str, grants: Iterable[tuple[str, str | None, str | None]]) -> None:
    """Add grants (role, organisation code, task code); those that are there already are left as they are."""
    wanted = set(grants)
    known = paths(session, {org for _, org, _ in wanted if org})
    for _, org, _ in wanted:
        if org and org not in known:
            raise UnknownOrganisation(code=org)
    held = select(RoleGrant.role, RoleGrant.org_code, RoleGrant.task_code).where(RoleGrant.account_id == account_id)
    present = {(role, org, code) for role, org, code in session.execute(held)}
    for role, org, code in sorted(wanted - present, key=str):
        session.add(RoleGrant(account_id=account_id, role=role, org_code=org, task_code=code))
    session.flush()


def set_password(session: Session, account_id: str, password: str) -> None:
    """Give the account another password; who is logged in stays so."""
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound()
    account.password = _hash(password)
    session.flush()


def authenticate(
    session: Session, account_id: str, password: str, moment: Moment, lockout: Lockout = Lockout()
) -> Account:
    """The account, if the password is right. Raises WrongPassword or Locked.

    Commit in either case: the failure is counted in this transaction.
    """
    # Names that no account can have are counted too, in a form that fits the column.
    login = account_id if ACCOUNT_ID.fullmatch(account_id) else "?" + short_key(account_id)
    attempt = session.scalars(select(Attempt).where(Attempt.login == login).with_for_update()).one_or_none()
    if attempt is not None and attempt.locked_until is not None and attempt.locked_until > moment.now:
        raise Locked(until=attempt.locked_until.astimezone(moment.calendar.zone).strftime("%H:%M"))
    account = session.get(Account, login, options=[undefer(Account.password)])
    usable = account if account is not None and account.active else None
    right = _verify(usable.password if usable else _nobody(), password)
    if not right or usable is None:
        _count_failure(session, login, moment, lockout)
        raise WrongPassword()
    if attempt is not None:
        session.delete(attempt)
    if HASHER.check_needs_rehash(usable.password):
        usable.password = _hash(password)
    session.flush()
    return usable


def actor(session: Session, account_id: str) -> Actor:
    """The account with its grants, in one statement. Raises NotFound, also for an account that is switched off."""
    rows = session.execute(_with_grants().where(Account.id == account_id)).all()
    if not rows:
        raise NotFound()
    return _actor(rows)


def logged_in(session: Session, session_id: str) -> tuple[WebSession, Actor] | None:
    """The web session of that id (hash of the cookie's secret) and its actor, in one statement.

    Whether it has expired is for the caller to say.
    """
    query = _with_grants().add_columns(WebSession).join(WebSession, WebSession.account_id == Account.id)
    rows = session.execute(query.where(WebSession.id == session_id)).all()
    if not rows:
        return None
    web_session: WebSession = rows[0][-1]
    return web_session, _actor([row[:-1] for row in rows])


def holders(session: Session, role: str, org: str | None = None) -> list[Account]:
    """The active accounts that hold the role (in the organisation, if one is given)."""
    query = select(Account).join(RoleGrant, RoleGrant.account_id == Account.id)
    query = query.where(Account.active, RoleGrant.role == role).order_by(Account.id).distinct()
    if org is not None:
        query = query.where(RoleGrant.org_code == org)
    return list(session.scalars(query))


def names(session: Session, account_ids: Iterable[str]) -> dict[str, str]:
    """Account id -> name, of those that exist. One statement, or none."""
    wanted = set(account_ids)
    if not wanted:
        return {}
    return dict(session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted))).all())


def _with_grants() -> Select[str, str, str | None, str | None, str | None, str | None]:
    return (
        select(Account.id, Account.name, RoleGrant.role, RoleGrant.org_code, Organisation.path, RoleGrant.task_code)
        .outerjoin(RoleGrant, RoleGrant.account_id == Account.id)
        .outerjoin(Organisation, Organisation.code == RoleGrant.org_code)
        .where(Account.active)
        .order_by(RoleGrant.id)
    )


def _actor(rows: Sequence[tuple[str, str, str | None, str | None, str | None, str | None]]) -> Actor:
    grants = tuple(Grant(role, org, path, code) for _, _, role, org, path, code in rows if role is not None)
    return Actor(id=rows[0][0], name=rows[0][1], grants=grants)


def _count_failure(session: Session, login: str, moment: Moment, lockout: Lockout) -> None:
    forgotten = moment.now - FORGOTTEN_AFTER
    session.execute(delete(Attempt).where(Attempt.last_at < forgotten, Attempt.login != login))
    insert_missing(session, Attempt, [{"login": login, "failures": 0, "last_at": moment.now}])
    attempt = session.scalars(select(Attempt).where(Attempt.login == login).with_for_update()).one()
    if attempt.last_at < forgotten or attempt.locked_until is not None:
        attempt.failures = 0  # the lock has run out: count anew
        attempt.locked_until = None
    attempt.failures += 1
    attempt.last_at = moment.now
    if attempt.failures >= lockout.failures:
        attempt.locked_until = moment.now + lockout.locked_for
    session.flush()


def _hash(password: str) -> str:
    return HASHER.hash(_bytes(password))


def _bytes(password: str) -> bytes:
    return password[:LONGEST_PASSWORD].encode(errors="surrogatepass")


def _verify(hashed: str, password: str) -> bool:
    try:
        return HASHER.verify(hashed, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """A hash that no account has, to spend the same time on unknown names."""
    return _hash("nobody's password")
