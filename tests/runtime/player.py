"""Plays an instance: remembers what is open, and gives the runtime nothing but bytes between two steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bpmn.moment import Moment
from engine import runtime
from engine.runtime import Outcome, compile_definition

MONDAY = datetime(2013, 5, 6, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


class Player:
    def __init__(self, xml: bytes, decisions: Mapping[str, Any] | None = None, key: str = "p") -> None:
        self.definition = compile_definition(xml, key, decisions or {})
        self.now = MONDAY
        self.open: dict[str, Any] = {}  # token -> TaskOpened, TimerSet, Subscription or Request
        self.outcome: Outcome
        self.thrown: list[Any] = []
        self.seen: list[tuple[str, str]] = []
        self.active: Counter[str] = Counter()  # how many tokens are in each element, by the record

    def begin(self, start: str | None = None, /, **variables: Any) -> Player:
        return self._take(runtime.start(self.definition, start, variables, self.moment))

    @property
    def moment(self) -> Moment:
        return Moment(self.now)

    def complete(self, element: str, actor: str = "anna", place: int = 0, **answers: Any) -> Player:
        token = self.token(element, place)
        return self._take(runtime.complete(self.definition, self.outcome.state, token, answers, actor, self.moment))

    def wake(self, element: str, place: int = 0) -> Player:
        token = self.token(element, place)
        self.now = max(self.now, self.open[token].due)
        return self._take(runtime.wake(self.definition, self.outcome.state, token, self.moment))

    def deliver(self, element: str, place: int = 0, **payload: Any) -> Player:
        token = self.token(element, place)
        return self._take(runtime.deliver(self.definition, self.outcome.state, token, payload, self.moment))

    def respond(self, element: str, place: int = 0, **result: Any) -> Player:
        token = self.token(element, place)
        return self._take(runtime.respond(self.definition, self.outcome.state, token, result, self.moment))

    def fail(self, element: str, code: str = "", message: str = "broken", place: int = 0) -> Player:
        token = self.token(element, place)
        return self._take(runtime.fail(self.definition, self.outcome.state, token, code, message, self.moment))

    def retry(self, place: int = 0) -> Player:
        token = self.outcome.troubles[place].token
        assert token is not None
        return self.retry_token(token)

    def retry_token(self, token: str) -> Player:
        return self._take(runtime.retry(self.definition, self.outcome.state, token, self.moment))

    def return_to(self, element: str, target: str, place: int = 0) -> Player:
        token = self.token(element, place)
        return self._take(runtime.return_to(self.definition, self.outcome.state, token, target, self.moment))

    def cancel(self) -> Player:
        return self._take(runtime.cancel(self.definition, self.outcome.state, "no longer needed", self.moment))

    def later(self, **span: int) -> Player:
        self.now += timedelta(**span)
        return self

    def token(self, element: str, place: int = 0) -> str:
        return [token for token, opened in self.open.items() if opened.element == element][place]

    @property
    def waiting(self) -> list[str]:
        """The elements of all that is open, sorted."""
        return sorted(opened.element for opened in self.open.values())

    @property
    def variables(self) -> Mapping[str, Any]:
        return self.outcome.variables

    @property
    def status(self) -> str:
        return self.outcome.status

    @property
    def trouble(self) -> list[str]:
        return [trouble.code for trouble in self.outcome.troubles]

    def steps(self, what: str) -> list[str]:
        return [element for element, happened in self.seen if happened == what]

    def _take(self, outcome: Outcome) -> Player:
        closed = [closed.token for closed in outcome.tasks_closed]
        for token in [*closed, *outcome.timers_cleared, *outcome.subscriptions_closed, *outcome.requests_closed]:
            del self.open[token]  # what is closed must have been open
        for opened in (
            *outcome.tasks_opened,
            *outcome.timers_set,
            *outcome.subscriptions_opened,
            *outcome.requests_opened,
        ):
            assert opened.token not in self.open
            self.open[opened.token] = opened
        if outcome.status in ("completed", "cancelled"):
            assert not self.open, "something is left open after the end"
        self.outcome = outcome
        self.thrown += outcome.thrown
        self.seen += [(step.element, step.what) for step in outcome.steps]
        self._count(outcome)
        return self

    def _count(self, outcome: Outcome) -> None:
        """By the record alone no element is left more often than entered, and none is active after the end."""
        for step in outcome.steps:
            if step.what != "taken":
                self.active[step.element] += 1 if step.what == "entered" else -1
                assert self.active[step.element] >= 0, f"{step.element} was left more often than entered"
        if outcome.status in ("completed", "cancelled"):
            assert not any(self.active.values()), "the record shows something as active after the end"
