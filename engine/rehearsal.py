"""Plays a process in memory with a moved clock: a script of what people and others do, on any version or draft.

Nothing is written and nobody is told.  Timers fire by themselves when the clock passes them, so a script says only what
comes from outside.  Used for scenarios, for replaying finished instances on a draft, and by `ducha simulate`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from bpmn.moment import Calendar, Moment
from engine import runtime
from engine.definitions import Published
from engine.runtime import Outcome, Request, Subscription, TaskOpened, TimerSet
from faults import Problem
from forms.answers import AnswersRefused, validate

Deed = Literal["complete", "deliver", "respond", "fail", "skip"]
Open = TaskOpened | TimerSet | Subscription | Request

MOST_TIMERS = 2_000  # that may fire in one rehearsal


@dataclass(frozen=True, slots=True)
class Act:
    """Something from outside: at ``at`` after the start, ``deed`` is done at ``element``.

    ``data`` are answers, a payload or a result; ``actor`` is who completes, or who has done before what is skipped
    (empty: nobody fits); ``error`` the BPMN code of a failure.
    """

    at: timedelta
    deed: Deed
    element: str
    data: Mapping[str, Any] = field(default_factory=dict)
    actor: str = ""
    error: str = ""
    counter: int | None = None  # which instance of a multi-instance element


@dataclass(frozen=True, slots=True)
class Script:
    """``starts_at`` is the instant of the start; ``ends_after`` until when timers still fire after the last act."""

    starts_at: datetime
    start: str | None
    variables: Mapping[str, Any]
    acts: tuple[Act, ...]
    ends_after: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Done:
    """A task that was opened: when, when it was due, when it was done (None: it is still open)."""

    element: str
    opened_at: datetime
    due: datetime | None
    closed_at: datetime | None = None
    how: str = "open"

    @property
    def late(self) -> bool:
        return self.due is not None and self.closed_at is not None and self.closed_at > self.due


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of a script. ``elements`` and ``flows`` count how often each was passed: the coverage.

    ``passed`` are the elements in the order in which they were completed; ``left`` the acts for which nothing was open;
    ``refused`` the answers that a form would not take (they were used all the same), each with its element;
    ``unanswered`` the services and calls that the script has no answer for.  ``waits`` is all that is open at ``now``,
    the end of the script; ``variables`` are those of the process then, ``state`` is that of the instance, for
    `runtime.names`.
    """

    status: str
    ended_at: datetime | None
    ended_element: str | None
    passed: tuple[str, ...]
    elements: Mapping[str, int]
    flows: Mapping[str, int]
    tasks: tuple[Done, ...]
    left: tuple[Act, ...]
    refused: tuple[Problem, ...]
    unanswered: tuple[str, ...]
    open: tuple[str, ...]
    troubles: tuple[runtime.Trouble, ...]
    thrown: tuple[str, ...]
    waits: tuple[Open, ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict, repr=False)
    now: datetime | None = None
    state: bytes = field(default=b"", repr=False)


def rehearse(published: Published, script: Script, calendar: Calendar) -> Rehearsal:
    """Play the script. Never raises for what the diagram or the script does wrong: it is in the result."""
    stage = _Stage(published, script, calendar)
    stage.begin()
    for act in script.acts:
        stage.move_to(script.starts_at + act.at)
        stage.play(act)
    last = script.acts[-1].at if script.acts else timedelta()
    stage.move_to(script.starts_at + max(last, script.ends_after))
    return stage.result()


def usual_start(definition: runtime.Definition) -> str | None:
    """The start event without a trigger, else the first there is."""
    found = sorted(definition.starts, key=lambda one: one.kind != "none")
    return found[0].element if found else None


