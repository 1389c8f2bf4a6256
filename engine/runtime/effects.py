"""What one operation opens, closes and throws, gathered until it becomes an `Outcome`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from engine.runtime.outcome import Request, Subscription, TaskClosed, TaskOpened, Thrown, TimerSet

if TYPE_CHECKING:
    from engine.runtime.token import Token

Opened = TaskOpened | TimerSet | Subscription | Request


class Effects:
    """What is opened and closed within the same operation leaves no trace here: nobody outside has seen it."""

    def __init__(self) -> None:
        self.opened: dict[str, Opened] = {}
        self.tasks_closed: list[TaskClosed] = []
        self.closed: dict[str, list[str]] = {"timer": [], "subscription": [], "request": []}
        self.thrown: list[Thrown] = []

    def open(self, effect: Opened) -> None:
        self.opened[effect.token] = effect

    def close(self, token: Token, how: Literal["completed", "cancelled"]) -> None:
        if self.opened.pop(token.id, None) is not None:
            return
        node = token.task_spec
        if node.waits == "task":
            self.tasks_closed.append(TaskClosed(token.id, node.element or node.name, how))
        else:
            self.closed[node.waits].append(token.id)
