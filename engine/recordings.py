"""The script of an instance that has run: what people answered and what came from outside, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.lineage import MOVED
from engine.rehearsal import Act, Script
from engine.tables import Instance, Message, Record, Request, Task

CHUNK = 200  # instances that are read together


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the scripts of some instances are made of."""

    entries: Mapping[str, Sequence[Any]]  # of the record, by instance
    messages: Mapping[str, Mapping[str, Any]]  # payload by message
    requests: Mapping[str, Request]
    counters: Mapping[str, int | None]  # by task
    variables: Mapping[str, Mapping[str, Any]]  # by instance


def script(session: Session, instance: Instance) -> Script:
    """Reads the record, the messages that were delivered and the results of services and calls. Five statements.

    What a returned task had answered before is in it as well; claims, drafts and urging are not: they change nothing.
    """
    return scripts(session, [instance])[instance.id]


def scripts(session: Session, instances: Sequence[Instance]) -> dict[str, Script]:
    """Those of many, by instance id. Five statements for each 200."""
    found: dict[str, Script] = {}
    for place in range(0, len(instances), CHUNK):
        some = instances[place : place + CHUNK]
        rows = _rows(session, some)
        found |= {one.id: _script(one, rows) for one in some}
    return found


def _rows(session: Session, instances: Sequence[Instance]) -> _Rows:
    ids = [one.id for one in instances]
    columns = (Record.instance_id, Record.at, Record.what, Record.element, Record.token, Record.actor, Record.data)
    entries: dict[str, list[Any]] = defaultdict(list)
    for entry in session.execute(select(*columns).where(Record.instance_id.in_(ids)).order_by(Record.seq)):
        entries[entry.instance_id].append(entry)
    delivered = {one.data.get("message") for rows in entries.values() for one in rows if one.what == "delivered"}
    callers = [one.parent_request for one in instances if one.parent_request is not None]
    requests = session.scalars(select(Request).where(or_(Request.instance_id.in_(ids), Request.id.in_(callers))))
    return _Rows(
        entries,
        dict(session.execute(select(Message.id, Message.payload).where(Message.id.in_(delivered))).all()),
        {one.id: one for one in requests},
        dict(session.execute(select(Task.id, Task.counter).where(Task.instance_id.in_(ids))).all()),
        dict(session.execute(select(Instance.id, Instance.variables).where(Instance.id.in_(ids))).all()),
    )


def _script(instance: Instance, rows: _Rows) -> Script:
    entries = rows.entries.get(instance.id, ())
    acts: list[Act] = []
    element = entries[0].element if entries else None
    for entry in entries:
        if entry.what == MOVED:  # what was done before it is told by the ids of the version it is on now
            names: Mapping[str, str] = entry.data.get("mapping", {})
            acts = [replace(act, element=names.get(act.element) or act.element) for act in acts]
            element = names.get(element or "") or element
        elif act := _act(entry, instance, rows):
            acts.append(act)
    ended = (instance.ended_at or instance.changed_at) - instance.started_at
    return Script(instance.started_at, element, _variables(instance, element, rows), tuple(acts), ended)


def _act(entry: Any, instance: Instance, rows: _Rows) -> Act | None:
    at, element = entry.at - instance.started_at, entry.element or ""
    counter = rows.counters.get(entry.token or "")
    if entry.what == "completed":
        performer = entry.data.get("on_behalf_of") or entry.actor or ""
        return Act(at, "complete", element, entry.data.get("answers", {}), performer, counter=counter)
    if entry.what == "skipped":
        answers, account = entry.data.get("answers", {}), entry.data.get("account") or ""
        return Act(at, "skip", element, answers, account, counter=counter)
    if entry.what == "delivered":
        return Act(at, "deliver", element, rows.messages.get(entry.data.get("message", ""), {}))
    request = rows.requests.get(entry.token or "")
    if entry.what in ("served", "answered") and request is not None:
        if request.result is None:
            return Act(at, "fail", element, error=str(entry.data.get("error") or ""))
        return Act(at, "respond", element, request.result)
    return None


def _variables(instance: Instance, element: str | None, rows: _Rows) -> dict[str, Any]:
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
        request = rows.requests.get(instance.parent_request)
        return {**(request.inputs if request is not None else {}), **given}
    payload = rows.variables.get(instance.id, {}).get(element or "")
    return {**given, element: payload} if element and payload is not None else given
