"""What there is to say about a decision table: its problems, how its tests end, and the parameters it depends on.

A test sees each parameter as it is on the day of the test, unless it gives a value of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bpmn.decision_table import Decision
from bpmn.decisions import check_decision, name_of, read_decision
from bpmn.moment import Moment
from bpmn.table_tests import TableTest, Verdict, read_tests
from engine import trials
from engine.publish import Bundle
from faults import Problem, Refused
from workflows import parameters
from workflows.parameters import PARAMETERS, VARIABLE, Parameter, Setting


@dataclass(frozen=True, slots=True)
class Used:
    """A parameter that a table reads: its value today, and what it will be from which days on, the next one first."""

    parameter: Parameter
    now: Setting
    later: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """``decision`` is None, and there are no verdicts, where the table has errors. ``unknown``: no such parameters."""

    name: str
    problems: tuple[Problem, ...]
    decision: Decision | None
    tests: tuple[TableTest, ...]
    verdicts: tuple[Verdict, ...]
    used: tuple[Used, ...]
    unknown: tuple[str, ...]

    @property
    def passed(self) -> int:
        return sum(verdict.state == "passed" for verdict in self.verdicts)

    @property
    def failed(self) -> int:
        return sum(verdict.state in ("failed", "fault") for verdict in self.verdicts)

    @property
    def untested(self) -> tuple[int, ...]:
        """The numbers of the rules that no test with an expectation has led to."""
        judged = [verdict for verdict in self.verdicts if verdict.state in ("passed", "failed")]
        reached = {number for verdict in judged for number in verdict.rules}
        rules = self.decision.rules if self.decision else ()
        return tuple(rule.number for rule in rules if rule.number not in reached)


def report(session: Session, data: bytes, moment: Moment) -> Report:
    """For a document with its tests in it. One that is no decision table at all has problems only."""
    name, problems = name_of(data), check_decision(data)
    try:
        tests = read_tests(data)
        decision = read_decision(data)
    except Refused:
        return Report(name, problems, None, _readable(data), (), (), ())
    read = {path[1] for path in decision.paths if path[0] == VARIABLE and len(path) > 1}
    given = {path.removeprefix(f"{VARIABLE}.") for test in tests for path in test.given}
    histories = parameters.histories(session, sorted(read | (given & PARAMETERS.keys())))
    verdicts = trials.verdicts(decision, tests, [parameters.premises_of(histories)], moment)
    used = tuple(_used(histories[name], moment) for name in PARAMETERS if name in read)
    return Report(name, problems, decision, tests, verdicts, used, tuple(sorted(read - PARAMETERS.keys())))


def reports(session: Session, bundle: Bundle, moment: Moment) -> Mapping[str, Report]:
    """Of each table of a bundle, by its id."""
    return {name: report(session, data, moment) for name, data in sorted(bundle.decisions.items())}


def _readable(data: bytes) -> tuple[TableTest, ...]:
    try:
        return read_tests(data)
    except Refused:
        return ()


def _used(history: tuple[Setting, ...], moment: Moment) -> Used:
    now = parameters.valid(history, moment.today)
    later = [one for one in history if one.valid_from is not None and one.valid_from > moment.today]
    return Used(PARAMETERS[now.name], now, tuple(reversed(later)))
