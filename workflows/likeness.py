"""How much two problems are alike, in points from 0 to 100: what is said, and how it was assessed."""

from __future__ import annotations

from workflows.tables import Problem

TEXT, CATEGORY, CAUSE, TASK, DISTRICT = 50, 20, 10, 10, 10


def likeness(one: Problem, other: Problem) -> int:
    """Points for the same category, cause, task and district, and for what the texts have in common."""
    points = TEXT * text_likeness(one.title + " " + one.facts, other.title + " " + other.facts)
    points += CATEGORY * _same(one.category, other.category)
    points += CAUSE * _same(one.cause, other.cause)
    points += TASK * _same(one.task_code, other.task_code)
    points += DISTRICT * bool(set(one.districts) & set(other.districts))
    return round(points)


def text_likeness(one: str, other: str) -> float:
    """From 0 to 1: the share of pairs of neighbouring characters that both texts have (Dice); Chinese has no blanks."""
    first, second = _pairs(one), _pairs(other)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def _pairs(text: str) -> set[str]:
    kept = "".join(character for character in text.lower() if character.isalnum())
    return {kept[place : place + 2] for place in range(len(kept) - 1)}


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and one == other
