"""Completing on behalf of others: works, wrong person, wrong time, wrong state, repeated, and what the record says."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bpmn.moment import Moment
from engine import accounts, history, record, substitutes, tasks
from engine.access import NotFound, NotYours
from engine.substitutes import Principal, SubstituteRefused
from engine.tables import Attachment, Draft, Record, Task
from engine.tasks import AlreadyDone
from forms.answers import AnswersRefused

REPORT = {"result": "扫完了"}
PASS = {"verdict": "pass"}


def appoint(errand, account="outsider", at=None, **asked):
    given = {"account_id": account, "kind": "deputy", "valid_from": "2013-01-01"} | asked
    with errand.sessions.begin() as session:
        return substitutes.appoint(session, errand.cast.admin, given, at or errand.moment).id


def complete_for(errand, actor, principal, task_id, answers, key=None, at=None):
    with errand.sessions.begin() as session:
        return tasks.complete_for(session, actor, principal, task_id, answers, key, at or errand.moment)


def scan(errand, owner="outsider"):
    """A picture that the account has sent, not used anywhere yet."""
    with errand.sessions.begin() as session:
        row = Attachment(
            id="a" * 32, account_id=owner, filename="scan.jpg", media_type="image/jpeg", size=1, sha256="0" * 64,
            original_sha256="0" * 64, stored_name="scan", stored_at=errand.moment.now,
        )  # fmt: skip
        session.add(row)
    return "a" * 32


def to_check(errand):
    """A case whose check, by the chief, is open."""
    case = errand.issued().instance_id
    errand.complete(errand.cast.colleague, errand.open_task(case).id, REPORT)
    return case, errand.open_task(case).id


def test_a_deputy_decides_and_the_record_has_both_names(errand):
    case, task_id = to_check(errand)
    appoint(errand, for_account="chief")
    complete_for(errand, errand.cast.outsider, "chief", task_id, PASS)
    assert errand.instance(case).status == "completed"
    with errand.sessions.read() as session:
        task = session.get_one(Task, task_id)
        assert (task.performer, task.entered_by) == ("chief", "outsider")
        entry = session.scalars(select(Record).where(Record.token == task_id, Record.what == "completed")).one()
        assert entry.actor == "outsider"
        assert (entry.data["on_behalf_of"], entry.data["as"]) == ("chief", "deputy")
        assert record.verify(session, case).broken_at is None
        view = history.instance(session, errand.cast.admin, case, errand.moment)
        told = next(one for one in view.entries if one.task_id == task_id)
        assert (told.actor_name, told.on_behalf_of) == ("outsider 01", "chief 01")
        assert tasks.view(session, errand.cast.chief, task_id, errand.moment).entered_by == "outsider 01"


def test_a_secretary_encloses_a_scan(errand):
    case, task_id = to_check(errand)
    appoint(errand, kind="secretary", for_account="chief")
    with pytest.raises(AnswersRefused) as refused:
        complete_for(errand, errand.cast.outsider, "chief", task_id, PASS)
    assert [(one.element, one.code) for one in refused.value.problems] == [("attachments", "scan_missing")]
    assert errand.open_task(case).id == task_id, "nothing has changed"
    complete_for(errand, errand.cast.outsider, "chief", task_id, PASS | {"attachments": [scan(errand)]})
    assert errand.instance(case).status == "completed"


def test_a_scan_of_somebody_else_is_none(errand):
    _, task_id = to_check(errand)
    appoint(errand, kind="secretary", for_account="chief")
    with pytest.raises(AnswersRefused):
        complete_for(errand, errand.cast.outsider, "chief", task_id, PASS | {"attachments": [scan(errand, "officer")]})


def test_a_substitute_for_a_role_has_only_that_role(errand):
    case, task_id = to_check(errand)
    with errand.sessions.begin() as session:
        accounts.grant(session, "chief", [("clerk", "north", None)])
    appoint(errand, role="clerk", org_code="north")
    with pytest.raises(NotYours):
        complete_for(errand, errand.cast.outsider, "chief", task_id, PASS)
    appoint(errand, role="chief", org_code="city")
    complete_for(errand, errand.cast.outsider, "chief", task_id, PASS)
    assert errand.instance(case).status == "completed"


@pytest.mark.parametrize(
    ("asked", "after"),
    [
        ({"valid_from": "2014-01-01"}, timedelta(0)),
        ({"valid_until": "2013-05-01"}, timedelta(days=30)),
        ({"for_account": "officer"}, timedelta(0)),
    ],
)
def test_without_a_substitution_in_force_nobody_acts_for_another(errand, asked, after):
    case, task_id = to_check(errand)
    appoint(errand, **{"for_account": "chief"} | asked)
    at = Moment(errand.moment.now + after, errand.moment.calendar)
    with pytest.raises(NotYours):
        complete_for(errand, errand.cast.outsider, "chief", task_id, PASS, at=at)
    assert errand.open_task(case).id == task_id


@pytest.mark.parametrize("who", ["colleague", "chief", "admin"])
def test_wrong_person(errand, who):
    _, task_id = to_check(errand)
    appoint(errand, for_account="chief")
    with pytest.raises(NotYours):
        complete_for(errand, getattr(errand.cast, who), "chief", task_id, PASS)


def test_one_can_not_do_for_another_what_one_is_kept_from(errand):
    """Who issued may not report; nor may he by entering it for a colleague, nor may a substitute for him."""
    case = errand.issued().instance_id
    task_id = errand.open_task(case).id
    appoint(errand, "officer", for_account="colleague")
    appoint(errand, "outsider", for_account="officer")
    with pytest.raises(NotYours):
        complete_for(errand, errand.cast.officer, "colleague", task_id, REPORT)
    with pytest.raises(NotYours):
        complete_for(errand, errand.cast.outsider, "officer", task_id, REPORT)


def test_a_task_that_names_the_principal(errand):
    started = errand.issued(checker="auditor")
    errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, REPORT)
    task_id = errand.open_task(started.instance_id).id
    appoint(errand, for_account="auditor")
    complete_for(errand, errand.cast.outsider, "auditor", task_id, PASS)
    assert errand.instance(started.instance_id).status == "completed"


def test_repeated_and_too_late(errand):
    case, task_id = to_check(errand)
    appoint(errand, for_account="chief")
    first = complete_for(errand, errand.cast.outsider, "chief", task_id, PASS, "once")
    again = complete_for(errand, errand.cast.outsider, "chief", task_id, PASS, "once")
    assert (first.repeated, again.repeated, again.instance_id) == (False, True, case)
    with pytest.raises(AlreadyDone):
        complete_for(errand, errand.cast.outsider, "chief", task_id, PASS, "twice")
    with pytest.raises(AlreadyDone):
        errand.complete(errand.cast.chief, task_id, PASS, "once")


def test_at_once_only_one_of_principal_and_deputy_does_it(errand, at_once):
    case, task_id = to_check(errand)
    appoint(errand, for_account="chief")
    results = at_once(
        lambda: complete_for(errand, errand.cast.outsider, "chief", task_id, PASS, "a"),
        lambda: errand.complete(errand.cast.chief, task_id, PASS, "b"),
    )
    assert sorted(type(one).__name__ for one in results) == ["AlreadyDone", "Completed"]
    assert errand.instance(case).status == "completed"


def test_drafts_are_kept_apart(errand):
    _, task_id = to_check(errand)
    appoint(errand, for_account="chief")
    with errand.sessions.begin() as session:
        tasks.save_draft(session, errand.cast.chief, task_id, {"verdict": "fail"}, errand.moment)
        tasks.save_draft_for(session, errand.cast.outsider, "chief", task_id, PASS, errand.moment)
    with errand.sessions.read() as session:
        assert len(session.scalars(select(Draft)).all()) == 2
        view = tasks.view_for(session, errand.cast.outsider, "chief", task_id, errand.moment)
        assert (view.answers["verdict"], view.your_turn, view.on_behalf_of_name) == ("pass", True, "chief 01")
        assert not view.claimable
        with pytest.raises(NotYours):
            tasks.view_for(session, errand.cast.colleague, "chief", task_id, errand.moment)
        with pytest.raises(NotYours):
            tasks.view_for(session, errand.cast.outsider, "nobody", task_id, errand.moment)


def test_for_whom_one_may_act(errand):
    appoint(errand, kind="secretary", for_account="chief")
    appoint(errand, role="officer", org_code="north")
    appoint(errand, "chief", for_account="outsider", valid_from="2020-01-01")
    with errand.sessions.read() as session:
        assert substitutes.principals(session, errand.cast.outsider, errand.moment) == (
            Principal("chief", "chief 01", "secretary"),
            Principal("colleague", "colleague 01", "deputy"),
            Principal("officer", "officer 01", "deputy"),
        )
        assert substitutes.principals(session, errand.cast.chief, errand.moment) == ()


def test_ended_by_an_administrator(errand):
    _, task_id = to_check(errand)
    substitute = appoint(errand, for_account="chief")
    with errand.sessions.begin() as session, pytest.raises(NotYours):
        substitutes.end(session, errand.cast.chief, substitute, errand.moment)
    with errand.sessions.begin() as session:
        substitutes.end(session, errand.cast.admin, substitute, errand.moment)
        substitutes.end(session, errand.cast.admin, substitute, errand.moment)
        (row,) = substitutes.listed(session, errand.moment)
        assert (row.is_active, row.name, row.for_name, row.row.ended_by) == (False, "outsider 01", "chief 01", "admin")
        with pytest.raises(NotFound):
            substitutes.end(session, errand.cast.admin, 999, errand.moment)
    with pytest.raises(NotYours):
        complete_for(errand, errand.cast.outsider, "chief", task_id, PASS)


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({}, {"for_account"}),
        ({"for_account": "chief", "role": "officer"}, {"for_account"}),
        ({"for_account": "outsider"}, {"for_account"}),
        ({"for_account": "nobody"}, {"for_account"}),
        ({"role": "officer", "org_code": "west"}, {"org_code"}),
        ({"for_account": "chief", "kind": "friend"}, {"kind"}),
        ({"for_account": "chief", "valid_from": ""}, {"valid_from"}),
        ({"for_account": "chief", "valid_from": "soon"}, {"valid_from"}),
        ({"for_account": "chief", "valid_until": "2012-12-31"}, {"valid_until"}),
        ({"account_id": "nobody", "for_account": "chief", "kind": ""}, {"account_id", "kind"}),
    ],
)
def test_what_makes_no_sense_is_refused_all_at_once(errand, asked, wrong):
    with pytest.raises(SubstituteRefused) as refused:
        appoint(errand, **asked)
    assert {problem.element for problem in refused.value.problems} == wrong


def test_only_administrators_appoint(errand):
    asked = {"account_id": "officer", "for_account": "chief", "kind": "deputy", "valid_from": "2013-01-01"}
    with errand.sessions.begin() as session, pytest.raises(NotYours):
        substitutes.appoint(session, errand.cast.chief, asked, errand.moment)


def test_the_statements_of_a_plain_completion_stay_as_they_were(errand, database, count):
    """What substitutes need is asked only where somebody acts for another."""
    _, task_id = to_check(errand)
    with errand.sessions.begin() as session, count(database) as counted:
        tasks.complete(session, errand.cast.chief, task_id, PASS, None, errand.moment)
    assert not [text for text in counted.statements if "substitute" in text]
