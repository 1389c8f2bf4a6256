"""What groups and lead units bring to a joint session, as a proposal for the list of findings. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def gathered(briefs: Sequence[Mapping[str, Any]], checks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The macro problems of the groups, then the exceptions of the lead units, then what these want decided.

    ``briefs`` are [{task_code, problems}], ``checks`` [{unit, task_code, exceptions, pending}].  Returns rows of
    `consolidate_findings.findings`, without what is not known.
    """
    return [*_of_groups(briefs), *_of_units(checks)]


def _of_groups(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        _proposal(
            group["task_code"], next(iter(problem["units"] or ()), None), problem["problem"], problem["suggestion"]
        )
        for group in found
        for problem in group["problems"] or ()
    ]


def _of_units(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    exceptions = [
        _proposal(check["task_code"], check["unit"], one["matter"], one["reason"])
        for check in found
        for one in check["exceptions"] or ()
    ]
    pending = [
        _proposal(check["task_code"], check["unit"], one["matter"], one["background"])
        | {"needs_decision": True, "first_needed_on": one["first_needed_on"]}
        for check in found
        for one in check["pending"] or ()
    ]
    return [*exceptions, *pending]


def _proposal(task_code: str, unit: str | None, title: str, facts: str | None) -> dict[str, Any]:
    row = {"title": title, "facts": facts, "unit": unit, "task_code": task_code, "needs_decision": False}
    return {name: value for name, value in row.items() if value is not None}
