"""What the pages are wired to: one frozen value on the application, put there by `web.app.create_app`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from flask import current_app

from bpmn.moment import Calendar
from engine.database import Sessions
from engine.services import Services
from web.assets import Assets
from web.settings import Settings


@dataclass(frozen=True, slots=True)
class Wiring:
    """``clock`` gives an aware instant; tests hand in one that they can move."""

    settings: Settings
    sessions: Sessions
    calendar: Calendar
    services: Services
    assets: Assets
    clock: Callable[[], datetime]


def wiring() -> Wiring:
    return cast(Wiring, current_app.extensions["ducha"])


def wall_clock() -> datetime:
    """The only place that looks at a clock."""
    return datetime.now(UTC)


def clock_from(begins: datetime) -> Callable[[], datetime]:
    """A clock that shows ``begins`` now, and runs on from there."""
    offset = begins - wall_clock()
    return lambda: wall_clock() + offset
