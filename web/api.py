"""The same work as the pages, for programs: a small JSON API under the same session and access rules.

docs/api.md describes it; a test holds both together.  Changing requests carry the CSRF token in ``X-CSRFToken``.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify, request
from flask_login import login_required
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from engine import history, inbox, tasks
from engine.history import InstanceView
from engine.inbox import Row
from engine.tables import canonical
from forms.schema import compile_schema
from web import desk
from web.sessions import actor
from web.transaction import database, moment

routes = Blueprint("api", __name__, url_prefix="/api")

LARGEST_PAGE = 100
LIGHTS = ("red", "yellow", "green")


@routes.get("/session")
@login_required
def session() -> AnyResponse:
    """Who is signed in, and the token for changing requests."""
    return jsonify(account=actor().id, name=actor().name, csrf_token=generate_csrf())


@routes.get("/tasks")
@login_required
def open_tasks() -> AnyResponse:
    """Open tasks, the most urgent first. Arguments: q, light, after, limit."""
    only = request.args.get("light")
    limit = min(max(request.args.get("limit", 50, type=int), 1), LARGEST_PAGE)
    if only is not None and only not in LIGHTS:
        raise BadRequest
    search, after = request.args.get("q", ""), request.args.get("after")
    found = inbox.open_tasks(database(), actor(), moment(), search, only, after, limit)  # type: ignore[arg-type]
    return jsonify(tasks=[_row(row) for row in found.rows], next=found.next)


@routes.get("/tasks/<task_id>")
@login_required
def task(task_id: str) -> AnyResponse:
    """A task with the JSON Schema of its answers and what they are so far."""
    view = tasks.view(database(), actor(), task_id, moment())
    schema = compile_schema(view.form or desk.BARE)
    return jsonify(
        id=view.id,
        element=view.element,
        name=view.name,
        status=view.status,
        your_turn=view.your_turn,
        due=view.due.isoformat() if view.due else None,
        light=view.light,
        case={"id": view.instance_id, "title": view.title, "process": view.process_key},
        schema=schema,
        answers=view.answers,
    )


@routes.post("/tasks/<task_id>/complete")
@login_required
def complete(task_id: str) -> AnyResponse:
    """Complete a task: ``{"answers": {...}, "key": "..."}``; the same key again answers with the first result."""
    body = request.get_json()
    answers = body.get("answers") if isinstance(body, dict) else None
    key = body.get("key") if isinstance(body, dict) else None
    if not isinstance(answers, dict) or not (key is None or (isinstance(key, str) and len(key) <= 64)):
        raise BadRequest
    done = tasks.complete(database(), actor(), task_id, answers, key, moment())
    return jsonify(case=done.instance_id, next_tasks=list(done.next_tasks), repeated=done.repeated)


@routes.get("/instances/<instance_id>")
@login_required
def instance(instance_id: str) -> AnyResponse:
    """A case: its facts, open tasks, what it waits for, where it stands in the diagram, and its record."""
    return jsonify(_plain(_case(history.instance(database(), actor(), instance_id, moment()))))


def _row(row: Row) -> Any:
    return _plain(asdict(row))


def _case(case: InstanceView) -> dict[str, Any]:
    return {
        **asdict(case.facts),
        "open_tasks": [asdict(one) for one in case.open_tasks],
        "waiting": [asdict(one) for one in case.waiting],
        "incidents": [asdict(one) | {"params": dict(one.params)} for one in case.troubles],
        "elements": {element: asdict(mark) for element, mark in case.marks.elements.items()},
        "flows": dict(case.marks.flows),
        "record": [
            {
                "seq": one.seq,
                "at": one.at,
                "what": one.what,
                "actor": one.actor,
                "element": one.element,
                "answers": one.answers,
            }
            for one in case.entries
        ],
    }


def _plain(value: Any) -> Any:
    """Values as JSON has them: instants as ISO 8601, tuples as lists."""
    plain: Any = json.loads(canonical(value))
    return plain
