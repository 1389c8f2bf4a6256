"""A form as an officer would meet it, drawn and validated for its author, or only drawn. Nothing is kept of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template

from faults import Problem
from forms import posted
from forms.answers import AnswersRefused, validate, with_gaps
from forms.asked import Page, asked, complaints
from forms.field import Form
from forms.fixed import with_fixed
from forms.prefilled import fit
from forms.shown import shown
from web import form_words, naming
from web.naming import Lookup
from web.sessions import actor
from web.transaction import database, moment
from web.words import content, gettext, say_problem


@dataclass(frozen=True, slots=True)
class Tried:
    """``answers`` as diagrams would read them; None if they were refused, then the page says why."""

    html: str
    answers: Mapping[str, Any] | None


def drawn(form: Form, carried: Mapping[str, Any]) -> str:
    """The page of the form. ``carried`` are the answers of another step, from which some fields begin."""
    return _page(form, begun(form, carried), ())


def attempt(form: Form, items: Mapping[str, Sequence[str]], carried: Mapping[str, Any]) -> Tried:
    """``items`` as a browser posts them."""
    prefilled = begun(form, carried)
    typed = posted.parse(form, items)
    try:
        clean = validate(form, typed, prefilled, moment().today)
    except AnswersRefused as refused:
        return Tried(_page(form, with_fixed(form, typed, prefilled), refused.problems), None)
    stored = with_gaps(form, clean)
    return Tried(_told(form, clean, stored), stored)


def begun(form: Form, carried: Mapping[str, Any]) -> dict[str, Any]:
    """What of the carried answers the fields begin with; formulas have nothing to be computed from."""
    taken = {field.name: carried[field.name] for field in form.fields if field.prefill and field.name in carried}
    return fit(form, taken if form.source else {})


def still(form: Form, marks: Mapping[str, str], labels: Mapping[str, str]) -> str:
    """The page of the form to look at only, with everything it may ask.

    ``marks``: path -> added, removed ...; ``labels``: path -> what its fields and columns are called.
    """
    choices, file = naming.choices(database(), actor()), naming.files(database(), actor(), "")

    def build(lookup: Lookup) -> dict[str, Any]:
        return {"questions": asked(form, {}, {}, Page(choices, content, lookup, file))}

    inner: dict[str, list[tuple[str, str]]] = {}
    for path, kind in marks.items():
        if "." in path and path in labels:
            inner.setdefault(path.partition(".")[0], []).append((labels[path], kind))
    kinds = {kind: gettext(words) for kind, words in form_words.KINDS.items()}
    named = naming.named(database(), build)
    return render_template("form_still.html", form=form, marks=marks, inner=inner, kinds=kinds, **named)


def _page(form: Form, values: Mapping[str, Any], problems: Sequence[Problem]) -> str:
    errors = {problem.element: say_problem(problem) for problem in problems}
    choices, file = naming.choices(database(), actor()), naming.files(database(), actor(), "")

    def build(lookup: Lookup) -> dict[str, Any]:
        questions = asked(form, values, errors, Page(choices, content, lookup, file))
        return {"questions": questions, "complaints": complaints(questions, errors, content)}

    return render_template("form_trial.html", form=form, **naming.named(database(), build))


def _told(form: Form, clean: Mapping[str, Any], stored: Mapping[str, Any]) -> str:
    def build(lookup: Lookup) -> dict[str, Any]:
        return {"given": shown(form, clean, lookup, content)}

    file = naming.files(database(), actor(), "")
    raw = json.dumps(stored, ensure_ascii=False, indent=2)
    return render_template("form_trial.html", form=form, file=file, raw=raw, **naming.named(database(), build))
