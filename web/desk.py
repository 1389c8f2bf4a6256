"""The page of one task: the form, and beside it what helps to answer it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template, request
from sqlalchemy import select

from engine import definitions, history, tasks
from engine.access import NotFound
from engine.attachments import Captured
from engine.history import InstanceView
from engine.tables import Instance, Task, Version
from engine.tasks import TaskView
from faults import Problem
from forms import posted
from forms.asked import Page, asked, complaints
from forms.document import read_form
from forms.field import Form
from forms.fixed import with_fixed
from forms.shown import shown
from web import attachments, naming, seen, story
from web.behalf import principal_id, reader
from web.due import clock_words
from web.naming import Lookup
from web.security import island_page
from web.sessions import actor
from web.transaction import database, moment
from web.words import content, gettext, say_problem
from workflows import clocks
from workflows.roles import TASK_CODES, title

ENTRIES_SHOWN = 30
# A task without a form of its own still takes an opinion and attachments.
BARE = read_form({"name": "bare", "title": "意见和附件", "fields": []})


def page(
    task_id: str,
    typed: Mapping[str, Any] | None = None,
    problems: tuple[Problem, ...] = (),
    words: str = "",
    status: int = 200,
    key: str = "",
) -> Response:
    """The page; ``typed`` replaces draft and prefilled values, ``words`` say why it is shown again."""
    island_page()
    principal = principal_id()
    if principal is None:
        view = tasks.view(database(), actor(), task_id, moment())
    else:
        view = tasks.view_for(database(), actor(), principal, task_id, moment())
    case = history.instance(database(), reader(), view.instance_id, moment(), ENTRIES_SHOWN)
    file = naming.files(database(), actor(), view.instance_id)
    errors = {problem.element: say_problem(problem) for problem in problems}
    form = view.form or BARE
    values = view.answers if typed is None else typed
    if typed is not None and view.your_turn:
        values = with_fixed(form, typed, view.values)
    choices = naming.choices(database(), actor())

    def build(lookup: Lookup) -> dict[str, Any]:
        to_ask = view.your_turn or typed is not None
        questions = asked(form, values, errors, Page(choices, content, lookup, file)) if to_ask else ()
        return {
            "questions": questions,
            "complaints": complaints(questions, errors, content),
            "given": shown(form, values, lookup, content) if view.status == "completed" else (),
            "dropped": seen.dropped(view, lookup) if typed is not None else (),
            "chapters": story.chapters(story.beats(case.entries, case.process, lookup)),
        }

    html = render_template(
        "task.html",
        task=view,
        words=words,
        status=status,
        file=file,
        key=key or secrets.token_hex(16),
        mark=seen.mark(view),
        who_may=who_may(view),
        closed_words=_closed(view),
        clock=_clock(view, case),
        progress=story.progress(case.marks, view.element),
        **naming.named(database(), build),
        place="tasks",
    )
    return make_response(html, status)


def form_of(task_id: str) -> Form:
    """The form of a task in one statement, to read what was posted. Access is checked by the operation that follows."""
    query = (
        select(Task.element, Task.form, Version)
        .join(Instance, Instance.id == Task.instance_id)
        .join(Version, Version.id == Instance.version_id)
        .where(Task.id == task_id)
    )
    found = database().execute(query).one_or_none()
    if found is None:
        raise NotFound
    element, form, version = found
    return definitions.published(database(), version.id).form_of(element, form) or BARE


def items_with_uploads(form: Form) -> dict[str, list[str]]:
    """What was posted, with the files of a browser without JavaScript stored and named by their ids."""
    items = request.form.to_dict(flat=False)
    wanted = posted.file_inputs(form)
    for name, files in request.files.lists():
        if posted.pattern_of(name) not in wanted:
            continue
        for file in files:
            if file.filename:
                items.setdefault(name.removesuffix(posted.UPLOAD), []).append(attachments.keep(file, Captured()).id)
    return items


def who_may(view: TaskView) -> str:
    """In words: an account, or roles with their organisation and task."""
    return whose(view.holder_name or view.holder, view.roles, view.org_name, view.task_code)


def whose(holder: str | None, roles: tuple[str, ...], org_name: str | None, task_code: str | None) -> str:
    if holder:
        return content(holder)
    names = gettext(", ").join(content(title(role)) for role in roles)
    scope = [content(org_name)] if org_name else []
    scope += [content(TASK_CODES.get(task_code, task_code))] if task_code else []
    return f"{names}（{gettext(', ').join(scope)}）" if scope else names


def _clock(view: TaskView, case: InstanceView) -> str:
    element = case.process.elements.get(view.element)
    if view.due is None or element is None:
        return ""
    rule = element.attributes.get("due")
    return clock_words(clocks.of_rule(rule, case.variables, view.opened_at, view.due, moment().calendar))


def _closed(view: TaskView) -> str:
    """Why there is nothing to fill in."""
    if view.status == "cancelled":
        return gettext("This task was withdrawn, so it needs no answer. Look at the case to see why.")
    if view.status == "completed":
        name = content(view.performer_name) or view.performer or ""
        if view.entered_by:
            return gettext("Done by %(name)s, entered by %(by)s.", name=name, by=content(view.entered_by))
        return gettext("Done by %(name)s.", name=name)
    if view.holder_name:
        return gettext("%(name)s has taken this task.", name=content(view.holder_name))
    return gettext("This task is for others; you see it because you may see the case.")
