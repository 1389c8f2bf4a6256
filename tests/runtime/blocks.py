"""Random diagrams made of nested blocks: how they are drawn from Hypothesis, and how they are written as BPMN.

A block has one way in and one way out, so what it means can be told without a token game (see `oracle`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from diagrams import (
    boundary,
    catch,
    chain,
    element,
    end,
    error,
    escalation,
    flow,
    many,
    process,
    script,
    start,
    sub,
    throw,
    timer,
    user,
)
from hypothesis import strategies as st


@dataclass(repr=False)
class Block:
    """``kind`` says what it is; the rest is used as that kind needs."""

    kind: str
    name: str
    parts: list[Block] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)  # of all parts but the last, which is the default
    number: int = 0  # rounds of a loop, instances
    sequential: bool = False
    interrupting: bool = True
    event: str = "signal"
    handler: Block | None = None  # what follows a boundary event
    beside: Block | None = None  # what is in the event sub-process of a process or sub-process
    beside_interrupts: bool = False
    catcher: str = ""  # "error" or "escalation" at the boundary of a sub-process

    def __repr__(self) -> str:
        said = {"kind", "name"} | {key for key, value in Block("", "").__dict__.items() if self.__dict__[key] == value}
        return (
            f"{self.name}({', '.join(f'{key}={value!r}' for key, value in self.__dict__.items() if key not in said)})"
        )


@dataclass(frozen=True)
class Allowed:
    """What may be drawn at a place."""

    depth: int = 3
    loops: bool = True  # and what else counts: two tokens at the same element would not be alike
    joins: bool = True
    many_subs: bool = True
    kills: bool = False  # within a sub-process
    fails: bool = False  # within a sub-process that catches
    escalates: bool = False
    alone: bool = False  # nothing may run beside it
    plain: bool = False  # only what the plain library does rightly
    loop_names: tuple[str, ...] = ()


# What may run several times at once: two tokens at the same element must be alike, so nothing counts or runs beside.
QUIET: dict[str, Any] = {"loops": False, "joins": False, "many_subs": False, "alone": True}
SIMPLE = ("user", "user", "script", "timer", "message")
NESTED = ("seq", "seq", "xor", "par", "inc", "loop", "boundary", "sub", "many", "many_sub", "gateway", "call")


@st.composite
def diagrams(draw: st.DrawFn, plain: bool = False) -> Block:
    numbers = count(1)
    parts = [draw_block(draw, numbers, Allowed(plain=plain)) for _ in range(draw(st.integers(2, 3)))]
    whole = Block("process", "p", parts, number=draw(st.integers(0, 5)))
    if not plain:
        _draw_beside(draw, numbers, whole, Allowed())
    return whole


def draw_block(draw: st.DrawFn, numbers: Iterator[int], allowed: Allowed) -> Block:
    kinds = list(SIMPLE)
    kinds += ["kill"] * allowed.kills + ["fail"] * 3 * allowed.fails + ["escalate"] * 3 * allowed.escalates
    if allowed.depth > 0:
        kinds += [kind for kind in NESTED if _may(kind, allowed)]
    kind = draw(st.sampled_from(kinds))
    block = Block(kind, f"{kind}{next(numbers)}")
    inner = Allowed(**{**allowed.__dict__, "depth": allowed.depth - 1})
    DRAWERS.get(kind, lambda *_: None)(draw, numbers, block, inner)
    return block


def _may(kind: str, allowed: Allowed) -> bool:
    if kind in ("loop", "many"):
        return allowed.loops
    if kind in ("par", "inc"):
        return allowed.joins
    if kind == "many_sub":
        return allowed.many_subs and not allowed.plain
    return not (allowed.plain and kind in ("gateway", "call"))


def _draw_parts(draw: st.DrawFn, numbers: Iterator[int], block: Block, inner: Allowed) -> None:
    least, most = (2, 2) if block.kind == "seq" else (2, 3)
    block.parts = [draw_block(draw, numbers, inner) for _ in range(draw(st.integers(least, most)))]
    variable = draw(st.sampled_from(("n", *inner.loop_names)))
    remainder = draw(st.integers(0, 2))
    block.conditions = [f"({variable} + {place}) % 3 == {remainder}" for place in range(len(block.parts) - 1)]


def _draw_loop(draw: st.DrawFn, numbers: Iterator[int], block: Block, inner: Allowed) -> None:
    names = (*inner.loop_names, f"v_{block.name}")
    inside = Allowed(**{**inner.__dict__, "loop_names": names, "joins": not inner.plain})
    block.parts = [draw_block(draw, numbers, inside)]
    block.number = draw(st.integers(1, 3))


def _draw_boundary(draw: st.DrawFn, numbers: Iterator[int], block: Block, inner: Allowed) -> None:
    block.interrupting = inner.alone or draw(st.booleans())
    block.event = draw(st.sampled_from(("signal", "timer") if inner.plain else ("signal", "message", "timer")))
    if not block.interrupting and block.event == "timer" and not inner.plain:
        block.event = draw(st.sampled_from(("timer", "cycle")))
    quiet = {} if block.interrupting else QUIET
    block.handler = draw_block(draw, numbers, Allowed(**{**inner.__dict__, **quiet}))


def _draw_sub(draw: st.DrawFn, numbers: Iterator[int], block: Block, inner: Allowed) -> None:
    changed: dict[str, Any] = {"kills": not inner.plain}
    if not inner.plain:
        block.catcher = draw(st.sampled_from(("", "error", "error", "escalation", "escalation")))
        changed |= {"fails": inner.fails or block.catcher == "error"}
        changed |= {"escalates": inner.escalates or block.catcher == "escalation"}
    block.interrupting = block.catcher != "escalation" or inner.alone or draw(st.booleans())
    block.parts = [draw_block(draw, numbers, Allowed(**{**inner.__dict__, **changed}))]
    if not inner.plain and not inner.alone:
        _draw_beside(draw, numbers, block, Allowed(**{**inner.__dict__, **changed}))
    if block.catcher:
        quiet = {} if block.interrupting else QUIET
        block.handler = draw_block(draw, numbers, Allowed(**{**inner.__dict__, **quiet, "depth": min(inner.depth, 1)}))


def _draw_beside(draw: st.DrawFn, numbers: Iterator[int], block: Block, inner: Allowed) -> None:
    if draw(st.booleans()):
        block.beside_interrupts = draw(st.booleans())
        changed = {**QUIET, "kills": True, "depth": min(inner.depth, 1)}
        block.beside = draw_block(draw, numbers, Allowed(**{**inner.__dict__, **changed}))


def _draw_many(draw: st.DrawFn, numbers: Iterator[int], block: Block, inner: Allowed) -> None:
    block.number = draw(st.integers(0, 3))
    block.sequential = draw(st.booleans())
    if block.kind == "many_sub":  # instances at the same element must be alike, so nothing runs side by side in one
        quiet = {**QUIET, "fails": False, "escalates": False, "kills": False}
        block.parts = [draw_block(draw, numbers, Allowed(**{**inner.__dict__, **quiet, "depth": min(inner.depth, 1)}))]


def _draw_gateway(draw: st.DrawFn, numbers: Iterator[int], block: Block, inner: Allowed) -> None:
    block.parts = [draw_block(draw, numbers, inner) for _ in range(2)]


DRAWERS = {
    "seq": _draw_parts,
    "xor": _draw_parts,
    "par": _draw_parts,
    "inc": _draw_parts,
    "loop": _draw_loop,
    "boundary": _draw_boundary,
    "sub": _draw_sub,
    "many": _draw_many,
    "many_sub": _draw_many,
    "gateway": _draw_gateway,
}


# Writing


@dataclass
class Written:
    """``way_out`` None: nothing comes out of it, because it always ends its scope."""

    xml: str
    way_in: str
    way_out: str | None
    shared: str = ""  # signals and messages


def document(block: Block) -> bytes:
    inner = _sequence(block.parts)
    body = start() + script("first", f"n = {block.number}") + chain("S", "first", inner.way_in) + inner.xml
    shared = inner.shared
    if inner.way_out:
        body += end() + chain(inner.way_out, "E")
    beside = _write_beside(block)
    return process(body + beside.xml, shared=shared + beside.shared)


def _write_beside(block: Block) -> Written:
    """The event sub-process of a process or sub-process."""
    name = f"{block.name}_v"
    if block.beside is None:
        return Written("", name, None)
    inner = _write(block.beside)
    signal = f'<signalEventDefinition id="d_{name}" signalRef="s_{name}"/>'
    begin = start(name, signal, isInterrupting=_bool(block.beside_interrupts))
    inside = begin + inner.xml + chain(name, inner.way_in)
    shared = inner.shared + f'<signal id="s_{name}" name="{name}"/>'
    return Written(element("subProcess", f"{name}s", inside, triggeredByEvent="true"), name, None, shared)


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _sequence(parts: list[Block]) -> Written:
    whole = _write(parts[0])
    for part in parts[1:]:
        if whole.way_out is None:
            break
        following = _write(part)
        xml = whole.xml + following.xml + chain(whole.way_out, following.way_in)
        whole = Written(xml, whole.way_in, following.way_out, whole.shared + following.shared)
    return whole


def _write(block: Block) -> Written:
    return WRITERS[block.kind](block)


def _write_simple(block: Block) -> Written:
    name = block.name
    shared = ""
    if block.kind == "user":
        xml = user(name)
    elif block.kind == "script":
        xml = script(name, f"x_{name} = n + 1")
    elif block.kind == "timer":
        xml = catch(name, timer("timeDuration", '"P1D"'))
    elif block.kind == "message":
        xml = catch(name, f'<messageEventDefinition id="d_{name}" messageRef="m_{name}"/>')
        shared = f'<message id="m_{name}" name="{name}"/>'
    elif block.kind == "call":
        xml = element("callActivity", name, calledElement="other")
    else:  # a person decides when it happens, so that no two of them race
        ending = {"kill": f'<terminateEventDefinition id="d_{name}"/>', "fail": error("x")}
        happening = throw(name, escalation("e")) if block.kind == "escalate" else end(name, ending[block.kind])
        xml = user(f"{name}_u") + chain(f"{name}_u", name) + happening
        return Written(xml, f"{name}_u", name if block.kind == "escalate" else None)
    return Written(xml, name, name, shared)


def _write_gateways(block: Block) -> Written:
    tag = {"xor": "exclusiveGateway", "par": "parallelGateway", "inc": "inclusiveGateway"}[block.kind]
    split, join = f"{block.name}_f", f"{block.name}_j"
    written = [_write(part) for part in block.parts]
    default = f"{block.name}_d"
    xml = element(tag, split, **({} if block.kind == "par" else {"default": default}))
    for place, part in enumerate(written):
        last = place == len(written) - 1
        condition = None if block.kind == "par" or last else block.conditions[place]
        xml += flow(split, part.way_in, condition, default if last else f"{block.name}_{place}")
        xml += part.xml + (chain(part.way_out, join) if part.way_out else "")
    some_out = any(part.way_out for part in written)
    if some_out:
        xml += element(tag, join)
    return Written(xml, split, join if some_out else None, "".join(part.shared for part in written))


def _write_loop(block: Block) -> Written:
    name, variable, body = block.name, f"v_{block.name}", _write(block.parts[0])
    xml = script(f"{name}_0", f"{variable} = 0") + element("exclusiveGateway", f"{name}_m") + body.xml
    xml += chain(f"{name}_0", f"{name}_m", body.way_in)
    if body.way_out is None:
        return Written(xml, f"{name}_0", None, body.shared)
    xml += script(f"{name}_1", f"{variable} = {variable} + 1") + element(
        "exclusiveGateway", f"{name}_x", default=f"{name}_o"
    )
    xml += element("exclusiveGateway", f"{name}_e") + chain(body.way_out, f"{name}_1", f"{name}_x")
    xml += flow(f"{name}_x", f"{name}_m", f"{variable} < {block.number}") + flow(
        f"{name}_x", f"{name}_e", name=f"{name}_o"
    )
    return Written(xml, f"{name}_0", f"{name}_e", body.shared)


def _write_boundary(block: Block) -> Written:
    assert block.handler is not None
    name, event = block.name, f"{block.name}_b"
    definition, shared = {
        "signal": (
            f'<signalEventDefinition id="d_{event}" signalRef="s_{event}"/>',
            f'<signal id="s_{event}" name="{event}"/>',
        ),
        "message": (
            f'<messageEventDefinition id="d_{event}" messageRef="m_{event}"/>',
            f'<message id="m_{event}" name="{event}"/>',
        ),
        "timer": (timer("timeDuration", '"P1D"'), ""),
        "cycle": (timer("timeCycle", "R/P1D"), ""),
    }[block.event]
    xml = user(name) + boundary(event, name, definition, cancelActivity=_bool(block.interrupting))
    return _with_handler(block, Written(xml, name, name, shared), event)


def _with_handler(block: Block, host: Written, event: str) -> Written:
    assert block.handler is not None
    handled = _write(block.handler)
    xml = host.xml + handled.xml + chain(event, handled.way_in)
    way_out = host.way_out
    if block.interrupting and handled.way_out:
        way_out = f"{block.name}_m"
        xml += element("exclusiveGateway", way_out) + chain(handled.way_out, way_out)
        xml += chain(host.way_out, way_out) if host.way_out else ""
    elif handled.way_out:
        xml += end(f"{block.name}_h") + chain(handled.way_out, f"{block.name}_h")
    return Written(xml, host.way_in, way_out, host.shared + handled.shared)


def _write_sub(block: Block) -> Written:
    name, body = block.name, _write(block.parts[0])
    inside = start(f"{name}_s") + body.xml + chain(f"{name}_s", body.way_in)
    if body.way_out:
        inside += end(f"{name}_e") + chain(body.way_out, f"{name}_e")
    loop = many(cardinality=str(block.number), sequential=block.sequential) if block.kind == "many_sub" else ""
    beside = _write_beside(block)
    host = Written(sub(name, loop + inside + beside.xml), name, name, body.shared + beside.shared)
    if not block.catcher:
        return host
    definition = error("x") if block.catcher == "error" else escalation("e")
    caught = boundary(f"{name}_c", name, definition, cancelActivity=_bool(block.interrupting))
    host.xml += caught
    return _with_handler(block, host, f"{name}_c")


def _write_many(block: Block) -> Written:
    return Written(
        user(block.name, many(cardinality=str(block.number), sequential=block.sequential)), block.name, block.name
    )


def _write_gateway(block: Block) -> Written:
    name, written = block.name, [_write(part) for part in block.parts]
    xml = element("eventBasedGateway", name) + catch(f"{name}_t", timer("timeDuration", '"P1D"'))
    xml += catch(f"{name}_s", f'<signalEventDefinition id="d_{name}" signalRef="s_{name}"/>')
    xml += chain(name, f"{name}_t", written[0].way_in) + chain(name, f"{name}_s", written[1].way_in)
    outs = [part.way_out for part in written if part.way_out]
    xml += "".join(part.xml for part in written) + (element("exclusiveGateway", f"{name}_m") if outs else "")
    xml += "".join(chain(way_out, f"{name}_m") for way_out in outs)
    shared = "".join(part.shared for part in written) + f'<signal id="s_{name}" name="{name}_s"/>'
    return Written(xml, name, f"{name}_m" if outs else None, shared)


WRITERS = {
    **dict.fromkeys(("user", "script", "timer", "message", "call", "kill", "fail", "escalate"), _write_simple),
    **dict.fromkeys(("xor", "par", "inc"), _write_gateways),
    "seq": lambda block: _sequence(block.parts),
    "loop": _write_loop,
    "boundary": _write_boundary,
    "sub": _write_sub,
    "many_sub": _write_sub,
    "many": _write_many,
    "gateway": _write_gateway,
}
