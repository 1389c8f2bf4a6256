"""The form that a page showed, named in what it posts: another may be asked since, because its case was moved."""

from __future__ import annotations

from typing import Any

from flask import request

from engine import definitions
from engine.tables import Instance, Task, Version
from engine.tasks import TaskView
from faults import N_, Fault
from forms import posted
from forms.field import Form
from forms.shown import shown
from web.naming import Lookup
from web.transaction import database
from web.words import content

FIELD = "_seen"  # <version id>:<element>

STILL_TYPING = N_(
    "The process was changed while you have this page open, and what is asked here with it. Go on and submit: then you "
    "see the questions as they are now, with what you have typed."
)
FOR_OTHERS = N_(
    "The process was changed while you had this page open, and this step is for others now. Nothing was submitted; "
    "copy what you have typed if it is still needed."
)


class FormChanged(Fault):
    """The process was changed while you had this page open, and what is asked here with it.

    Nothing was submitted and nothing is lost: look through the questions as they are now, and submit them again.
    """


def mark(view: TaskView) -> str:
    """What a page of the task posts with its answers."""
    return f"{view.version_id}:{view.element}"


def is_other(version_id: int) -> bool:
    """Whether that page was of another version than this one."""
    return _version_id() not in (None, version_id)


def has_moved(task_id: str) -> bool:
    """Whether the case of the task is on another version than on that page."""
    task = database().get(Task, task_id) if _version_id() is not None else None
    return task is not None and is_other(database().get_one(Instance, task.instance_id).version_id)


def asks_otherwise(task_id: str) -> bool:
    """Whether it was moved, and is asked for something else than on that page."""
    if not has_moved(task_id):
        return False
    task = database().get_one(Task, task_id)
    version_id = database().get_one(Instance, task.instance_id).version_id
    now = definitions.published(database(), version_id).form_of(task.element, task.form)
    then = form(database().get_one(Version, version_id).process_key)
    return (now.fields if now else ()) != (then.fields if then else ())


def require_same(task_id: str) -> None:
    """Raises FormChanged. Once its instance is locked, it is not moved any more until the end of the transaction."""
    if asks_otherwise(task_id):
        raise FormChanged


def form(process_key: str) -> Form | None:
    """The form that the page showed; None if it had none, or names none of the process."""
    version = database().get(Version, _version_id() or 0)
    if version is None or version.process_key != process_key:
        return None
    published = definitions.published(database(), version.id)
    element = published.process.elements.get(request.form.get(FIELD, "").partition(":")[2])
    return published.form_of(element.id, element.attributes.get("form")) if element else None


def dropped(view: TaskView, lookup: Lookup) -> tuple[Any, ...]:
    """What was typed into fields that are not asked any more, or not in that way, in words."""
    if _version_id() in (None, view.version_id):
        return ()
    then = form(view.process_key)
    if then is None:
        return ()
    kept = {one.name: one.type for one in view.form.fields} if view.form else {}
    gone = {one.name for one in then.fields if kept.get(one.name) != one.type}
    typed = posted.parse(then, request.form.to_dict(flat=False))
    return tuple(one for one in shown(then, typed, lookup, content) if one.name in gone)


def _version_id() -> int | None:
    text = request.form.get(FIELD, "").partition(":")[0]
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
