"""What scenarios of a process are played on: a draft that the address names (?draft=), else the current version."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from engine import definitions, process_drafts
from engine.access import ADMIN, NotFound, require
from engine.definitions import Published
from engine.expectations import ANY, NONE
from engine.publish import Bundle
from faults import Problem, Refused
from forms.field import Form
from web.sessions import actor
from web.story import name_of
from web.transaction import database
from web.words import content, gettext

MOST_NAMES = 40  # that are foreseen for what a message brings


@dataclass(frozen=True, slots=True)
class Ground:
    """``published`` is None if the draft can't be executed; then ``problems`` say why."""

    process_key: str
    name: str
    draft_id: str | None
    edited_by: str  # of a draft, who saved it last
    version_id: int | None
    number: int | None
    bundle: Bundle
    published: Published | None
    problems: tuple[Problem, ...]

    @property
    def drawing(self) -> str:
        if self.draft_id is not None:
            return url_for("drafts.drawing", draft_id=self.draft_id)
        return url_for("processes.drawing", version_id=self.version_id)

    @property
    def home(self) -> str:
        """The page of the draft or version."""
        if self.draft_id is not None:
            return url_for("drafts.page", draft_id=self.draft_id)
        return url_for("processes.version", version_id=self.version_id)

    def called(self, element: str | None) -> str:
        """The name of an element as pages show it."""
        return name_of(self.published.process, element) if self.published else element or ""

    def end_words(self, end: str) -> str:
        words = {ANY: gettext("whichever"), NONE: gettext("it has not ended yet")}
        return words.get(end) or self.called(end)

    def form_at(self, element: str) -> Form | None:
        """The form of a user task."""
        drawn = self.published.process.elements.get(element) if self.published else None
        if drawn is None or self.published is None or drawn.kind != "userTask":
            return None
        return self.published.form_of(element, drawn.attributes.get("form"))

    def path_words(self, path: str) -> str:
        """``check.verdict`` as pages show it: the name of the step and the label of its field."""
        element, dot, name = path.partition(".")
        if self.published is None or element not in self.published.process.elements or not dot:
            return path
        form = self.form_at(element)
        field = form.field(name) if form else None
        return f"{self.called(element)} · {content(field.label) if field else name}"

    def read_of(self, element: str) -> tuple[str, ...]:
        """Which names the process reads of what an element brings: what formulas write after its id and a dot."""
        texts = [self.bundle.diagram.decode("utf-8", "replace"), json.dumps(dict(self.bundle.forms))]
        texts += [data.decode("utf-8", "replace") for data in self.bundle.decisions.values()]
        found = (name for text in texts for name in re.findall(rf"\b{re.escape(element)}\.([A-Za-z_]\w*)", text))
        return tuple(dict.fromkeys(found))[:MOST_NAMES]

    def kinds(self, *kinds: str) -> list[tuple[str, str]]:
        """(id, name) of the elements of these kinds, in the order of the diagram."""
        found = self.published.process.elements.values() if self.published else ()
        return [(one.id, self.called(one.id)) for one in found if one.kind in kinds]


def of_request(process_key: str) -> Ground:
    """Raises NotYours, and NotFound for a process that is not published, or a draft of another one."""
    require(actor(), ADMIN)
    draft_id = request.args.get("draft")
    return _of_draft(process_key, draft_id) if draft_id else _of_version(process_key)


def of_draft(draft_id: str) -> Ground:
    return _of_draft(None, draft_id)


def _of_draft(process_key: str | None, draft_id: str) -> Ground:
    draft = process_drafts.get(database(), actor(), draft_id)
    if process_key not in (None, draft.process_key):
        raise NotFound
    bundle = process_drafts.bundle_of(draft)
    compiled: dict[str, Any] = {"published": None, "problems": ()}
    try:
        compiled["published"] = definitions.compiled(draft.process_key, bundle.diagram, bundle.forms, bundle.decisions)
    except Refused as refused:
        compiled["problems"] = refused.problems
    editor = process_drafts.editor(database(), draft)
    return Ground(draft.process_key, draft.name, draft.id, editor, None, None, bundle, **compiled)


def _of_version(process_key: str) -> Ground:
    version = definitions.current(database(), process_key)
    if version is None:
        raise NotFound
    bundle = process_drafts.bundle_of_version(database(), version.id)
    published = definitions.published(database(), version.id)
    return Ground(process_key, version.name, None, "", version.id, version.number, bundle, published, ())
