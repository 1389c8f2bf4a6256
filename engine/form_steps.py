"""Whether the steps for which a form gives permissions are there, show it, and can take over what was answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bpmn.diagram import Element, Process
from faults import N_, Problem
from forms.field import Form

# Permissions that nobody uses do no harm, so they are warnings: a step may be gone for a while.
_NO_STEP = N_("Permissions are given for the step “{step}”, but the diagram has no such user task.")
_OTHER_FORM = N_("The step “{step}” shows another form, so its permissions do nothing. Choose it at the step.")
_NO_SOURCE = N_("Step “{step}” takes over the answers of “{source}”, which is no step that fills in this form.")
_SEVERAL = N_("Step “{step}” can't take over the answers of “{source}”: it is done several times, so there are many.")


def form_step_problems(process: Process, forms: Mapping[str, Form]) -> Iterator[Problem]:
    """All problems of the steps of all forms; the element is ``<form name>#``."""
    for name, form in forms.items():
        for step, shown in form.steps.items():
            element = process.elements.get(step)
            params = {"step": step, "source": shown.source}
            if element is None or element.kind != "userTask":
                yield Problem(f"{name}#", "no_step", _NO_STEP, params, severity="warning")
            elif process.form_of(element) != name:
                yield Problem(f"{name}#", "other_form", _OTHER_FORM, params, severity="warning")
            else:
                yield from _source_problems(process, name, element, shown)


def _source_problems(process: Process, name: str, step: Element, shown: Form) -> Iterator[Problem]:
    source = process.elements.get(shown.source)
    params = {"step": step.id, "source": shown.source}
    if source is None or source.kind != "userTask" or process.form_of(source) != name:
        yield Problem(f"{name}#", "no_source", _NO_SOURCE, params)
    elif _rounds(process, source) - _rounds(process, step):
        yield Problem(f"{name}#", "several_answers", _SEVERAL, params)


def _rounds(process: Process, element: Element) -> frozenset[str]:
    """The multi-instance activities around an element, itself included: in each of them its answers are a list."""
    found: set[str] = set()
    scope: Element | None = element
    while scope is not None:
        if scope.loop is not None:
            found.add(scope.id)
        scope = process.elements.get(scope.scope or "")
    return frozenset(found)
