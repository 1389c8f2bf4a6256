"""The floor: the statements that an operation sent, recorded, and sent again by the bare driver.

What is left then is what the database itself needs: no engine, no mapping of objects, no web.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event


@dataclass
class Recording:
    """What one request sent: (statement, parameters, many) in order; ``None`` stands for a commit."""

    sent: list[tuple[str, Any, bool] | None] = field(default_factory=list)

    @property
    def statements(self) -> list[str]:
        return [item[0] for item in self.sent if item and not item[0].startswith(("BEGIN", "SAVEPOINT", "RELEASE"))]

    @property
    def commits(self) -> int:
        return sum(item is None for item in self.sent)


@contextmanager
def recorded(engine: Engine) -> Iterator[Recording]:
    """Everything that ``engine`` sends inside the block."""
    recording = Recording()

    def send(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        recording.sent.append((statement, parameters, many))

    def commit(_connection: Any) -> None:
        recording.sent.append(None)

    event.listen(engine, "before_cursor_execute", send)
    event.listen(engine, "commit", commit)
    try:
        yield recording
    finally:
        event.remove(engine, "before_cursor_execute", send)
        event.remove(engine, "commit", commit)


def replay(engine: Engine, recordings: list[Recording]) -> list[float]:
    """Send each recording by the bare driver; milliseconds of each. ``engine`` only gives its connection (and pragmas)."""
    pooled = engine.raw_connection()
    driver: Any = pooled.driver_connection
    taken = []
    try:
        for recording in recordings:
            begin = time.perf_counter()
            for item in recording.sent:
                if item is None:
                    driver.commit()
                    continue
                statement, parameters, many = item
                cursor = driver.cursor()
                if many:
                    cursor.executemany(statement, parameters)
                else:
                    cursor.execute(statement, parameters)
                if cursor.description:
                    cursor.fetchall()
                cursor.close()
            taken.append((time.perf_counter() - begin) * 1000)
            driver.rollback()
    finally:
        pooled.invalidate()
        engine.dispose()
    return taken
