"""What one step of an instance brings about: frozen values, the only thing that leaves the runtime.

A *token* is the id (32 hex digits) of a waiting place in an instance: an open user task, a timer, a subscription, a
request.  Tokens are unique over all instances and never used twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Status = Literal["active", "completed", "cancelled", "failed"]


@dataclass(frozen=True, slots=True)
class TaskOpened:
    """A user task that waits for a person. ``roles`` are candidate groups; the rest is evaluated from the diagram."""

    token: str
    element: str
    name: str
    form: str | None
    roles: tuple[str, ...]
    org: str | None  # organisation code the role must be held in (or above)
    task_code: str | None  # air, water, env, illegal
    assignee: str | None  # account id
    barred: tuple[str, ...]  # account ids that may not do it (separation of duties)
    due: datetime | None
    item: Any = None  # the element of the collection, in a multi-instance task
    counter: int | None = None  # its place, from 0
    subject: str | None = None  # what tells it from others of its kind
    choose: str | None = None  # least_loaded or rotation: one of those who may do it gets it
    nobody: str | None = None  # deputy, list or skip: what happens if nobody may do it
    repeats: Mapping[str, str] = field(default_factory=dict)  # account -> the task that it would be a repetition of


@dataclass(frozen=True, slots=True)
class TaskClosed:
    token: str
    element: str
    how: Literal["completed", "cancelled"]


@dataclass(frozen=True, slots=True)
class TimerSet:
    token: str
    element: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """A catch event, boundary event, event sub-process or receive task that waits. A signal may have no key."""

    token: str
    element: str
    kind: Literal["message", "signal"]
    name: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Thrown:
    element: str
    kind: Literal["message", "signal"]
    name: str
    key: str | None
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """Work for outside: a service task, or a call activity (a child instance of process ``name``)."""

    token: str
    element: str
    kind: Literal["service", "call"]
    name: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One line for the record and the picture: an element entered, completed or cancelled, or a flow taken."""

    element: str
    what: Literal["entered", "completed", "cancelled", "taken", "failed"]
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why an instance can't go on by itself; an admin sees it as an incident and may `retry` the token."""

    token: str | None
    element: str | None
    code: str  # expression, decision, bound, uncaught_error, ...
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole effect of one operation. ``variables`` are those of the root scope after the step."""

    state: bytes
    status: Status
    variables: Mapping[str, Any]
    tasks_opened: tuple[TaskOpened, ...] = ()
    tasks_closed: tuple[TaskClosed, ...] = ()
    timers_set: tuple[TimerSet, ...] = ()
    timers_cleared: tuple[str, ...] = ()
    subscriptions_opened: tuple[Subscription, ...] = ()
    subscriptions_closed: tuple[str, ...] = ()
    requests_opened: tuple[Request, ...] = ()
    requests_closed: tuple[str, ...] = ()
    thrown: tuple[Thrown, ...] = ()
    steps: tuple[Step, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    ended_at: str | None = None  # id of the end event that ended the instance
    result: Mapping[str, Any] = field(default_factory=dict)  # what a caller gets back
