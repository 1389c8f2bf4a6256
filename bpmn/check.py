"""Examines a diagram before it is published: all that would go wrong later, at once, each with its element.

To add a check: write it in `bpmn.checks`, give its sentence to `bpmn.checks.messages`, and name it in `CHECKS`.
"""

from __future__ import annotations

from collections.abc import Callable

from bpmn.checks.activities import check_activities
from bpmn.checks.agreement import check_agreements
from bpmn.checks.assignment import check_assignments
from bpmn.checks.case import Case, Interface, Known
from bpmn.checks.events import (
    check_boundaries,
    check_errors,
    check_event_gateways,
    check_links,
    check_messages,
    check_payloads,
    check_timers,
)
from bpmn.checks.formulas import check_formulas
from bpmn.checks.kinds import check_kinds
from bpmn.checks.messages import MESSAGES
from bpmn.checks.names import check_names
from bpmn.checks.processes import check_process, check_recursion
from bpmn.checks.structure import check_flows, check_gateways, check_starts, check_ways
from bpmn.diagram import Diagram
from faults import Problem

__all__ = ["CHECKS", "Interface", "Known", "check_diagram"]

CHECKS: tuple[Callable[[Case], None], ...] = (
    check_process,
    check_names,
    check_kinds,
    check_starts,
    check_flows,
    check_ways,
    check_gateways,
    check_activities,
    check_assignments,
    check_agreements,
    check_formulas,
    check_timers,
    check_messages,
    check_payloads,
    check_errors,
    check_links,
    check_boundaries,
    check_event_gateways,
    check_recursion,
)


def check_diagram(diagram: Diagram, known: Known) -> tuple[Problem, ...]:
    """All problems of the executable processes of ``diagram``, errors and warnings, in the order of the document."""
    executable = [process for process in diagram.processes if process.executable]
    problems: list[Problem] = []
    if not executable:
        problems.append(Problem("", "no_process", MESSAGES["no_process"]))
    for process in executable[1:]:
        problems.append(Problem(process.key, "several_processes", MESSAGES["several_processes"], line=process.line))
    for process in executable:
        case = Case(diagram, process, known, problems)
        for check in CHECKS:
            check(case)
    unique = {(one.element, one.code, tuple(sorted(map(str, one.params.items())))): one for one in problems}
    return tuple(sorted(unique.values(), key=lambda one: (one.line or 0, one.element, one.code)))
