"""Drafts of processes: begun, saved against each other, published now and later, copied, brought in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bpmn.foreign import adopt
from bpmn.moment import Moment
from engine import accounts, definitions, instances, library, process_drafts
from engine.access import NotFound, NotYours
from engine.process_drafts import BadKey, Changes, EditedMeanwhile, KeyTaken, NotOpen, PastStart
from engine.publish import Bundle, PublishRefused
from engine.tables import Process, StartEvent, Version
from faults import Refused

FOREIGN = Path(__file__).parents[1] / "bpmn" / "foreign_diagrams" / "camunda.bpmn"


@pytest.fixture
def admin(cast: Any) -> Any:
    return cast.admin


@pytest.fixture
def begun(errand: Any, admin: Any) -> str:
    with errand.sessions.begin() as session:
        return process_drafts.begin(session, admin, "errand", errand.moment).id


def renamed(bundle: Bundle, name: str) -> bytes:
    return bundle.diagram.replace('name="复核"'.encode(), f'name="{name}"'.encode())


def save(errand: Any, actor: Any, draft: str, revision: int, **changes: Any) -> int:
    with errand.sessions.begin() as session:
        return process_drafts.save(session, actor, draft, revision, Changes(**changes), errand.moment).revision


def test_a_draft_begins_from_the_current_version_and_is_found_again(errand: Any, begun: str, admin: Any) -> None:
    with errand.sessions.begin() as session:
        assert process_drafts.begin(session, admin, "errand", errand.moment).id == begun
        draft = process_drafts.get(session, admin, begun)
        assert (draft.process_key, draft.name, draft.status, draft.revision) == ("errand", "差事", "open", 1)
        version = definitions.current(session, "errand")
        assert version
        assert process_drafts.bundle_of(draft) == process_drafts.bundle_of_version(session, version.id)
        with pytest.raises(NotFound):
            process_drafts.begin(session, admin, "nothing", errand.moment)


def test_only_administrators(errand: Any, begun: str, cast: Any) -> None:
    for somebody in (cast.officer, cast.auditor):
        with errand.sessions.begin() as session:
            for call in (
                lambda who=somebody: process_drafts.begin(session, who, "errand", errand.moment),
                lambda who=somebody: process_drafts.get(session, who, begun),
                lambda who=somebody: process_drafts.save(session, who, begun, 1, Changes(), errand.moment),
                lambda who=somebody: process_drafts.publish_now(session, who, begun, 1, "", {}, errand.moment),
                lambda who=somebody: process_drafts.drop(session, who, begun),
                lambda who=somebody: process_drafts.seen(session, who, begun, errand.moment),
                lambda who=somebody: library.retire(session, who, "errand", "", errand.moment),
            ):
                with pytest.raises(NotYours):
                    call()


def test_who_saves_second_is_told_who_was_first(errand: Any, begun: str, admin: Any, errand_bundle: Bundle) -> None:
    assert save(errand, admin, begun, 1, diagram=renamed(errand_bundle, "复查")) == 2
    with pytest.raises(EditedMeanwhile) as refused:
        save(errand, admin, begun, 1, diagram=renamed(errand_bundle, "核对"))
    assert refused.value.params["name"] == "admin 01"
    assert refused.value.revision == 2
    with errand.sessions.read() as session:
        assert "复查" in process_drafts.get(session, admin, begun).diagram.decode()


def test_two_saves_at_once_one_is_kept(
    errand: Any, begun: str, admin: Any, errand_bundle: Bundle, at_once: Any
) -> None:
    calls = [
        lambda name=name: save(errand, admin, begun, 1, diagram=renamed(errand_bundle, name))
        for name in ("甲", "乙", "丙")
    ]
    results = at_once(*calls)
    assert sorted(type(one).__name__ for one in results) == ["EditedMeanwhile", "EditedMeanwhile", "int"]


def test_forms_and_tables_come_and_go(errand: Any, begun: str, admin: Any) -> None:
    form = {"name": "errand/report", "title": "新", "fields": []}
    save(errand, admin, begun, 1, forms={"errand/report": form, "errand/check": None}, decisions={"d": b"<x/>"})
    with errand.sessions.read() as session:
        bundle = process_drafts.bundle_of(process_drafts.get(session, admin, begun))
    assert bundle.forms["errand/report"] == form
    assert "errand/check" not in bundle.forms
    assert bundle.decisions == {"d": b"<x/>"}


def test_what_is_no_diagram_is_not_saved(errand: Any, begun: str, admin: Any) -> None:
    with pytest.raises(Refused):
        save(errand, admin, begun, 1, diagram=b"<!DOCTYPE x><x/>")
    with errand.sessions.read() as session:
        assert process_drafts.get(session, admin, begun).revision == 1


def test_publishing(errand: Any, begun: str, admin: Any, errand_bundle: Bundle) -> None:
    started = errand.issued()
    save(errand, admin, begun, 1, diagram=renamed(errand_bundle, "复查"))
    with errand.sessions.begin() as session:
        version = process_drafts.publish_now(session, admin, begun, 2, "改名", {}, errand.moment)
        assert (version.number, version.comment) == (2, "改名")
    assert errand.instance(started.instance_id).version_id != version.id
    with errand.sessions.begin() as session:
        with pytest.raises(NotOpen):
            process_drafts.save(session, admin, begun, 3, Changes(), errand.moment)
        fresh = process_drafts.begin(session, admin, "errand", errand.moment)
        assert fresh.id != begun
        assert fresh.base_version_id == version.id


def test_what_has_an_error_is_not_published(errand: Any, begun: str, admin: Any) -> None:
    save(errand, admin, begun, 1, forms={"errand/report": None})
    with errand.sessions.begin() as session, pytest.raises(PublishRefused):
        process_drafts.publish_now(session, admin, begun, 2, "", {}, errand.moment)
    with errand.sessions.read() as session:
        assert process_drafts.get(session, admin, begun).status == "open"
        assert len(session.scalars(select(Version)).all()) == 1


def test_publishing_from_a_time(errand: Any, begun: str, admin: Any, errand_bundle: Bundle) -> None:
    save(errand, admin, begun, 1, diagram=renamed(errand_bundle, "复查"))
    later = errand.moment.now + timedelta(days=3)
    with errand.sessions.begin() as session:
        with pytest.raises(PastStart):
            process_drafts.schedule(session, admin, begun, 2, "", errand.moment.now, {}, errand.moment)
        process_drafts.schedule(session, admin, begun, 2, "月初起", later, {}, errand.moment)
    with errand.sessions.begin() as session:
        assert process_drafts.publish_due(session, {}, errand.moment) == []
    for number in (1, 0):  # once
        with errand.sessions.begin() as session:
            assert len(process_drafts.publish_due(session, {}, Moment(later))) == number
    with errand.sessions.read() as session:
        version = definitions.current(session, "errand")
        assert version
        assert (version.number, version.comment, version.published_by) == (2, "月初起", "admin")


def test_a_change_takes_a_draft_off_the_schedule(errand: Any, begun: str, admin: Any) -> None:
    later = errand.moment.now + timedelta(days=3)
    with errand.sessions.begin() as session:
        process_drafts.schedule(session, admin, begun, 1, "", later, {}, errand.moment)
    save(errand, admin, begun, 2, forms={"errand/report": None})
    with errand.sessions.begin() as session:
        assert process_drafts.publish_due(session, {}, Moment(later)) == []


def test_what_has_become_wrong_until_then_is_open_again_with_the_reason(errand: Any, begun: str, admin: Any) -> None:
    later = errand.moment.now + timedelta(days=3)
    with errand.sessions.begin() as session:
        process_drafts.schedule(session, admin, begun, 1, "", later, {}, errand.moment)
        draft = process_drafts.get(session, admin, begun)
        draft.forms = {}  # as if roles or services had gone
    with errand.sessions.begin() as session:
        assert process_drafts.publish_due(session, {}, Moment(later)) == []
    with errand.sessions.read() as session:
        draft = process_drafts.get(session, admin, begun)
        assert draft.status == "open"
        assert "errand/report" in draft.failure


def test_a_new_process(errand: Any, admin: Any) -> None:
    with errand.sessions.begin() as session:
        draft = process_drafts.begin_new(session, admin, "visit", "来访 <接待>", errand.moment)
        assert (draft.process_key, draft.name) == ("visit", "来访 <接待>")
        problems = {
            problem.code for problem in process_drafts.publish.check(session, process_drafts.bundle_of(draft), {})
        }
        assert problems == {"assignment_missing", "no_starter"}, "who does it is still to be said"
        for key in ("", "A", "a-b", "visit", "errand", "x" * 101):
            with pytest.raises(KeyTaken if key in ("visit", "errand") else BadKey):
                process_drafts.begin_new(session, admin, key, "", errand.moment)


def test_a_copy_has_its_own_key_and_forms(errand: Any, admin: Any) -> None:
    with errand.sessions.begin() as session:
        version = definitions.current(session, "errand")
        assert version
        draft = process_drafts.copy(session, admin, version.id, "chore", "杂务", errand.moment)
        assert draft.process_key == "chore"
        assert all(name.startswith("chore/") for name in draft.forms)
        published = process_drafts.publish_now(session, admin, draft.id, draft.revision, "", {}, errand.moment)
        assert published.process_key == "chore"


def test_a_foreign_diagram_is_brought_in(errand: Any, admin: Any) -> None:
    with errand.sessions.begin() as session:
        draft, adopted = process_drafts.bring_in(session, admin, Bundle(FOREIGN.read_bytes(), {}, {}), errand.moment)
        assert adopted.origin == "Camunda 7"
        assert draft.process_key == "invoice_process"
        assert set(draft.forms) == set(adopt(FOREIGN.read_bytes()).forms)


def test_who_else_has_it_open(errand: Any, begun: str, admin: Any, sessions: Any) -> None:
    with errand.sessions.begin() as session:
        accounts.create(session, "admin2", "admin 02", "correct horse battery", [("admin", None, None)])
        other = accounts.actor(session, "admin2")
        assert process_drafts.seen(session, admin, begun, errand.moment) == ()
        assert process_drafts.seen(session, other, begun, errand.moment) == ("admin 01",)
        assert process_drafts.seen(session, admin, begun, errand.moment) == ("admin 02",)
        later = Moment(errand.moment.now + timedelta(minutes=5))
        assert process_drafts.seen(session, admin, begun, later) == ()


def test_a_dropped_draft_is_over(errand: Any, begun: str, admin: Any) -> None:
    with errand.sessions.begin() as session:
        process_drafts.drop(session, admin, begun)
    with errand.sessions.begin() as session:
        with pytest.raises(NotOpen):
            process_drafts.drop(session, admin, begun)
        assert process_drafts.begin(session, admin, "errand", errand.moment).id != begun


# ---- the library


def test_the_library_counts_and_finds(errand: Any, begun: str, admin: Any, cast: Any, count: Any) -> None:
    errand.issued()
    with errand.sessions.begin() as session:
        process_drafts.begin_new(session, admin, "visit", "来访", errand.moment)
    with errand.sessions.read() as session, count(errand.sessions.engine) as counted:
        found = library.entries(session, cast.auditor)
        assert [(entry.key, entry.running, len(entry.drafts)) for entry in found] == [("visit", 0, 1), ("errand", 1, 1)]
        assert found[1].current
        assert found[1].current.version.number == 1
        assert found[1].people == {"admin", "admin 01"}
        assert [(one.begun_by, one.edited_by) for one in found[0].drafts] == [("admin 01", "admin 01")]
        assert len(counted) == 5
    with errand.sessions.read() as session:
        assert library.entry(session, admin, "errand").key == "errand"
        assert library.entry(session, admin, "visit").editions == ()
        with pytest.raises(NotFound):
            library.entry(session, admin, "nothing")
        for call in (
            lambda: library.entries(session, cast.officer),
            lambda: library.entry(session, cast.officer, "errand"),
        ):
            with pytest.raises(NotYours):
                call()


def test_rolling_back(errand: Any, begun: str, admin: Any, errand_bundle: Bundle) -> None:
    save(errand, admin, begun, 1, diagram=renamed(errand_bundle, "复查"))
    with errand.sessions.begin() as session:
        first = definitions.current(session, "errand")
        process_drafts.publish_now(session, admin, begun, 2, "", {}, errand.moment)
    with errand.sessions.begin() as session:
        assert first
        assert library.roll_back(session, admin, first.id, "退回", {}, errand.moment).id == first.id
        current = definitions.current(session, "errand")
        assert current
        assert current.id == first.id


def test_a_retired_process_starts_no_more_and_what_runs_goes_on(errand: Any, begun: str, admin: Any) -> None:
    started = errand.issued()
    with errand.sessions.begin() as session:
        library.retire(session, admin, "errand", "不再需要", errand.moment)
        assert session.scalars(select(StartEvent)).all() == []
        assert instances.startable(session, errand.cast.officer) == []
    with pytest.raises(instances.NotPublished):
        errand.start()
    errand.complete(errand.cast.colleague, errand.open_task(started.instance_id).id, {"result": "好"})
    with errand.sessions.begin() as session:
        process_drafts.publish_now(session, admin, begun, 1, "", {}, errand.moment)
        assert session.get_one(Process, "errand").retired_at is None
    errand.start()
