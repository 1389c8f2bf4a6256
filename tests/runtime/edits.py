"""What an administrator does to a diagram: a step comes in before or after another, is taken out, is drawn into a
sub-process, or runs beside a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import count

from blocks import Block
from hypothesis import strategies as st

_New = Callable[[str], str]


@st.composite
def edited(draw: st.DrawFn, block: Block) -> Block:
    """The diagram after one to three changes; elements that stay keep their ids."""
    whole = deepcopy(block)
    numbers = count(1)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(list(_rows(whole))))
        EDITS[draw(st.sampled_from(sorted(EDITS)))](draw, place, lambda kind: f"new_{kind}{next(numbers)}")
    return whole


def _rows(block: Block) -> Iterator[Block]:
    """The blocks whose parts come one after the other."""
    if block.kind in ("process", "seq"):
        yield block
    for part in (*block.parts, block.handler, block.beside):
        if part is not None:
            yield from _rows(part)


def _insert(draw: st.DrawFn, place: Block, new: _New) -> None:
    kind = draw(st.sampled_from(("user", "script", "timer", "message")))
    place.parts.insert(draw(st.integers(0, len(place.parts))), Block(kind, new(kind)))


def _remove(draw: st.DrawFn, place: Block, new: _New) -> None:
    place.parts.pop(draw(st.integers(0, len(place.parts) - 1)))
    if not place.parts:
        place.parts.append(Block("user", new("user")))


def _wrap(draw: st.DrawFn, place: Block, new: _New) -> None:
    number = draw(st.integers(0, len(place.parts) - 1))
    place.parts[number] = Block("sub", new("sub"), [place.parts[number]])


def _unwrap(draw: st.DrawFn, place: Block, _new: _New) -> None:
    """A plain sub-process is taken away, its content stays."""
    for number, part in enumerate(place.parts):
        if part.kind == "sub" and part.beside is None and not part.catcher:
            place.parts[number : number + 1] = part.parts
            return


def _fork(draw: st.DrawFn, place: Block, new: _New) -> None:
    """Something new runs beside a step."""
    number = draw(st.integers(0, len(place.parts) - 1))
    place.parts[number] = Block("par", new("par"), [place.parts[number], Block("user", new("user"))])


def _watch(draw: st.DrawFn, place: Block, new: _New) -> None:
    """A step gets a timer that reminds, or that takes its place."""
    for number, part in enumerate(place.parts):
        if part.kind == "user":
            watched = Block("boundary", part.name, event="timer", handler=Block("user", new("user")))
            watched.interrupting = draw(st.booleans())
            place.parts[number] = watched
            return


EDITS = {"insert": _insert, "remove": _remove, "wrap": _wrap, "unwrap": _unwrap, "fork": _fork, "watch": _watch}
