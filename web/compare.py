"""Two versions of a process beside each other, or a draft and a version: pictures, forms, tables, and what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask_login import login_required

from engine import comparison
from engine.access import NotFound
from engine.comparison import Comparison
from engine.publish import Bundle
from engine.tables import Version
from faults import N_
from forms import compare as form_compare
from forms.field import Form
from web import form_trial, side_by_side
from web.difference_words import PICTURES
from web.security import island_page
from web.sessions import actor
from web.transaction import database
from web.words import content, gettext

routes = Blueprint("compare", __name__)

LARGEST_ID = 2_147_483_647

# The words of the island, besides those of the pictures.
TEXTS = (N_("{number} of {count}: {name}"), N_("The connection is lost."), N_("Form: {name}"))


@dataclass(frozen=True, slots=True)
class Side:
    """``label`` says which version it is; ``diagram`` is the address of its diagram."""

    label: str
    diagram: str
    bundle: Bundle


@dataclass(frozen=True, slots=True)
class Ground:
    """What a page is about. ``home`` leads back to the draft or version; ``before`` is None if there is none."""

    name: str
    home: str
    forms: str  # the address of a form on both sides
    before: Side | None
    after: Side
    earlier_id: int | None
    choices: tuple[tuple[int, str], ...]


@routes.get("/admin/drafts/<draft_id>/compare")
@login_required
def draft(draft_id: str) -> str:
    return _page(_of_draft(draft_id))


@routes.get("/admin/drafts/<draft_id>/compare/form")
@login_required
def draft_form(draft_id: str) -> Response:
    return _form(_of_draft(draft_id))


@routes.get("/admin/processes/versions/<int(max=2147483647):version_id>/compare")
@login_required
def version(version_id: int) -> str:
    return _page(_of_version(version_id))


@routes.get("/admin/processes/versions/<int(max=2147483647):version_id>/compare/form")
@login_required
def version_form(version_id: int) -> Response:
    return _form(_of_version(version_id))


def _page(ground: Ground) -> str:
    island_page()
    found = side_by_side.compared(ground.before.bundle, ground.after.bundle) if ground.before else None
    return render_template(
        "compare.html",
        ground=ground,
        found=found,
        kinds=side_by_side.KINDS,
        texts={text: gettext(text) for text in (*TEXTS, *PICTURES)},
        place="desks",
    )


def _form(ground: Ground) -> Response:
    """The form ``?name=`` on both sides, with what differs marked: {"before", "after": {"html" or null, "note"}}."""
    name = request.args.get("name", "")
    sides = (ground.before.bundle if ground.before else Bundle(b"", {}, {})), ground.after.bundle
    if not any(name in bundle.forms for bundle in sides):
        raise NotFound
    before, after = (side_by_side.form(bundle, name) for bundle in sides)
    marks = _marks(before, after)
    drawn = [form_trial.still(form, marks, side_by_side.labels(form)) if form else None for form in (before, after)]
    notes = ["" if html else _why_not(bundle.forms, name) for html, bundle in zip(drawn, sides, strict=True)]
    shown = [{"html": html, "note": note} for html, note in zip(drawn, notes, strict=True)]
    return jsonify(before=shown[0], after=shown[1])


def _marks(before: Form | None, after: Form | None) -> Mapping[str, str]:
    """Path of a field or column -> what happened to it; of a field that moved and changed, that it changed."""
    if before is None or after is None:
        return {}
    found: dict[str, str] = {}
    for one in form_compare.compare(before, after):
        if one.path and found.get(one.path) != "changed":
            found[one.path] = one.kind
    return found


def _why_not(forms: Mapping[str, Any], name: str) -> str:
    return gettext("It can't be read any more.") if name in forms else gettext("It is not in this version.")


def _of_draft(draft_id: str) -> Ground:
    found = comparison.of_draft(database(), actor(), draft_id, _wanted())
    after = Side(gettext("The draft"), url_for("drafts.drawing", draft_id=draft_id), found.after)
    forms = url_for("compare.draft_form", draft_id=draft_id, **_with())
    return _ground(found, url_for("drafts.page", draft_id=draft_id), forms, after)


def _of_version(version_id: int) -> Ground:
    found = comparison.of_version(database(), actor(), version_id, _wanted())
    assert found.later is not None
    forms = url_for("compare.version_form", version_id=version_id, **_with())
    after = Side(_label(found.later), _drawing(found.later), found.after)
    return _ground(found, url_for("processes.version", version_id=version_id), forms, after)


def _ground(found: Comparison, home: str, forms: str, after: Side) -> Ground:
    before = None
    if found.earlier is not None and found.before is not None:
        before = Side(_label(found.earlier), _drawing(found.earlier), found.before)
    chosen = request.args.get("with", type=int)
    earlier = found.earlier.id if found.earlier else None
    choices = tuple((one.id, _choice(one)) for one in found.others)
    return Ground(content(found.name), home, forms, before, after, chosen or earlier, choices)


def _wanted() -> int | None:
    """The version that the address names. Raises NotFound for what can't be the id of one."""
    given = request.args.get("with", "")
    if not given:
        return None
    if not given.isascii() or not given.isdecimal() or len(given) > 10 or int(given) > LARGEST_ID:
        raise NotFound
    return int(given)


def _with() -> dict[str, Any]:
    """The same comparison, for another address."""
    given = request.args.get("with", "")
    return {"with": given} if given else {}


def _drawing(version: Version) -> str:
    return url_for("processes.drawing", version_id=version.id)


def _label(version: Version) -> str:
    return gettext("Version %(number)s", number=version.number)


def _choice(version: Version) -> str:
    comment = " ".join(version.comment.split())
    return f"{_label(version)} · {comment[:60]}" if comment else _label(version)
