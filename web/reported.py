"""A report of a decision table as the JSON that its page shows; values are written as formulas, as they are typed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from flask import url_for

from bpmn import table_columns
from bpmn.table_columns import Column
from bpmn.table_compare import Difference
from bpmn.table_tests import TableTest, Verdict
from faults import N_
from web import difference_words
from web.parameters import unit
from web.words import content, gettext, on, say, say_problem
from workflows.decision_reports import Report, Used
from workflows.parameters import PARAMETERS, VARIABLE

STATES = {
    "passed": N_("as expected"),
    "failed": N_("not as expected"),
    "fault": N_("no answer"),
    "open": N_("nothing is expected"),
}


def table(report: Report, name: str) -> dict[str, Any]:
    """``columns`` is null where the table has errors, so that nothing is known of them."""
    decision = report.decision
    return {
        "problems": [
            {"element": one.element, "severity": one.severity, "message": say_problem(one)} for one in report.problems
        ]
        + _of_the_id(report, name),
        "columns": {
            "given": [_column(one) for one in table_columns.given(decision)],
            "expected": [_column(one) for one in table_columns.expected(decision)],
        }
        if decision
        else None,
        "verdicts": [_verdict(one) for one in report.verdicts],
        "rules": [{"id": rule.id, "number": rule.number} for rule in decision.rules] if decision else [],
        "untested": list(report.untested),
        "parameters": [_used(one) for one in report.used],
        "unknown": [f"{VARIABLE}.{one}" for one in report.unknown],
    }


def tests(found: Iterable[TableTest]) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "on": one.on.isoformat() if one.on else "",
            "given": dict(one.given),
            "expected": dict(one.expected),
        }
        for one in found
    ]


def differences(found: Iterable[Difference]) -> list[dict[str, str]]:
    return [
        {
            "place": _place(one),
            "theirs": one.before,
            "mine": one.after,
        }
        for one in found
    ]


def _place(one: Difference) -> str:
    rule = difference_words.place("table", str(one.rule or ""), {})
    return rule or difference_words.facet("table", one.facet, {})


def _of_the_id(report: Report, name: str) -> list[dict[str, Any]]:
    if report.decision is None or report.decision.id == name:
        return []
    message = gettext("The decision table has another id inside than {key}, under which it stands.").format(key=name)
    return [{"element": "", "severity": "error", "message": message}]


def _column(one: Column) -> dict[str, Any]:
    parameter = PARAMETERS.get(one.name.removeprefix(f"{VARIABLE}."))
    is_parameter = one.name.startswith(f"{VARIABLE}.")
    return {
        "name": one.name,
        "label": gettext(parameter.title) if is_parameter and parameter else content(one.label),
        "type": one.type,
        "options": list(one.options),
        "is_parameter": is_parameter,
    }


def _verdict(one: Verdict) -> dict[str, Any]:
    return {
        "state": one.state,
        "words": gettext(STATES[one.state]),
        "answer": {name: json.dumps(value, ensure_ascii=False) for name, value in one.answer.items()},
        "wrong": list(one.wrong),
        "rules": list(one.rules),
        "message": say(one.fault) if one.fault else "",
    }


def _used(one: Used) -> dict[str, Any]:
    return {
        "name": f"{VARIABLE}.{one.parameter.name}",
        "title": gettext(one.parameter.title),
        "source": one.parameter.source,
        "unit": unit(one.parameter.type),
        "value": one.now.value,
        "from": on(one.now.valid_from) if one.now.valid_from else "",
        "later": [{"value": then.value, "from": on(then.valid_from)} for then in one.later if then.valid_from],
        "address": url_for("parameters.page", name=one.parameter.name),
    }
