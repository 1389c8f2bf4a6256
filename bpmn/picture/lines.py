"""The way of a line from one shape to another, at right angles where it is a flow."""

from __future__ import annotations

from collections.abc import Iterable

from bpmn.picture.shapes import Bounds

Point = tuple[float, float]
STEP = 20.0  # how far a line keeps away from what it goes round


def way(source: Bounds, target: Bounds, others: Iterable[Bounds], from_border: bool) -> list[Point]:
    """Of a sequence flow. ``others``: what it should go round; ``from_border``: it comes from a boundary event."""
    if from_border:
        return _downward(source, target)
    if target.x <= source.right:
        return _upright(source, target) or _below(source, target)
    (_, top), (_, end) = source.middle, target.middle
    if top == end and _free(source.right, target.x, top, others):
        return [(source.right, top), (target.x, end)]
    if top != end and _free(source.right, target.x - STEP, top, others):
        bend = target.x - STEP
        return [(source.right, top), (bend, top), (bend, end), (target.x, end)]
    if top != end and _free(source.right + STEP, target.x, end, others):
        bend = source.right + STEP
        return [(source.right, top), (bend, top), (bend, end), (target.x, end)]
    under = max(source.bottom, target.bottom) + STEP
    first, last = source.right + STEP, target.x - STEP
    return [(source.right, top), (first, top), (first, under), (last, under), (last, end), (target.x, end)]


def straight(source: Bounds, target: Bounds) -> list[Point]:
    """Of an association or a message flow: between the nearest sides."""
    (x, y), (to_x, to_y) = source.middle, target.middle
    if source.bottom <= target.y:
        return [(x, source.bottom), (to_x, target.y)]
    if target.bottom <= source.y:
        return [(x, source.y), (to_x, target.bottom)]
    if source.right <= target.x:
        return [(source.right, y), (target.x, to_y)]
    return [(source.x, y), (target.right, to_y)]


def _upright(source: Bounds, target: Bounds) -> list[Point] | None:
    """Straight up or down to what stands in the same column, or further back in another row."""
    (x, _), (to_x, _) = source.middle, target.middle
    if target.y >= source.bottom + STEP:
        start, end = source.bottom, target.y
    elif target.bottom <= source.y - STEP:
        start, end = source.y, target.bottom
    else:
        return None
    bend = (start + end) / 2 if abs(end - start) < 4 * STEP else end - STEP if end > start else end + STEP
    return [(x, start), (to_x, end)] if x == to_x else [(x, start), (x, bend), (to_x, bend), (to_x, end)]


def _below(source: Bounds, target: Bounds) -> list[Point]:
    """Back, or onto what stands over or under it."""
    under = max(source.bottom, target.bottom) + STEP
    (x, _), (to_x, _) = source.middle, target.middle
    if source is target or x == to_x:
        to_x += min(STEP, target.width / 4)
    return [(x, source.bottom), (x, under), (to_x, under), (to_x, target.bottom)]


def _downward(source: Bounds, target: Bounds) -> list[Point]:
    (x, _), (_, end) = source.middle, target.middle
    if target.x > x and end > source.bottom:
        return [(x, source.bottom), (x, end), (target.x, end)]
    return _below(source, target)


def _free(left: float, right: float, y: float, others: Iterable[Bounds]) -> bool:
    return not any(one.y < y < one.bottom and one.x < right and one.right > left for one in others)
