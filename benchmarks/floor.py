"""The floor: the statements that an operation sent, recorded, and sent again by the bare driver.

What is left then is what the database itself needs: no engine, no mapping of objects, no web.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import ExecuteStyle

BEGIN, COMMIT = "BEGIN", "COMMIT"


@dataclass
class Recording:
    """What one request sent, in order: (statement, parameters, many), begins and commits among them."""

    sent: list[tuple[str, Any, bool]] = field(default_factory=list)

    @property
    def statements(self) -> list[str]:
        return [statement for statement, _, _ in self.sent if not statement.startswith((BEGIN, COMMIT))]

    @property
    def commits(self) -> int:
        return sum(statement == COMMIT for statement, _, _ in self.sent)


@contextmanager
def recorded(engine: Engine) -> Iterator[Recording]:
    """Everything that ``engine`` sends inside the block."""
    recording = Recording()

    def begin(connection: Any) -> None:
        reads = connection.get_execution_options().get("ducha_read_only")
        recording.sent.append((BEGIN if reads else f"{BEGIN} IMMEDIATE", (), False))

    def send(_connection: Any, _cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        # Rows whose keys are asked back go out as one statement with many values: an execute, not an executemany.
        at_once = context is not None and context.execute_style is ExecuteStyle.INSERTMANYVALUES
        recording.sent.append((statement, parameters, many and not at_once))

    def commit(_connection: Any) -> None:
        recording.sent.append((COMMIT, (), False))

    listeners: dict[str, Callable[..., Any]] = {"begin": begin, "before_cursor_execute": send, "commit": commit}
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield recording
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)


def replay(engine: Engine, recordings: list[Recording]) -> list[float]:
    """Send each recording by the bare driver; milliseconds of each. ``engine`` only lends its connection."""
    with replaying(engine) as send:
        return [send(recording) for recording in recordings]


@contextmanager
def replaying(engine: Engine) -> Iterator[Callable[[Recording], float]]:
    """Sends recordings by the bare driver, one by one; each call gives milliseconds."""
    pooled = engine.raw_connection()
    driver: Any = pooled.driver_connection
    begins = engine.dialect.name == "sqlite"  # psycopg begins by itself

    def send(recording: Recording) -> float:
        start = time.perf_counter()
        for statement, parameters, many in recording.sent:
            if statement.startswith(BEGIN):
                driver.rollback()
                if begins:
                    driver.execute(statement)
            elif statement == COMMIT:
                driver.commit()
            else:
                _send(driver, statement, parameters, many)
        driver.rollback()
        return (time.perf_counter() - start) * 1000

    try:
        yield send
    finally:
        pooled.invalidate()
        engine.dispose()


def _send(driver: Any, statement: str, parameters: Any, many: bool) -> None:
    cursor = driver.cursor()
    if many:
        cursor.executemany(statement, parameters)
    else:
        cursor.execute(statement, parameters)
    if cursor.description:
        cursor.fetchall()
    cursor.close()
