"""What differs between diagrams, forms and decision tables, in the words of the panels in which it is edited.

The compare modules name what changed by the facets of their documents; every facet has its words here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bpmn.diagram import names_in
from faults import N_
from web import form_words
from web.wiring import wiring
from web.words import content, gettext
from workflows.roles import ROLES

Names = Mapping[str, str]  # id -> name, of elements and flows; path -> label, of fields

KINDS = form_words.KINDS

DIAGRAM: Mapping[str, str] = {
    "name": N_("Name"), "documentation": N_("What it is for"), "classification": N_("Classification"),
    "starterGroups": N_("Who may start it"), "outputs": N_("What it answers with"), "lane": N_("Lane"),
    "scope": N_("Inside the sub-process"), "candidateGroups": N_("Roles"),
    "candidateOrg": N_("In which organisation"), "taskCode": N_("For which task"),
    "assignee": N_("A certain person"), "notSameAs": N_("Not the same person as in"),
    "barred": N_("People who may not do it (a list)"), "sameAs": N_("The same person as in"),
    "choose": N_("Which of them gets it"), "nobody": N_("If nobody may do it"),
    "repeated": N_("If the same person has approved already"), "repeatedOf": N_("It repeats"),
    "skipped": N_("What stands there if it is not asked"), "form": N_("Form"), "due": N_("Due"),
    "subject": N_("What tells it from others in lists"), "service": N_("Service"), "decision": N_("Decision table"),
    "calledElement": N_("Process that is called"), "inputs": N_("What it is given"), "event": N_("Event"),
    "attachedTo": N_("On the edge of"), "interrupting": N_("It ends the step"),
    "default": N_("The way when nothing else applies"), "loop": N_("How often"), "message": N_("Message"),
    "script": N_("Script"), "correlationKey": N_("By which key it is found"), "receiver": N_("Who gets it"),
    "each": N_("One case for each item of this list"), "source": N_("Leads away from"), "target": N_("Leads to"),
    "condition": N_("Under a condition"),
}  # fmt: skip

FORM: Mapping[str, str] = form_words.FACETS

TABLE: Mapping[str, str] = {
    "name": N_("Name"), "hit policy": N_("Hit policy"), "inputs": N_("Inputs"), "outputs": N_("Outputs"),
    "rule": N_("Rule"), "remark": N_("Remark"), "tests": N_("Tests"),
}  # fmt: skip

# The words of the two pictures: on the page of a comparison, and where somebody else has saved a drawing meanwhile.
PICTURES = (
    N_("Both pictures, side by side"), N_("Both pictures, one above the other"), N_("Only: {name}"), N_("Pictures"),
    N_("Zoom in"), N_("Zoom out"), N_("Show the whole diagram"), N_("The diagram can't be drawn."),
    N_("Diagram: {name}"),
)  # fmt: skip

_PARTS = {"diagram": DIAGRAM, "form": FORM, "table": TABLE}

# What a facet may be set to where the panel offers a choice: the value in the document -> the words of the choice.
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "classification": {"public": N_("Public"), "internal": N_("Internal"), "work_secret": N_("Work secret")},
    "choose": {"least_loaded": N_("Who has the fewest open tasks"), "rotation": N_("Everybody in turn")},
    "nobody": {
        "deputy": N_("The deputy gets it, or else an administrator decides"),
        "list": N_("An administrator decides"),
        "skip": N_("The case goes on without it, with a record"),
    },
    "repeated": {"skip": N_("It is not asked again, with a record")},
    "receiver": {"external": N_("Another system"), "all": N_("All that wait for it")},
    "interrupting": {"no": N_("no")},
    "agree": {
        "all": N_("All must agree"), "any": N_("One is enough"), "ratio": N_("A share must agree"),
        "weight": N_("A share must agree, by weight"), "in_order": N_("All must agree, one after the other"),
    },
    "onReturn": {"let_finish": N_("They finish first")},
}  # fmt: skip

# Formulas that the panel offers as choices.
_FORMULAS: Mapping[str, str] = {
    "org": N_("That of the case"), "starter_org": N_("That of who started it"),
    "superior(org)": N_("The one above that of the case"),
    "superior(starter_org)": N_("The one above that of who started it"),
    "task_code": N_("That of the case"), "starter": N_("Who started the case"),
}  # fmt: skip

# The lines in which `bpmn.compare` writes how often a step is done: their first word -> what the panel calls it.
_LOOP: Mapping[str, str] = {
    "parallel": N_("Several times, all at once"), "sequential": N_("Several times, one after the other"),
    "cardinality": N_("As many times as"), "collection": N_("The list"),
    "elementVariable": N_("The item is called"), "completionCondition": N_("It is done when"),
    "agree": N_("How they agree"), "ratio": N_("At least this share"), "weight": N_("How much an answer weighs"),
    "approves": N_("Who agrees"), "veto": N_("Whose refusal decides alone"),
    "onReturn": N_("The others, when it is refused or sent back"),
}  # fmt: skip
_EVENTS: Mapping[str, str] = {
    "message": N_("Message"), "signal": N_("Signal"), "error": N_("Error"), "escalation": N_("Escalation"),
    "timer": N_("Time"), "terminate": N_("Everything is ended"), "date": N_("At a date"),
    "duration": N_("After a while"), "cycle": N_("Again and again"),
}  # fmt: skip

_CONDITION = re.compile(r"(\S+) (not in|in) (.*)", re.DOTALL)


def kind(name: str) -> str:
    return gettext(KINDS[name])


def facet(part: str, name: str, names: Names) -> str:
    """``part``: diagram, form or table. A facet that a later document brings along is called as it calls itself."""
    if part == "form" and name.startswith("step "):
        step = name.removeprefix("step ")
        return gettext("at the step %(step)s", step=content(names.get(step)) or step)
    return gettext(_PARTS[part][name]) if name in _PARTS[part] else name


def value(part: str, name: str, text: str, names: Names) -> str:
    """A text before or after, as the panel would say it; what has no words of its own stays as it is written."""
    if not text:
        return ""
    if part == "form":
        return _of_form(name, text, names)
    if part == "diagram" and name in _DIAGRAM_VALUES:
        return _DIAGRAM_VALUES[name](text, names)
    if part == "diagram" and name in _CHOICES:
        return _chosen(name, text)
    return text


def place(part: str, name: str, names: Names) -> str:
    """An element, field or rule; empty for the whole document."""
    if part == "table":
        return gettext("Rule %(number)s", number=name) if name else ""
    return _named(name, names) if part == "form" else content(names.get(name)) or name


def _of_form(name: str, text: str, names: Names) -> str:
    if name == "type":
        return gettext(form_words.TYPES.get(text, text))
    if name.startswith("step "):
        return gettext(form_words.PERMISSIONS[text]) if text in form_words.PERMISSIONS else text
    if name == "visible_if":
        return "\n".join(_condition(line, names) for line in text.split("\n"))
    return gettext("yes") if text == "yes" and name in ("required", "readonly") else text


def _condition(line: str, names: Names) -> str:
    found = _CONDITION.fullmatch(line)
    if found is None:
        return line
    sign = gettext("is one of") if found[2] == "in" else gettext("is none of")
    return f"{content(names.get(found[1])) or found[1]} {sign} {found[3]}"


def _chosen(name: str, text: str) -> str:
    return gettext(_CHOICES[name][text]) if text in _CHOICES[name] else text


def _roles(text: str, _names: Names) -> str:
    if text.startswith("="):
        return text
    return gettext(", ").join(content(ROLES[one].title) if one in ROLES else one for one in names_in(text))


def _elements(text: str, names: Names) -> str:
    return gettext(", ").join(_named(one, names) for one in names_in(text))


def _named(ident: str, names: Names) -> str:
    return f"{content(names[ident])} ({ident})" if names.get(ident) else ident


def _formula(text: str, _names: Names) -> str:
    bare = text.removeprefix("=").strip()
    return gettext(_FORMULAS[bare]) if bare in _FORMULAS else text


def _service(text: str, _names: Names) -> str:
    found = wiring().services.get(text)
    return f"{gettext(found.title)} ({text})" if found else text


def _loop(text: str, _names: Names) -> str:
    return "\n".join(_loop_line(line) for line in text.split("\n"))


def _loop_line(line: str) -> str:
    head, _, rest = line.partition(" ")
    if head not in _LOOP:
        return line
    said = _chosen(head, rest) if head in _CHOICES else rest
    return f"{gettext(_LOOP[head])}: {said}" if said else gettext(_LOOP[head])


def _event(text: str, _names: Names) -> str:
    """``timer duration P3D`` or ``message decision_made``."""
    head, _, rest = text.partition(" ")
    if head not in _EVENTS:
        return text
    how, _, when = rest.partition(" ")
    if head == "timer" and how in _EVENTS:
        return f"{gettext(_EVENTS[how])}: {when}" if when else gettext(_EVENTS[how])
    return f"{gettext(_EVENTS[head])}: {rest}" if rest else gettext(_EVENTS[head])


_DIAGRAM_VALUES: Mapping[str, Callable[[str, Names], str]] = {
    **dict.fromkeys(("candidateGroups", "starterGroups"), _roles),
    **dict.fromkeys(
        ("notSameAs", "sameAs", "repeatedOf", "scope", "attachedTo", "default", "source", "target"), _elements
    ),
    **dict.fromkeys(("candidateOrg", "taskCode", "assignee"), _formula),
    "service": _service,
    "loop": _loop,
    "event": _event,
}
