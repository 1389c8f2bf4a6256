"""Accounts: made, logged in, locked, loaded in one statement."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import select

from bpmn.moment import Moment
from engine import accounts
from engine.access import Grant, NotFound
from engine.organisations import UnknownOrganisation
from engine.tables import Account, Attempt, WebSession

PASSWORD = "correct horse battery"


def attempt(sessions: Any, name: str, password: str, moment: Moment) -> type[Exception] | str:
    """As the web does it: committed whether it went well or not."""
    with sessions() as session:
        try:
            return accounts.authenticate(session, name, password, moment).id
        except Exception as error:
            return type(error)
        finally:
            session.commit()


def test_right_password(sessions: Any, cast: Any, moment: Moment) -> None:
    assert attempt(sessions, "officer", PASSWORD, moment) == "officer"


@pytest.mark.parametrize(
    ("name", "password"),
    [("officer", "wrong"), ("nobody", PASSWORD), ("", ""), ("x" * 5000, "y"), ("a\x00\ud800", "\ud800")],
)
def test_wrong_password_or_name(sessions: Any, cast: Any, moment: Moment, name: str, password: str) -> None:
    assert attempt(sessions, name, password, moment) is accounts.WrongPassword


def test_account_that_is_switched_off(sessions: Any, cast: Any, moment: Moment) -> None:
    with sessions.begin() as session:
        session.get_one(Account, "officer").active = False
    assert attempt(sessions, "officer", PASSWORD, moment) is accounts.WrongPassword
    with sessions.read() as session, pytest.raises(NotFound):
        accounts.actor(session, "officer")


@pytest.mark.parametrize("name", ["officer", "nobody"])
def test_lockout_is_the_same_for_known_and_unknown_names(sessions: Any, cast: Any, moment: Moment, name: str) -> None:
    for _ in range(accounts.FAILURES_ALLOWED):
        assert attempt(sessions, name, "wrong", moment) is accounts.WrongPassword
    assert attempt(sessions, name, PASSWORD, moment) is accounts.Locked
    later = Moment(moment.now + accounts.LOCKED_FOR + timedelta(seconds=1))
    assert attempt(sessions, name, "wrong", later) is accounts.WrongPassword, "counted anew"
    assert attempt(sessions, name, "wrong", later) is accounts.WrongPassword


def test_lock_runs_out_and_success_forgets_failures(sessions: Any, cast: Any, moment: Moment) -> None:
    for _ in range(accounts.FAILURES_ALLOWED):
        attempt(sessions, "officer", "wrong", moment)
    later = Moment(moment.now + accounts.LOCKED_FOR + timedelta(seconds=1))
    assert attempt(sessions, "officer", PASSWORD, later) == "officer"
    with sessions.read() as session:
        assert session.scalars(select(Attempt)).all() == []


def test_parameters_of_the_lockout(sessions: Any, cast: Any, moment: Moment) -> None:
    lockout = accounts.Lockout(failures=1, locked_for=timedelta(hours=1))
    with sessions.begin() as session:
        with pytest.raises(accounts.WrongPassword):
            accounts.authenticate(session, "officer", "wrong", moment, lockout)
        with pytest.raises(accounts.Locked) as locked:
            accounts.authenticate(session, "officer", PASSWORD, moment, lockout)
    assert str(locked.value).startswith("There were too many failed attempts. Try again after 10:30")


def test_guesses_at_once_are_all_counted(sessions: Any, cast: Any, moment: Moment, at_once: Any) -> None:
    at_once(*[lambda: attempt(sessions, "officer", "wrong", moment)] * 4)
    with sessions.read() as session:
        assert session.get_one(Attempt, "officer").failures == 4


def test_old_attempts_are_forgotten(sessions: Any, cast: Any, moment: Moment) -> None:
    attempt(sessions, "somebody", "wrong", moment)
    attempt(sessions, "officer", "wrong", Moment(moment.now + timedelta(days=2)))
    with sessions.read() as session:
        assert session.scalars(select(Attempt.login)).all() == ["officer"]


def test_unknown_names_take_as_long(sessions: Any, cast: Any, moment: Moment, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that nobody has costs a verification of the same parameters, so that time tells nothing."""
    verified: list[str] = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *given: (verified.append(given[1]), verify(*given))[1])
    attempt(sessions, "officer", "wrong", moment)
    attempt(sessions, "nobody", "wrong", moment)
    known, unknown = (extract_parameters(hashed) for hashed in verified)
    assert known == unknown


def test_creating(sessions: Any, cast: Any) -> None:
    for name in ("officer", "", "a|b", "a b", "名字", "x" * 101):
        with sessions() as session, pytest.raises(accounts.AccountRefused):
            accounts.create(session, name, "x", PASSWORD)
    with sessions() as session, pytest.raises(UnknownOrganisation):
        accounts.create(session, "new", "x", PASSWORD, [("officer", "nowhere", None)])


def test_granting_twice_is_granting_once(sessions: Any, cast: Any) -> None:
    with sessions.begin() as session:
        accounts.grant(session, "officer", [("officer", "north", None), ("lead", "city", "air")])
        assert accounts.actor(session, "officer").grants == (
            Grant("officer", "north", "/city/north/", None),
            Grant("lead", "city", "/city/", "air"),
        )


def test_password_can_be_changed(sessions: Any, cast: Any, moment: Moment) -> None:
    with sessions.begin() as session:
        accounts.set_password(session, "officer", "another")
        with pytest.raises(NotFound):
            accounts.set_password(session, "nobody", "x")
    assert attempt(sessions, "officer", PASSWORD, moment) is accounts.WrongPassword
    assert attempt(sessions, "officer", "another", moment) == "officer"


def test_very_long_password(sessions: Any, cast: Any, moment: Moment) -> None:
    with sessions.begin() as session:
        accounts.set_password(session, "officer", "长" * 5000)
    assert attempt(sessions, "officer", "长" * 5000, moment) == "officer"
    assert attempt(sessions, "officer", "长" * 999, moment) is accounts.WrongPassword


def test_session_and_actor_take_one_statement(
    sessions: Any, cast: Any, moment: Moment, count: Any, database: Any
) -> None:
    with sessions.begin() as session:
        session.add(
            WebSession(
                id="hash", account_id="officer", created_at=moment.now, seen_at=moment.now, expires_at=moment.now
            )
        )
    with sessions.read() as session, count(database) as counted:
        found = accounts.logged_in(session, "hash")
        assert found is not None
        assert (found[0].account_id, found[1]) == ("officer", cast.officer)
        assert len(counted) == 1
        assert accounts.logged_in(session, "other") is None


def test_actor_without_grants(sessions: Any, cast: Any) -> None:
    with sessions.begin() as session:
        accounts.create(session, "new", "new 01", PASSWORD)
        assert accounts.actor(session, "new").grants == ()


def test_holders_of_a_role(sessions: Any, cast: Any) -> None:
    with sessions.read() as session:
        assert [one.id for one in accounts.holders(session, "officer")] == ["colleague", "officer", "outsider"]
        assert [one.id for one in accounts.holders(session, "officer", "north")] == ["colleague", "officer"]
