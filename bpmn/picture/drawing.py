"""Draws what a diagram has and its picture has not: all of it, or what was left out."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from bpmn.picture.blocks import BAND, Block, block_of, on_border
from bpmn.picture.interchange import DI, Plane, new_plane, planes
from bpmn.picture.lines import straight, way
from bpmn.picture.shapes import SCOPES, Bounds, aside, flow_nodes, lines, tag
from bpmn.xml import local, read_xml, referred

LEFT, APART, BLACK_BOX = 160.0, 60.0, 60.0


def with_picture(data: bytes) -> bytes:
    """The same diagram with a place for every element; ``data`` itself if each has one. Raises Refused."""
    root = read_xml(data, "bpmn")
    taken = {str(node.get("id")) for node in root.iter("*") if node.get("id")}
    drawn = list(planes(root, taken))
    before = sum(len(plane.shapes) + len(plane.lines) for plane in drawn)
    if not any(plane.shapes for plane in drawn):
        _draw_anew(root, drawn, taken)
    else:
        _complete(root, drawn, taken)
    drawn = list(planes(root, taken))
    if sum(len(plane.shapes) + len(plane.lines) for plane in drawn) == before:
        return data
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def redrawn(data: bytes) -> bytes:
    """The same diagram with a new place for every element; colours stay. Raises Refused."""
    root = read_xml(data, "bpmn")
    before = {referred(node.get("bpmnElement")): dict(node.attrib) for node in root.iter(*_DRAWN)}
    for page in root.findall(f"{{{DI}}}BPMNDiagram"):
        root.remove(page)
    found = read_xml(with_picture(etree.tostring(root)), "bpmn")
    for node in found.iter(*_DRAWN):
        for name, value in before.get(node.get("bpmnElement", ""), {}).items():
            if str(name).startswith("{"):  # of other makers, such as colours; the places are new
                node.set(name, value)
    return etree.tostring(found, encoding="UTF-8", xml_declaration=True)


_DRAWN = (f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge")


def _draw_anew(root: etree._Element, drawn: list[Plane], taken: set[str]) -> None:
    """One drawing for each collaboration, and for each process that is in none."""
    empty = {plane.about: plane for plane in drawn}
    shown: set[str] = set()
    for together in root.iterchildren(tag("collaboration")):
        if together.find(tag("participant")) is not None and together.get("id"):
            plane = _plane(root, together, empty, taken)
            shown |= _draw_pools(root, together, plane)
            _draw_lines(root, plane)
    for process in root.iterchildren(tag("process")):
        if process.get("id") not in shown and len(process):
            plane = _plane(root, process, empty, taken)
            _draw_block(plane, block_of(process), LEFT, LEFT / 2)
            _draw_lines(root, plane)


def _plane(root: etree._Element, about: etree._Element, empty: dict[str, Plane], taken: set[str]) -> Plane:
    ident = about.get("id", "")
    return empty.pop(ident, None) or new_plane(root, ident, taken)


def _draw_pools(root: etree._Element, together: etree._Element, plane: Plane) -> set[str]:
    """Pools one under the other, as wide as the widest. Returns the processes that are in them."""
    processes = {one.get("id", ""): one for one in root.iterchildren(tag("process"))}
    held = {pool.get("id", ""): referred(pool.get("processRef")) for pool in together.iterchildren(tag("participant"))}
    blocks = {pool: block_of(processes[ref]) for pool, ref in held.items() if ref in processes}
    width = max([block.width for block in blocks.values()] + [400.0]) + 2 * APART
    y = plane.bottom if plane.shapes else LEFT / 2
    for pool in held:
        block = blocks.get(pool)
        if block is None:
            plane.draw(pool, Bounds(LEFT, y, width, BLACK_BOX), isHorizontal="true")
            y += BLACK_BOX + APART
            continue
        y += _draw_pool(plane, pool, block, Bounds(LEFT, y, width, 0)) + APART
    _draw_block(plane, Block(bounds=_row(together, y)), LEFT, 0)
    return set(held.values())


def _draw_pool(plane: Plane, pool: str, block: Block, at: Bounds) -> float:
    """Returns its height. Lanes reach from the strip with the pool's name to its right border."""
    edge = 0.0 if block.lanes else APART / 2
    height = max(block.height, 2 * BLACK_BOX) + 2 * edge
    plane.draw(pool, Bounds(at.x, at.y, at.width, height), isHorizontal="true")
    if block.lanes:
        wider = at.width - BAND - block.width
        block.lanes = {name: Bounds(one.x, one.y, one.width + wider, one.height) for name, one in block.lanes.items()}
    _draw_block(plane, block, at.x + BAND + edge, at.y + edge)
    return height


