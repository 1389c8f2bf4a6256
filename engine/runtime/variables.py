"""Whose variables a token sees: those of the process, and of each multi-instance it is in.

Tokens have none of their own, so no token can bring a stale value to a join. A level is a plain mapping in the token
of the process or of one instance of a multi-instance activity, under ``vars``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.runtime.token import Token


def names_at(token: Token) -> dict[str, Any]:
    """What expressions see at ``token``; inner variables hide outer ones. Not to be changed."""
    levels = _levels(token)
    if len(levels) == 1:
        return levels[0]
    seen: dict[str, Any] = {}
    performers: dict[str, Any] = {}
    for level in reversed(levels):
        seen.update(level)
        performers.update(level.get("performers", {}))
    seen["performers"] = performers
    return seen


def local_at(token: Token) -> dict[str, Any]:
    """The variables that what happens at ``token`` changes."""
    return _levels(token)[0]


def _levels(token: Token) -> list[dict[str, Any]]:
    """From the innermost to the process's."""
    levels = []
    while token is not None:
        if "vars" in token.internal_data:
            levels.append(token.internal_data["vars"])
        token = token.parent
    return levels
