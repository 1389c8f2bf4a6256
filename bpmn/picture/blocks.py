"""The elements of a scope, put in order: bounds of each relative to the upper left corner, sub-processes opened."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from lxml import etree

from bpmn.picture.grid import cells
from bpmn.picture.shapes import SCOPES, Bounds, aside, boundaries, flow_nodes, flows, size, tag
from bpmn.xml import local

GAP_X, GAP_Y, MARGIN = 60.0, 50.0, 30.0
LEAST_LANE, BAND = 120.0, 30.0  # the height of an empty lane; the strip with its name


@dataclass(slots=True)
class Block:
    width: float = 0.0
    height: float = 0.0
    bounds: dict[str, Bounds] = field(default_factory=dict)
    lanes: dict[str, Bounds] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)  # sub-processes that are drawn with what is in them


def block_of(scope: etree._Element, only: Collection[str] | None = None) -> Block:
    """``only``: ids of the elements that are wanted; lanes are drawn where all are."""
    nodes = [node for node in flow_nodes(scope) if local(node) != "boundaryEvent" and _wanted(node, only)]
    inner = {node.get("id", ""): block_of(node) for node in nodes if local(node) in SCOPES and len(flow_nodes(node))}
    sizes = {node.get("id", ""): _size(node, inner) for node in nodes}
    leaves = _leaves(scope) if only is None else []
    lane_of = {ref: number for number, (_, refs) in enumerate(leaves) for ref in refs}
    found = Block()
    tops = _put(found, cells(list(sizes), flows(scope)), sizes, lane_of, len(leaves))
    _lanes(found, scope, leaves, tops)
    for ident, block in inner.items():
        _open(found, ident, block)
    for host, events in boundaries(scope).items():
        if host in found.bounds:
            found.bounds |= on_border(found.bounds[host], [one for one in events if _wanted(one, only)])
    _put_aside(found, [node for node in aside(scope) if _wanted(node, only)])
    return found


def on_border(host: Bounds, events: list[etree._Element]) -> dict[str, Bounds]:
    """Side by side on its lower border."""
    found = {}
    for number, event in enumerate(events, 1):
        width, height = size(event)
        middle = host.x + host.width * number / (len(events) + 1)
        found[event.get("id", "")] = Bounds(middle - width / 2, host.bottom - height / 2, width, height)
    return found


def _wanted(node: etree._Element, only: Collection[str] | None) -> bool:
    return only is None or node.get("id") in only


def _size(node: etree._Element, inner: Mapping[str, Block]) -> tuple[float, float]:
    block = inner.get(node.get("id", ""))
    return size(node) if block is None else (block.width + 2 * MARGIN, block.height + 2 * MARGIN)


def _put(
    found: Block,
    places: Mapping[str, tuple[int, int]],
    sizes: Mapping[str, tuple[float, float]],
    lane_of: Mapping[str, int],
    lanes: int,
) -> list[float]:
    """Bounds by columns, and by rows within each lane. Returns where each lane begins, and where the last one ends."""
    column_of = {ident: column for ident, (column, _) in places.items()}
    row_of = {ident: (lane_of.get(ident, lanes), row) for ident, (_, row) in places.items()}
    lefts, width = {}, 0.0
    for column in sorted(set(column_of.values())):
        lefts[column] = width
        width += max(sizes[ident][0] for ident, one in column_of.items() if one == column) + GAP_X
    rows = sorted(set(row_of.values()))
    heights = {row: max(sizes[ident][1] for ident, one in row_of.items() if one == row) for row in rows}
    tops, starts, height = {}, [], 0.0
    for lane in range(lanes + 1):
        starts.append(height)
        mine = [row for row in rows if row[0] == lane]
        for row in mine:
            tops[row] = height + (GAP_Y / 2 if lanes else 0)
            height += heights[row] + GAP_Y
        if not mine and lane < lanes:
            height += LEAST_LANE
    for ident, (wide, high) in sizes.items():
        column, row = column_of[ident], row_of[ident]
        widest = max(sizes[one][0] for one, other in column_of.items() if other == column)
        x, y = lefts[column] + (widest - wide) / 2, tops[row] + (heights[row] - high) / 2
        found.bounds[ident] = Bounds(x, y, wide, high)
    found.width = max(0.0, width - GAP_X)
    found.height = height if lanes else max(0.0, height - GAP_Y)
    return starts


def _leaves(scope: etree._Element) -> list[tuple[etree._Element, list[str]]]:
    """The lanes that hold no other lanes, with the ids of what stands in them."""
    found: list[tuple[etree._Element, list[str]]] = []
    for lane in scope.iter(tag("lane")):
        holder = next(lane.iterancestors(*(tag(kind) for kind in SCOPES)), None)
        if holder is scope and lane.get("id") and lane.find(f".//{tag('lane')}") is None:
            found.append((lane, [(ref.text or "").strip() for ref in lane.iterchildren(tag("flowNodeRef"))]))
    return found


def _lanes(
    found: Block, scope: etree._Element, leaves: list[tuple[etree._Element, list[str]]], tops: list[float]
) -> None:
    """Each lane over the whole width; one with others in it has a strip for its name at the left."""
    if not leaves:
        return
    span = {leaf.get("id", ""): (tops[number], tops[number + 1]) for number, (leaf, _) in enumerate(leaves)}
    deepest = max(_depth(leaf) for leaf, _ in leaves)
    indent = BAND * deepest + MARGIN
    found.bounds = {ident: one.moved(indent, 0) for ident, one in found.bounds.items()}
    found.width += indent + MARGIN
    for lane in scope.iter(tag("lane")):
        inside = [span[one.get("id", "")] for one in lane.iter(tag("lane")) if one.get("id", "") in span]
        if not inside or not lane.get("id"):
            continue
        left, top, bottom = BAND * (_depth(lane) - 1), inside[0][0], inside[-1][1]
        found.lanes[lane.get("id", "")] = Bounds(left, top, found.width - left, bottom - top)


def _depth(lane: etree._Element) -> int:
    return 1 + sum(1 for _ in lane.iterancestors(tag("lane")))


def _open(found: Block, ident: str, block: Block) -> None:
    outer = found.bounds[ident]
    found.opened |= {ident, *block.opened}
    x, y = outer.x + MARGIN, outer.y + MARGIN
    found.bounds |= {name: one.moved(x, y) for name, one in block.bounds.items()}
    found.lanes |= {name: one.moved(x, y) for name, one in block.lanes.items()}


def _put_aside(found: Block, nodes: list[etree._Element]) -> None:
    """In a row under the rest."""
    if not nodes:
        return
    x, y = MARGIN if found.lanes else 0.0, found.height + GAP_Y
    for node in nodes:
        width, height = size(node)
        found.bounds[node.get("id", "")] = Bounds(x, y, width, height)
        x += width + GAP_X
    found.width = max(found.width, x - GAP_X)
    found.height = y + max(size(node)[1] for node in nodes)
