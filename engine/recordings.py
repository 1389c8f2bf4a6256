"""The script of an instance that has run: what people answered and what came from outside, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from engine.lineage import MOVED
from engine.rehearsal import Act, Script
from engine.tables import Instance, Message, Record, Request, Task


def script(session: Session, instance: Instance) -> Script:
    """Reads the record, the messages that were delivered and the results of services and calls. Five statements.

    What a returned task had answered before is in it as well; claims, drafts and urging are not: they change nothing.
    """
    entries = session.scalars(select(Record).where(Record.instance_id == instance.id).order_by(Record.seq)).all()
    messages = _payloads(session, entries)
    requests = {one.id: one for one in session.scalars(select(Request).where(Request.instance_id == instance.id))}
    counters: dict[str, int | None] = dict(
        session.execute(select(Task.id, Task.counter).where(Task.instance_id == instance.id)).all()
    )
    acts: list[Act] = []
    element = entries[0].element if entries else None
    for entry in entries:
        if entry.what == MOVED:  # what was done before it is told by the ids of the version it is on now
            names: Mapping[str, str] = entry.data.get("mapping", {})
            acts = [replace(act, element=names.get(act.element) or act.element) for act in acts]
            element = names.get(element or "") or element
        elif act := _act(entry, instance, messages, requests, counters.get(entry.token or "")):
            acts.append(act)
    ended = (instance.ended_at or instance.changed_at) - instance.started_at
    return Script(instance.started_at, element, _variables(session, instance, element), tuple(acts), ended)


def _act(
    entry: Record,
    instance: Instance,
    messages: Mapping[str, Mapping[str, Any]],
    requests: Mapping[str, Request],
    counter: int | None,
) -> Act | None:
    at, element = entry.at - instance.started_at, entry.element or ""
    if entry.what == "completed":
        performer = entry.data.get("on_behalf_of") or entry.actor or ""
        return Act(at, "complete", element, entry.data.get("answers", {}), performer, counter=counter)
    if entry.what == "skipped":
        answers, account = entry.data.get("answers", {}), entry.data.get("account") or ""
        return Act(at, "skip", element, answers, account, counter=counter)
    if entry.what == "delivered":
        return Act(at, "deliver", element, messages.get(entry.data.get("message", ""), {}))
    request = requests.get(entry.token or "")
    if entry.what in ("served", "answered") and request is not None:
        if request.result is None:
            return Act(at, "fail", element, error=str(entry.data.get("error") or ""))
        return Act(at, "respond", element, request.result)
    return None


def _payloads(session: Session, entries: Any) -> dict[str, Mapping[str, Any]]:
    ids = {entry.data.get("message") for entry in entries if entry.what == "delivered"}
    return dict(session.execute(select(Message.id, Message.payload).where(Message.id.in_(ids))).all())


def _variables(session: Session, instance: Instance, element: str | None) -> dict[str, Any]:
    """What it was given at its start: its own facts, the payload that started it, the inputs of its caller."""
    given: dict[str, Any] = {
        "title": instance.title,
        "task_code": instance.task_code,
        "org": instance.org,
        "starter": instance.starter,
        "starter_org": instance.starter_org,
        "instance_id": instance.id,
    }
    if instance.parent_request is not None:
        request = session.get(Request, instance.parent_request)
        return {**(request.inputs if request is not None else {}), **given}
    kept = session.get_one(Instance, instance.id, options=[undefer(Instance.variables)], populate_existing=True)
    payload = kept.variables.get(element or "")
    return {**given, element: payload} if element and payload is not None else given