class _Stage:
    """An instance while it is played; between two steps there is nothing of it but bytes."""

    def __init__(self, published: Published, script: Script, calendar: Calendar) -> None:
        self.published, self.script, self.calendar = published, script, calendar
        self.now = script.starts_at
        self.state = b""
        self.variables: Mapping[str, Any] = {}
        self.status = "active"
        self.ended: tuple[datetime, str | None] | None = None
        self.open: dict[str, Open] = {}
        self.tasks: dict[str, Done] = {}
        self.passed: list[str] = []
        self.elements: Counter[str] = Counter()
        self.flows: Counter[str] = Counter()
        self.left: list[Act] = []
        self.refused: list[Problem] = []
        self.troubles: list[runtime.Trouble] = []
        self.thrown: list[str] = []
        self.fired = 0

    @property
    def moment(self) -> Moment:
        return Moment(self.now, self.calendar)

    @property
    def definition(self) -> runtime.Definition:
        return self.published.definition

    def begin(self) -> None:
        start = self.script.start
        if start not in {one.element for one in self.definition.starts}:
            start = usual_start(self.definition)
        variables = {**self.script.variables, "started_by": start}
        try:
            self._take(runtime.start(self.definition, start, variables, self.moment))
        except (runtime.NoSuchStart, runtime.BadValue) as fault:
            self._fail(start, fault)

    def move_to(self, instant: datetime) -> None:
        """Let everything fire that is due until then, in order, each at its own time."""
        while self.status == "active" and self.fired < MOST_TIMERS:
            due = [one for one in self.open.values() if isinstance(one, TimerSet) and one.due <= instant]
            if not due:
                break
            first = min(due, key=lambda timer: timer.due)
            self.now = max(self.now, first.due)
            self.fired += 1
            self._take(runtime.wake(self.definition, self.state, first.token, self.moment))
        self.now = max(self.now, instant)

    def play(self, act: Act) -> None:
        token = self._token(act)
        if token is None:
            self.left.append(act)
            return
        moment, state = self.moment, self.state
        try:
            if act.deed == "complete":
                self._check(act, cast("TaskOpened", self.open[token]))
                outcome = runtime.complete(self.definition, state, token, act.data, act.actor, moment)
            elif act.deed == "deliver":
                outcome = runtime.deliver(self.definition, state, token, act.data, moment)
            elif act.deed == "respond":
                outcome = runtime.respond(self.definition, state, token, act.data, moment)
            elif act.deed == "skip":
                outcome = runtime.skip(self.definition, state, token, act.data, act.actor or None, moment)
            else:
                outcome = runtime.fail(self.definition, state, token, act.error, "", moment)
        except runtime.BadValue as fault:
            self._fail(act.element, fault)
            return
        self._take(outcome)

    def result(self) -> Rehearsal:
        unanswered = [one.name for one in self.open.values() if isinstance(one, Request)]
        return Rehearsal(
            status=self.status,
            ended_at=self.ended[0] if self.ended else None,
            ended_element=self.ended[1] if self.ended else None,
            passed=tuple(self.passed),
            elements=dict(self.elements),
            flows=dict(self.flows),
            tasks=tuple(self.tasks.values()),
            left=tuple(self.left),
            refused=tuple(self.refused),
            unanswered=tuple(unanswered),
            open=tuple(one.element for one in self.open.values() if isinstance(one, TaskOpened | Request)),
            troubles=tuple(self.troubles),
            thrown=tuple(self.thrown),
            waits=tuple(self.open.values()),
            variables=self.variables,
            now=self.now,
            state=self.state,
        )

    def _token(self, act: Act) -> str | None:
        kinds = {
            "complete": TaskOpened,
            "skip": TaskOpened,
            "deliver": Subscription,
            "respond": Request,
            "fail": Request,
        }
        found = [
            (token, one)
            for token, one in self.open.items()
            if one.element == act.element and isinstance(one, kinds[act.deed])
        ]
        counted = [token for token, one in found if getattr(one, "counter", None) == act.counter]
        return next(iter(counted or [token for token, _ in found]), None)

    def _check(self, act: Act, task: TaskOpened) -> None:
        form = self.published.form_of(task.element, task.form)
        if form is None:
            return
        try:
            validate(form, act.data, prefilled=act.data)  # what is only shown, people had not typed
        except AnswersRefused as refused:
            self.refused += [
                Problem(f"{act.element}#{one.element}", one.code, one.message, one.params) for one in refused.problems
            ]

    def _fail(self, element: str | None, fault: Exception) -> None:
        self.status = "failed"
        self.troubles.append(runtime.Trouble(None, element, "rehearsal", str(fault)))

    def _take(self, outcome: Outcome) -> None:
        self.state, self.status, self.variables = outcome.state, outcome.status, outcome.variables
        closed = {one.token: one.how for one in outcome.tasks_closed}
        for token, how in closed.items():
            task = self.tasks[token]
            self.tasks[token] = Done(task.element, task.opened_at, task.due, self.now, how)
        gone: Iterable[str] = (
            *closed,
            *outcome.timers_cleared,
            *outcome.subscriptions_closed,
            *outcome.requests_closed,
        )
        for token in gone:
            self.open.pop(token, None)
        for opened in outcome.tasks_opened:
            self.tasks[opened.token] = Done(opened.element, self.now, opened.due)
        come: tuple[Open, ...] = (
            *outcome.tasks_opened,
            *outcome.timers_set,
            *outcome.subscriptions_opened,
            *outcome.requests_opened,
        )
        self.open |= {one.token: one for one in come}
        self.passed += [step.element for step in outcome.steps if step.what == "completed"]
        self.elements.update(step.element for step in outcome.steps if step.what == "entered")
        self.flows.update(step.element for step in outcome.steps if step.what == "taken")
        self.troubles += outcome.troubles
        self.thrown += [thrown.name for thrown in outcome.thrown]
        if outcome.status != "active" and self.ended is None:
            self.ended = (self.now, outcome.ended_at)
