"""Columns and rows for the elements of one scope: a flow leads to the right, its first way on stays in its row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Cell = tuple[int, int]  # column, row
ABREAST = 6  # how many elements that no flow touches stand side by side


def cells(nodes: Sequence[str], flows: Iterable[tuple[str, str]]) -> Mapping[str, Cell]:
    """The cell of each node, given in the order of the file. No two share one; flows that lead back are passed over."""
    known = set(nodes)
    after: dict[str, list[str]] = {node: [] for node in nodes}
    reached: set[str] = set()
    for source, target in flows:
        if source in known and target in known and target not in after[source] and source != target:
            after[source].append(target)
            reached.add(target)
    order = sorted((node for node in nodes if node in reached or after[node]), key=lambda node: node in reached)
    forward = _forward(order, after)
    found = _rows(order, forward, _columns(order, forward))
    below = 1 + max((row for _, row in found.values()), default=-1)
    alone = [node for node in nodes if node not in found]
    return {**found, **{node: (at % ABREAST, below + at // ABREAST) for at, node in enumerate(alone)}}


def _forward(order: Sequence[str], after: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The flows without those that close a loop, found by walking depth first."""
    kept: dict[str, list[str]] = {node: [] for node in order}
    done: set[str] = set()
    for start in order:
        if start in done:
            continue
        open_: set[str] = {start}
        stack = [(start, iter(after[start]))]
        while stack:
            node, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                stack.pop()
                open_.discard(node)
                done.add(node)
            elif following not in open_:
                kept[node].append(following)
                if following not in done:
                    open_.add(following)
                    stack.append((following, iter(after[following])))
    return kept


def _columns(nodes: Sequence[str], forward: Mapping[str, list[str]]) -> dict[str, int]:
    """The longest way to each node."""
    waiting = dict.fromkeys(nodes, 0)
    for targets in forward.values():
        for target in targets:
            waiting[target] += 1
    columns = dict.fromkeys(nodes, 0)
    ready = [node for node in nodes if not waiting[node]]
    while ready:
        node = ready.pop()
        for target in forward[node]:
            columns[target] = max(columns[target], columns[node] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return columns


def _rows(order: Sequence[str], forward: Mapping[str, list[str]], columns: Mapping[str, int]) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    taken: set[Cell] = set()

    def put(node: str, wanted: int) -> None:
        row = wanted
        while (columns[node], row) in taken:
            row += 1
        found[node] = (columns[node], row)
        taken.add(found[node])

    for start in order:
        if start in found:
            continue
        # What begins by itself does not stand in the middle of what is there already.
        put(start, 1 + max((row for _, row in taken), default=-1))
        stack = [start]
        while stack:
            node = stack.pop()
            fresh = [target for target in forward[node] if target not in found]
            for number, target in enumerate(fresh):
                put(target, found[node][1] + number)
            stack += reversed(fresh)
    return found
