"""Whether an instance that has come to rest can go on: deadlocked joins, and tokens held back by a bound."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from engine.runtime.token import Token

HOPELESS = frozenset({"bound", "held", "deadlock"})  # codes of errors without which the instance has not failed
STILL = TaskState.STARTED | TaskState.ERROR


def deadlocked(tokens: Iterable[Token]) -> list[Token]:
    """Tokens at joins of a scope in which all that is left waits at joins for the rest, and so for ever."""
    found = []
    for token in tokens:
        if token.task_spec.joins and token._state == TaskState.STARTED:
            attached = token.parent.task_spec.attached
            beside = [child for child in token.parent.children if child.task_spec.name not in attached]
            if all(child.task_spec.joins and child._state & STILL for child in beside):
                found.append(token)
    return found


def hold(token: Token) -> None:
    """Keep a token that could move until the one that passed the bound is retried."""
    token._set_state(TaskState.ERROR)
    token.internal_data["error"] = ["enter", "held"]


def held(tokens: Iterable[Token]) -> list[Token]:
    return [token for token in tokens if token.internal_data.get("error") == ["enter", "held"]]


def release(tokens: Iterable[Token]) -> None:
    for token in held(tokens):
        del token.internal_data["error"]
        token._set_state(TaskState.READY)


def error_codes(tokens: Iterable[Token]) -> set[str]:
    return {token.internal_data["error"][1] for token in tokens if token._state == TaskState.ERROR}
