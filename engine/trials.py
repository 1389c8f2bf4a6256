"""What a process has to stand before it is published: its scenarios, and the tests of its decision tables.

Who publishes although something fails writes down why; that stays with the publication (`process_changes.Waiver`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time

from sqlalchemy.orm import Session

from bpmn.decisions import Decision, name_of, read_decision
from bpmn.moment import Moment
from bpmn.table_tests import TableTest, Verdict, play, read_tests
from engine import publish, runs, scenarios
from engine.access import Actor
from engine.process_changes import Waiver
from engine.publish import Bundle, PublishRefused
from engine.services import Premises, Services
from faults import N_, Problem, Refused

_TEST = N_("The test “{name}” of the decision table {table} ends otherwise than expected.")


class TrialsFail(Refused):
    """Scenarios or tests of decision tables fail. Mend the process, or write down why it is published all the same."""


def demand(
    session: Session,
    actor: Actor,
    process_key: str,
    bundle: Bundle,
    reason: str,
    services: Services,
    moment: Moment,
) -> Waiver | None:
    """Check the bundle and try it; None if nothing fails, else the reason with what does.

    Raises PublishRefused for errors, and TrialsFail if something fails and there is no reason.
    """
    problems = publish.check(session, bundle, services)
    if any(problem.severity == "error" for problem in problems):
        raise PublishRefused(problems)
    found = failures(session, actor, process_key, bundle, services, moment)
    written = reason.replace("\0", "").strip()
    if found and not written:
        raise TrialsFail(found)
    return Waiver(written, tuple(named(one) for one in found)) if found else None


def failures(
    session: Session, actor: Actor, process_key: str, bundle: Bundle, services: Services, moment: Moment
) -> tuple[Problem, ...]:
    """One problem for each scenario that does not pass, and for each test of a table that ends otherwise."""
    failing = runs.failing(session, actor, process_key, bundle, moment.calendar)
    premises = [service.premises(session) for service in services.values() if service.premises]
    return (*scenarios.failures(failing), *table_failures(bundle.decisions, premises, moment))


def table_failures(decisions: Mapping[str, bytes], premises: Sequence[Premises], moment: Moment) -> Iterator[Problem]:
    """Of all tables that can be read; what is wrong with the others, `publish.check` says."""
    for name, data in sorted(decisions.items()):
        try:
            decision, tests = read_decision(data), read_tests(data)
        except Refused:
            continue
        for number, verdict in enumerate(verdicts(decision, tests, premises, moment)):
            if verdict.state in ("failed", "fault"):
                called = tests[number].name or str(number + 1)
                yield Problem(name, "table_test", _TEST, {"name": called, "table": name_of(data) or name})


def verdicts(
    decision: Decision, tests: Sequence[TableTest], premises: Sequence[Premises], moment: Moment
) -> tuple[Verdict, ...]:
    """A test without a day is played at ``moment``, others at nine in the morning of theirs."""
    return tuple(_played(decision, test, premises, moment) for test in tests)


def named(failure: Problem) -> str:
    """What is kept of a failure: the name of the scenario, or of the table and its test."""
    name = str(failure.params["name"])
    return f"{failure.params['table']}: {name}" if "table" in failure.params else name


def _played(decision: Decision, test: TableTest, premises: Sequence[Premises], moment: Moment) -> Verdict:
    calendar = moment.calendar
    then = moment if test.on is None else Moment(datetime.combine(test.on, time(9), calendar.zone), calendar)
    visible = {name: value for one in premises for name, value in one(then).items()}
    return play(decision, test, visible, then)
