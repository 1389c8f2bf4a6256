"""Finished instances on a draft: what an administrator is told before publishing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bpmn.moment import Moment, WeekdayCalendar
from engine import definitions, tasks
from engine.access import NotFound, NotYours
from engine.publish import Bundle
from engine.replay import gather, gather_one, play, replay
from engine.tables import Instance

CALENDAR = WeekdayCalendar()


def finished(errand: Any, *verdicts: str, days: int = 0) -> str:
    started = errand.issued()
    for verdict in verdicts:
        errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, {"result": "扫了"})
        with errand.sessions.begin() as session:
            moment = Moment(errand.moment.now + timedelta(days=days))
            task = errand.open_task(started.instance_id).id
            tasks.complete(session, errand.cast.chief, task, {"verdict": verdict}, None, moment)
    return str(started.instance_id)


def draft(bundle: Bundle, *changes: tuple[str, str], forms: Any = None) -> definitions.Published:
    text = bundle.diagram.decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return definitions.compiled("errand", text.encode(), forms or bundle.forms, bundle.decisions)


def played(errand: Any, published: definitions.Published, limit: int = 50) -> Any:
    with errand.sessions.read() as session:
        return replay(session, errand.cast.admin, "errand", published, limit, CALENDAR)


def test_on_the_same_diagram_nothing_differs(errand: Any, errand_bundle: Bundle) -> None:
    for verdicts in (["pass"], ["fail", "pass"]):
        finished(errand, *verdicts)
    errand.issued()  # one that is not finished does not count
    found = played(errand, draft(errand_bundle))
    assert len(found) == 2
    assert all(one.is_the_same for one in found)


def test_another_path(errand: Any, errand_bundle: Bundle) -> None:
    finished(errand, "fail", "pass")
    (found,) = played(errand, draft(errand_bundle, ('=check.verdict == "pass"', "=check.verdict in ['pass', 'fail']")))
    assert found.takes_another_path
    assert found.skipped["report"] == 1
    assert found.skipped["check"] == 1
    assert [act.element for act in found.unused] == ["report", "check"]


def test_answers_that_the_new_form_would_not_take(errand: Any, errand_bundle: Bundle) -> None:
    finished(errand, "pass")
    forms = {name: dict(document) for name, document in errand_bundle.forms.items()}
    fields = [*forms["errand/report"]["fields"], {"name": "cost", "label": "费用", "type": "money", "required": True}]
    forms["errand/report"]["fields"] = fields
    (found,) = played(errand, draft(errand_bundle, forms=forms))
    assert [problem.element for problem in found.refused] == ["report#cost"]
    assert not found.is_the_same


def test_a_date_that_would_have_been_missed(errand: Any, errand_bundle: Bundle) -> None:
    finished(errand, "pass", days=3)
    assert 'id="check"' in errand_bundle.diagram.decode()
    (found,) = played(errand, draft(errand_bundle, ('id="check"', 'id="check" ducha:due="P1D"')))
    assert found.missed == ("check",)


def test_restricted_ones_and_other_people(errand: Any, errand_bundle: Bundle) -> None:
    with errand.sessions.read() as session, pytest.raises(NotYours):
        replay(session, errand.cast.officer, "errand", draft(errand_bundle), 5, CALENDAR)


def test_many_are_read_together(errand: Any, errand_bundle: Bundle, count: Any) -> None:
    for _ in range(4):
        finished(errand, "pass")
    with errand.sessions.read() as session:
        gather(session, errand.cast.admin, "errand", 50)
        with count(errand.sessions.engine) as counted:
            found = gather(session, errand.cast.admin, "errand", 50)
    assert len(found) == 4
    assert len(counted) <= 7
    assert all(one.is_the_same for one in play(found, draft(errand_bundle), CALENDAR))


def test_one_is_found_by_its_id_if_it_has_finished(errand: Any) -> None:
    ended, running = finished(errand, "pass"), errand.issued().instance_id
    with errand.sessions.begin() as session:
        assert gather_one(session, errand.cast.admin, "errand", ended).instance_id == ended
        session.get_one(Instance, ended).restricted_to = "|admin|"
    with errand.sessions.read() as session:
        for ident in (ended, running, "nothing"):
            with pytest.raises(NotFound):
                gather_one(session, errand.cast.admin, "errand", ident)
        assert gather(session, errand.cast.admin, "errand", 50) == []
        with pytest.raises(NotYours):
            gather_one(session, errand.cast.auditor, "errand", ended)
