"""What is told about an adopted diagram: one line for each thing that was changed or not taken over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from faults import N_, Problem

MESSAGES: Mapping[str, str] = {
    "foreign_not_taken": N_("“{name}” of the other engine has no meaning here and was not taken over: {value}"),
    "foreign_renamed": N_("The id “{old}” can't be used in formulas; the element is now called “{new}”."),
    "foreign_id_given": N_("The element ({tag}) had no id; it was given this one."),
    "foreign_kept": N_("“{name}” is not possible here by the standard; it is kept in the file without effect: {value}"),
    "foreign_sorted": N_("Its parts stood in another order than the standard has; they were put in order."),
    "foreign_id_twice": N_("The id “{old}” was used twice; a part of the picture is now called “{new}”."),
    "foreign_drawn": N_("Elements that had no place in the picture were given one."),
    "foreign_call": N_("The called process “{old}” is called “{new}” here, as it will be when it is brought in."),
    "foreign_formula": N_("“{name}” calls something of the other engine: {value}. Write the formula anew."),
    "foreign_ambiguous": N_(
        "The variable “{name}” is filled in at several steps ({steps}). Say which one is meant, as in {example}."
    ),
    "foreign_start_form": N_("A start event has no form here. Ask what it asked ({fields}) in a first task."),
    "foreign_users": N_("Single candidates are not named here: give the task to a role instead of {value}."),
    "foreign_code": N_("The step runs code of the other engine ({value}). Choose a registered service for it."),
    "foreign_answer": N_("“{name}” is the answer of the decision table: name the output as well, as in {path}.output."),
    "foreign_decision": N_("The step asks a decision table, so it is drawn as one."),
    "foreign_script": N_("The script is written in {language}. Write it anew as lines of “name = formula”."),
    "foreign_output": N_("The called process gives back “{name}”: read it as {path}."),
    "foreign_form": N_("The form {value} was not in the file. Draw it in the form designer."),
    "foreign_field": N_("The field “{name}” of type {type} was taken over as a line of text."),
}


class Notes:
    """Collects them in the order of the diagram."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], Problem] = {}

    def add(self, element: str, code: str, **params: Any) -> None:
        key = (element, code, repr(sorted(params.items())))
        self._found.setdefault(key, Problem(element, code, MESSAGES[code], params, "warning"))

    def not_taken(self, element: str, name: str, value: str) -> None:
        self.add(element, "foreign_not_taken", name=name, value=value)

    def renamed(self, element: str, old: str) -> None:
        self.add(element, "foreign_renamed", old=old, new=element)

    def answer(self, element: str, name: str) -> None:
        self.add(element, "foreign_answer", name=name, path=element)

    def listed(self) -> tuple[Problem, ...]:
        return tuple(self._found.values())