def _row(together: etree._Element, y: float) -> dict[str, Bounds]:
    block = block_of(together)
    return {ident: one.moved(0, y - one.y) for ident, one in block.bounds.items()}


def _draw_block(plane: Plane, block: Block, x: float, y: float) -> None:
    for ident, one in block.lanes.items():
        plane.draw(ident, one.moved(x, y), isHorizontal="true")
    for ident, one in block.bounds.items():
        if ident in plane.shapes:  # what is inside something that was missing itself
            continue
        more = {"isExpanded": "true"} if ident in block.opened else {}
        plane.draw(ident, one.moved(x, y), **more)


def _draw_lines(root: etree._Element, plane: Plane) -> None:
    """Every line whose two ends are on this drawing and that is on none yet."""
    border = {one.get("id") for one in root.iter(tag("boundaryEvent"))}
    containers = {one.get("id") for one in root.iter("*") if local(one) in (*SCOPES, "participant", "lane", "group")}
    single = [one for ident, one in plane.shapes.items() if ident not in containers and ident not in border]
    for node, source, target in _all_lines(root):
        start, end, ident = plane.shapes.get(source), plane.shapes.get(target), node.get("id")
        if start is None or end is None or not ident or ident in plane.lines:
            continue
        if local(node) == "sequenceFlow":
            others = [one for one in single if one not in (start, end)]
            plane.join(ident, way(start, end, others, source in border))
        else:
            plane.join(ident, straight(start, end))


def _all_lines(root: etree._Element) -> Iterator[tuple[etree._Element, str, str]]:
    for node in root.iter(*(tag(kind) for kind in (*sorted(SCOPES), "collaboration"))):
        yield from lines(node)


# ---- what a picture has left out


def _complete(root: etree._Element, drawn: list[Plane], taken: set[str]) -> None:
    """What is missing is put under what is there; what is inside a closed sub-process onto a drawing of its own."""
    for scope in root.iter(*(tag(kind) for kind in sorted(SCOPES))):
        ident = scope.get("id", "")
        nodes = [one.get("id", "") for one in (*flow_nodes(scope), *aside(scope))]
        absent = [one for one in nodes if not any(one in plane.shapes for plane in drawn)]
        plane = next((one for one in drawn if _shows(root, one, ident)), None)
        if absent and plane is None and any(ident in one.collapsed for one in drawn):
            plane = new_plane(root, ident, taken)
            drawn.append(plane)
        if absent and plane is not None:
            _add(plane, scope, absent)
    joined = {ident for plane in drawn for ident in plane.lines}
    for plane in drawn:
        plane.lines |= joined
        _draw_lines(root, plane)
        joined |= plane.lines


def _shows(root: etree._Element, plane: Plane, scope: str) -> bool:
    """Whether the elements of the scope belong onto this drawing."""
    if plane.about == scope or (scope in plane.shapes and scope not in plane.collapsed):
        return True
    pools = root.iter(tag("participant"))
    return any(referred(pool.get("processRef")) == scope and pool.get("id") in plane.shapes for pool in pools)


def _add(plane: Plane, scope: etree._Element, absent: list[str]) -> None:
    for host, events in _on_border(scope, absent).items():
        if host in plane.shapes:
            for ident, one in on_border(plane.shapes[host], events).items():
                plane.draw(ident, one)
    rest = [ident for ident in absent if ident not in plane.shapes]
    x, y = (plane.left, plane.bottom + APART) if plane.shapes else (LEFT, LEFT / 2)
    _draw_block(plane, block_of(scope, rest), x, y)


def _on_border(scope: etree._Element, absent: list[str]) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for one in scope.iterchildren(tag("boundaryEvent")):
        if one.get("id") in absent:
            found.setdefault(one.get("attachedToRef", ""), []).append(one)
    return found
