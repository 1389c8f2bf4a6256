"""Which element of a later diagram takes the place of one of an earlier, as far as that can be told by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from bpmn.nodes import Element, Process

Likeness = tuple[str, ...]
Tells = Callable[[Element, Process], Likeness | None]


def suggested(before: Process, after: Process) -> dict[str, str]:
    """Element of ``before`` -> element of ``after``, "" where there is none, for each element of ``before``.

    The same id and kind; else the only one of that kind and name; else the only one between the same neighbours, on the
    same step, or after the same step.
    """
    found = {one.id: one.id for one in before.elements.values() if _kind_at(after, one.id) == _kind(one)}
    _pair(before, after, found, _by_name)
    pairs = -1
    while pairs != len(found):  # a pair that was found may tell the neighbours of the next
        pairs = len(found)
        for tells in (_between, _on, _after):
            _pair(before, after, found, partial(_told, tells, before, found))
    return {name: found.get(name, "") for name in before.elements}


def candidates(element: Element, after: Process) -> list[Element]:
    """The elements of ``after`` that are of the element's kind, and so could take its place."""
    return [one for one in after.elements.values() if _kind(one) == _kind(element)]


def ahead(process: Process, elements: Iterable[str]) -> frozenset[str]:
    """The elements at which a case that stands at ``elements`` may come, these and what they lie in included."""
    seen: set[str] = set()
    around: set[str] = set()
    waiting = [name for name in elements if name in process.elements]
    while waiting:
        element = process.elements[waiting.pop()]
        if element.id in seen:
            continue
        seen.add(element.id)
        waiting += _next(process, element)
        waiting += [one.id for one in process.within(element.id)]
        scope = process.elements.get(element.scope or "")
        while scope is not None and scope.id not in around:
            around.add(scope.id)
            waiting += _next(process, scope)
            scope = process.elements.get(scope.scope or "")
    return frozenset(seen | around)


def _next(process: Process, element: Element) -> list[str]:
    """What its flows lead to, the events that sit on it, and the event sub-processes beside it."""
    flows = [process.flows[flow].target for flow in element.outgoing if flow in process.flows]
    aside = [
        one.id
        for one in process.elements.values()
        if one.attached_to == element.id or (one.by_event and one.scope == element.scope)
    ]
    return [name for name in (*flows, *aside) if name in process.elements]


def _pair(before: Process, after: Process, found: dict[str, str], likeness: Tells) -> None:
    taken = set(found.values())
    old = _unique(before, [one for one in before.elements.values() if one.id not in found], likeness)
    new = _unique(after, [one for one in after.elements.values() if one.id not in taken], likeness)
    found.update({one: new[key] for key, one in old.items() if key in new})


def _unique(process: Process, elements: Iterable[Element], likeness: Tells) -> dict[Likeness, str]:
    """What tells an element -> the element, for those that it tells from all others."""
    found: dict[Likeness, str | None] = {}
    for element in elements:
        key = likeness(element, process)
        if key is not None:
            found[key] = None if key in found else element.id
    return {key: name for key, name in found.items() if name is not None}


def _by_name(element: Element, _process: Process) -> Likeness | None:
    return (*_kind(element), element.name) if element.name else None


def _told(
    tells: Callable[[Element, Process, dict[str, str] | None], Likeness | None],
    before: Process,
    found: dict[str, str],
    element: Element,
    process: Process,
) -> Likeness | None:
    return tells(element, process, found if process is before else None)


def _on(element: Element, _process: Process, found: dict[str, str] | None) -> Likeness | None:
    """An event by the step on which it sits."""
    host = element.attached_to
    if found is not None and host is not None:
        host = found.get(host)
    return (*_kind(element), "on", host) if host else None


def _after(element: Element, process: Process, found: dict[str, str] | None) -> Likeness | None:
    """Its kind, its name and what comes before it."""
    sources = [process.flows[flow].source for flow in element.incoming if flow in process.flows]
    if found is not None:
        sources = [found.get(name, "") for name in sources]
    return (*_kind(element), element.name, "after", *sorted(sources)) if sources and all(sources) else None


def _between(element: Element, process: Process, found: dict[str, str] | None) -> Likeness | None:
    """Its kind and neighbours, by the names that they have in the later diagram; ``found`` is None for that itself."""
    flows = process.flows
    around = [
        [flows[flow].source for flow in element.incoming if flow in flows],
        [flows[flow].target for flow in element.outgoing if flow in flows],
    ]
    if found is not None:
        around = [[found.get(name, "") for name in side] for side in around]
    if not any(around) or any("" in side for side in around):
        return None
    return (*_kind(element), *sorted(around[0]), ">", *sorted(around[1]))


def _kind(element: Element) -> Likeness:
    return (element.kind, element.event, "loop" if element.loop else "", "event" if element.by_event else "")


def _kind_at(process: Process, name: str) -> Likeness | None:
    found = process.elements.get(name)
    return _kind(found) if found is not None else None
