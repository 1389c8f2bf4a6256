"""What was done to a process is kept, and nothing of it, nor of what was published, is ever altered."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import undefer_group

from bpmn.moment import Moment
from engine import definitions, impact, library, moving, process_changes, process_drafts, publish
from engine.access import NotYours
from engine.process_drafts import Changes
from engine.publish import Bundle
from engine.tables import ProcessChange, Version


def renamed(bundle: Bundle, name: str) -> Bundle:
    return Bundle(bundle.diagram.replace('name="复核"'.encode(), f'name="{name}"'.encode()), bundle.forms, {})


def test_publications_returns_retirements_and_moves_in_one_history(errand: Any, errand_bundle: Bundle) -> None:
    admin, case = errand.cast.admin, errand.issued()
    days = [Moment(errand.moment.now + timedelta(days=number)) for number in range(6)]
    with errand.sessions.begin() as session:
        first = definitions.current(session, "errand")
        assert first
        second = publish.publish(session, admin, renamed(errand_bundle, "复查"), "改名", {}, days[1])
        mapping = impact.suggestions(session, impact.target_of_version(session, second.id), [first.id])
        move = moving.begin(session, admin, second.id, mapping, "都搬", None, days[2])
        library.roll_back(session, admin, first.id, "改错了", {}, days[3])
        library.retire(session, admin, "errand", "不用了", days[4])
        library.retire(session, admin, "errand", "again", days[5])  # is out of use already
        publish.publish(session, admin, errand_bundle, "又用", {}, days[5])
        publish.publish(session, admin, errand_bundle, "nothing new", {}, days[5])
    assert case.instance_id
    with errand.sessions.read() as session:
        found = process_changes.history(session, errand.cast.auditor, "errand")
    assert [(one.what, one.number, one.comment) for one in found] == [
        ("again", 1, "又用"),
        ("retired", 1, "不用了"),
        ("again", 1, "改错了"),
        ("moved", 2, "都搬"),
        ("published", 2, "改名"),
        ("published", 1, "first"),
    ]
    assert {one.by for one in found} == {"admin 01"}
    assert [one.move_id for one in found if one.what == "moved"] == [move.id]
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)


def test_only_administrators_and_auditors_read_it(errand: Any) -> None:
    with errand.sessions.read() as session:
        assert process_changes.history(session, errand.cast.admin, "nothing") == ()
        with pytest.raises(NotYours):
            process_changes.history(session, errand.cast.officer, "errand")


def documents(errand: Any) -> list[tuple[Any, ...]]:
    with errand.sessions.read() as session:
        rows = session.scalars(select(Version).options(undefer_group("documents")).order_by(Version.id))
        return [(one.number, one.content_hash, one.diagram, one.forms, one.decisions, one.comment) for one in rows]


def test_a_version_stays_as_it_was_published_whatever_is_done(errand: Any, errand_bundle: Bundle) -> None:
    admin, before = errand.cast.admin, documents(errand)
    with errand.sessions.begin() as session:
        version = definitions.current(session, "errand")
        assert version
        draft = process_drafts.begin(session, admin, "errand", errand.moment)
        changes = Changes(
            renamed(errand_bundle, "复查").diagram, {"errand/check": {**errand_bundle.forms["errand/check"]}}
        )
        process_drafts.save(session, admin, draft.id, 1, changes, errand.moment)
        process_drafts.publish_now(session, admin, draft.id, 2, "x", {}, errand.moment)
        library.roll_back(session, admin, version.id, "back, with another comment", {}, errand.moment)
        library.retire(session, admin, "errand", "", errand.moment)
        publish.publish(session, admin, errand_bundle, "the same content under another comment", {}, errand.moment)
    assert documents(errand)[: len(before)] == before


@pytest.mark.parametrize("column", ["diagram", "forms", "decisions", "comment", "number", "published_by"])
def test_no_session_can_alter_a_version(errand: Any, column: str) -> None:
    before = documents(errand)
    with errand.sessions() as session:
        version = session.scalars(select(Version).options(undefer_group("documents"))).one()
        other = {"diagram": b"", "forms": {}, "decisions": {"x": ""}, "number": 7}.get(column, "other")
        setattr(version, column, other)
        with pytest.raises(DBAPIError, match="append-only"):
            session.flush()
    for statement in (f"UPDATE version SET {column} = {column}", "DELETE FROM version"):
        with errand.sessions() as session:
            if session.get_bind().dialect.name == "sqlite":
                session.execute(text("PRAGMA defer_foreign_keys = ON"))
            with pytest.raises(DBAPIError, match="append-only"):
                session.execute(text(statement))
    assert documents(errand) == before


def test_what_was_done_before_there_was_a_history_is_taken_over(errand: Any, errand_bundle: Bundle) -> None:
    admin = errand.cast.admin
    with errand.sessions.begin() as session:
        draft = process_drafts.begin(session, admin, "errand", errand.moment)
        process_drafts.save(session, admin, draft.id, 1, Changes(renamed(errand_bundle, "复查").diagram), errand.moment)
        version = process_drafts.publish_now(session, admin, draft.id, 2, "改名", {}, errand.moment)
        draft.reason, draft.failing = "先用着", ["返工"]
        library.retire(session, admin, "errand", "", errand.moment)
    migration = import_module("engine.migrations.versions.0010_process_changes")
    with errand.sessions.begin() as session:
        known = session.scalar(select(func.max(ProcessChange.id)))
        with Operations.context(MigrationContext.configure(session.connection())):
            migration._take_over()
        rows = session.scalars(select(ProcessChange).where(ProcessChange.id > known).order_by(ProcessChange.id)).all()
        found = [(row.what, row.version_id, row.actor, row.comment, row.reason, row.failing) for row in rows]
        assert found == [
            ("current", version.id - 1, "admin", "first", None, None),
            ("current", version.id, "admin", "改名", "先用着", ["返工"]),
            ("retired", version.id, None, "", None, None),
        ]
        assert {row.at for row in rows} == {errand.moment.now}


def test_no_session_can_alter_the_history(errand: Any) -> None:
    for statement in ("UPDATE process_change SET comment = 'x'", "DELETE FROM process_change"):
        with errand.sessions() as session, pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement))
    with errand.sessions.read() as session:
        assert session.scalars(select(ProcessChange.comment)).all() == ["first"]
