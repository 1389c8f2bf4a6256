"""What stands between a draft and its publication: scenarios and tests of tables, or a written reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from bpmn.table_tests import TableTest, with_tests
from engine import library, process_changes, process_drafts, publish, trials
from engine.process_drafts import Changes
from engine.publish import Bundle, PublishRefused
from engine.services import Premises, Service
from engine.tables import Account
from engine.trials import TrialsFail

TABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
  <decision id="rung" name="Rung">
    <decisionTable id="t" hitPolicy="FIRST">
      <input id="i"><inputExpression id="e" typeRef="number"><text>late - limits.days</text></inputExpression></input>
      <output id="o" name="kind" typeRef="string"/>
      <rule id="r1"><inputEntry id="r1i"><text>&gt; 0</text></inputEntry>
        <outputEntry id="r1o"><text>"urge"</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="r2i"><text>-</text></inputEntry>
        <outputEntry id="r2o"><text>"wait"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""
URGE = {"kind": '"urge"'}
JUNE = date(2013, 6, 3)


def limits(_session: Session) -> Premises:
    """Three days until June, five from then on."""

    def on(moment: Moment) -> Mapping[str, Any]:
        return {"limits": {"days": 5 if moment.today >= JUNE else 3}}

    return on


SERVICES = {"limits": Service("limits", "limits", (), ("days",), lambda *_: {"days": 3}, premises=limits)}


def with_table(bundle: Bundle, *tests: TableTest) -> Bundle:
    return Bundle(bundle.diagram, bundle.forms, {"rung": with_tests(TABLE, tests)})


@pytest.fixture
def draft(errand: Any, errand_bundle: Bundle) -> str:
    """Of the errand, with a table whose second test fails."""
    tests = TableTest("four days", None, {"late": "4"}, URGE), TableTest("", None, {"late": "1"}, URGE)
    with errand.sessions.begin() as session:
        found = process_drafts.begin(session, errand.cast.admin, "errand", errand.moment)
        changes = Changes(decisions=with_table(errand_bundle, *tests).decisions)
        process_drafts.save(session, errand.cast.admin, found.id, 1, changes, errand.moment)
        return found.id


def test_a_test_of_a_table_that_fails_needs_a_reason_now_and_later(errand: Any, draft: str) -> None:
    admin, tomorrow = errand.cast.admin, errand.moment.now + timedelta(days=1)
    for call in (
        lambda session: process_drafts.publish_now(session, admin, draft, 2, "", SERVICES, errand.moment, " "),
        lambda session: process_drafts.schedule(session, admin, draft, 2, "", tomorrow, SERVICES, errand.moment),
    ):
        with errand.sessions.begin() as session, pytest.raises(TrialsFail) as refused:
            call(session)
        assert [(one.element, one.params["name"]) for one in refused.value.problems] == [("rung", "2")]
    with errand.sessions.begin() as session:
        version = process_drafts.publish_now(session, admin, draft, 2, "表", SERVICES, errand.moment, "先用着\0")
        found = process_changes.waiver_of(session, version.id)
        assert found == process_changes.Waiver("先用着", ("Rung: 2",))
        assert process_drafts.get(session, admin, draft).failing == ["Rung: 2"]


def test_tests_count_on_the_premises_of_their_day(errand: Any, errand_bundle: Bundle) -> None:
    bundle = with_table(
        errand_bundle,
        TableTest("today", None, {"late": "4"}, URGE),
        TableTest("in june", JUNE, {"late": "4"}, URGE),
        TableTest("its own", JUNE, {"late": "4", "limits.days": "3"}, URGE),
    )
    with errand.sessions.read() as session:
        found = trials.failures(session, errand.cast.admin, "errand", bundle, SERVICES, errand.moment)
        assert [one.params["name"] for one in found] == ["in june"]
        found = trials.failures(session, errand.cast.admin, "errand", bundle, {}, errand.moment)
        assert [one.params["name"] for one in found] == ["today", "in june"], "nothing says what the limit is"


def test_errors_come_first_and_what_passes_needs_no_reason(errand: Any, errand_bundle: Bundle) -> None:
    good = with_table(errand_bundle, TableTest("", None, {"late": "4"}, URGE), TableTest("open", None, {"late": "4"}))
    broken = Bundle(good.diagram, good.forms, {"rung": TABLE.replace(b"FIRST", b"NONSENSE")})
    admin = errand.cast.admin
    with errand.sessions.read() as session:
        assert trials.demand(session, admin, "errand", good, "", SERVICES, errand.moment) is None
        assert trials.demand(session, admin, "errand", good, "unasked", SERVICES, errand.moment) is None
        with pytest.raises(PublishRefused):
            trials.demand(session, admin, "errand", broken, "all the same", SERVICES, errand.moment)


def test_what_fails_only_by_then_is_not_published_when_its_time_comes(errand: Any, errand_bundle: Bundle) -> None:
    admin, later = errand.cast.admin, errand.moment.now + timedelta(days=40)
    tests = TableTest("four days", None, {"late": "4"}, URGE), TableTest("one day", None, {"late": "1"}, URGE)
    with errand.sessions.begin() as session:
        draft = process_drafts.begin(session, admin, "errand", errand.moment).id
        changes = Changes(decisions=with_table(errand_bundle, *tests).decisions)
        process_drafts.save(session, admin, draft, 1, changes, errand.moment)
        process_drafts.schedule(session, admin, draft, 2, "", later, SERVICES, errand.moment, "one day is meant so")
    with errand.sessions.begin() as session:
        assert process_drafts.publish_due(session, SERVICES, Moment(later)) == []
    with errand.sessions.read() as session:
        found = process_drafts.get(session, admin, draft)
        assert (found.status, found.starts_at) == ("open", None)
        assert "four days" in found.failure, "the reason excused another test"


def test_a_reason_holds_when_the_time_comes(errand: Any, draft: str) -> None:
    admin, later = errand.cast.admin, errand.moment.now + timedelta(days=1)
    with errand.sessions.begin() as session:
        process_drafts.schedule(session, admin, draft, 2, "", later, SERVICES, errand.moment, "meant so")
    with errand.sessions.begin() as session:
        (version,) = process_drafts.publish_due(session, SERVICES, Moment(later))
        assert process_changes.waiver_of(session, version.id) == process_changes.Waiver("meant so", ("Rung: 2",))


def test_one_whose_author_has_left_does_not_hold_up_the_others(errand: Any, draft: str) -> None:
    admin, later = errand.cast.admin, errand.moment.now + timedelta(days=1)
    with errand.sessions.begin() as session:
        process_drafts.schedule(session, admin, draft, 2, "", later, SERVICES, errand.moment, "meant so")
        session.get_one(Account, "admin").active = False
    with errand.sessions.begin() as session:
        assert process_drafts.publish_due(session, SERVICES, Moment(later)) == []
    with errand.sessions.read() as session:
        found = process_drafts.get(session, admin, draft)
        assert (found.status, bool(found.failure)) == ("open", True)


def test_rolling_back_asks_too_and_its_comment_is_the_reason(errand: Any, errand_bundle: Bundle) -> None:
    admin, bad = errand.cast.admin, TableTest("bad", None, {"late": "1"}, URGE)
    with errand.sessions.begin() as session:
        earlier = publish.publish(session, admin, with_table(errand_bundle, bad), "", SERVICES, errand.moment)
        publish.publish(session, admin, errand_bundle, "", SERVICES, errand.moment)
    with errand.sessions.begin() as session, pytest.raises(TrialsFail):
        library.roll_back(session, admin, earlier.id, " ", SERVICES, errand.moment)
    with errand.sessions.begin() as session:
        library.roll_back(session, admin, earlier.id, "出错了", SERVICES, errand.moment)
        found = process_changes.waiver_of(session, earlier.id)
        assert found == process_changes.Waiver("出错了", ("Rung: bad",))
