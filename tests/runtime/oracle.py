"""What BPMN 2.0 says of a diagram of blocks, told without tokens, flows or the library.

Each running block is an object; one that is cancelled is dropped by the block around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from blocks import Block

Handle = tuple[str, Callable[[], None]]


class Oracle:
    def __init__(self, process: Block) -> None:
        self.names: dict[str, Any] = {"n": process.number}
        self.completed = False
        self.main = Whole(process, self)
        self.main.begin()

    @property
    def open(self) -> list[str]:
        return [] if self.completed else sorted(name for name, _ in self.main.handles())

    def act(self, name: str) -> None:
        next(act for handle, act in self.main.handles() if handle == name)()

    def done(self, child: Running) -> None:
        self.completed = True


class Running:
    """A block that runs within ``around``, in the scope of the nearest sub-process."""

    def __init__(self, block: Block, around: Any, scope: Scope | None) -> None:
        self.block = block
        self.around = around
        self.scope = scope

    @property
    def world(self) -> Oracle:
        assert self.scope is not None
        return self.scope.world

    def begin(self) -> None: ...

    def handles(self) -> Iterator[Handle]:
        return iter(())

    def done(self, child: Running) -> None:
        self.finish()

    def finish(self) -> None:
        self.around.done(self)

    def run(self, block: Block) -> Running:
        return RUNS[block.kind](block, self, self.scope)


class Leaf(Running):
    """Waits for one event: a person, a time, a message, an answer."""

    def handles(self) -> Iterator[Handle]:
        yield self.block.name, self.finish


class Script(Running):
    def begin(self) -> None:
        self.finish()


class Escalate(Running):
    def handles(self) -> Iterator[Handle]:
        yield f"{self.block.name}_u", self.fire

    def fire(self) -> None:
        place = self.scope
        while place is not None and place.block.catcher != "escalation":
            place = place.scope
        assert place is not None
        if place.block.interrupting:
            place.interrupt()
        else:
            assert place.scope is not None
            assert place.block.handler is not None
            place.scope.spawn(place.block.handler)
            self.finish()


class Fail(Running):
    def handles(self) -> Iterator[Handle]:
        yield f"{self.block.name}_u", self.fire

    def fire(self) -> None:
        place = self.scope
        while place is not None and place.block.catcher != "error":
            place = place.scope
        assert place is not None
        place.interrupt()


class Kill(Running):
    def handles(self) -> Iterator[Handle]:
        assert self.scope is not None
        yield f"{self.block.name}_u", self.scope.finish


class Seq(Running):
    def begin(self) -> None:
        self.left = list(self.block.parts)
        self.done(self)

    def done(self, child: Running) -> None:
        if not self.left:
            self.finish()
            return
        self.current = self.run(self.left.pop(0))
        self.current.begin()

    def handles(self) -> Iterator[Handle]:
        return self.current.handles()


class Xor(Running):
    def begin(self) -> None:
        self.current = self.run(self.chosen()[0])
        self.current.begin()

    def chosen(self) -> list[Block]:
        *guarded, default = self.block.parts
        held = [
            part for part, text in zip(guarded, self.block.conditions, strict=True) if eval(text, {}, self.world.names)
        ]
        return held or [default]

    def handles(self) -> Iterator[Handle]:
        return self.current.handles()


class Par(Xor):
    """Parallel and inclusive: a branch without a way out is not waited for, but goes on in the scope."""

    def begin(self) -> None:
        self.branches = [self.run(part) for part in self.chosen()]
        self.awaited = [branch for branch in self.branches if exits(branch.block)]
        for branch in list(self.branches):
            branch.begin()

    def chosen(self) -> list[Block]:
        return self.block.parts if self.block.kind == "par" else super().chosen()

    def done(self, child: Running) -> None:
        self.branches.remove(child)
        self.awaited.remove(child)
        if not self.awaited:
            assert self.scope is not None
            self.scope.loose += self.branches
            self.branches = []
            self.finish()

    def handles(self) -> Iterator[Handle]:
        for branch in self.branches:
            yield from branch.handles()


class Loop(Running):
    def begin(self) -> None:
        self.world.names[self.variable] = 0
        self.again()

    @property
    def variable(self) -> str:
        return f"v_{self.block.name}"

    def again(self) -> None:
        self.current = self.run(self.block.parts[0])
        self.current.begin()

    def done(self, child: Running) -> None:
        self.world.names[self.variable] += 1
        if self.world.names[self.variable] < self.block.number:
            self.again()
        else:
            self.finish()

    def handles(self) -> Iterator[Handle]:
        return self.current.handles()


class Boundary(Running):
    """A task with an event at its boundary."""

    handler: Running | None = None
    spent = False

    def handles(self) -> Iterator[Handle]:
        if self.handler is not None:
            yield from self.handler.handles()
            return
        yield self.block.name, self.finish
        if not self.spent:
            yield f"{self.block.name}_b", self.fire

    def fire(self) -> None:
        assert self.block.handler is not None
        assert self.scope is not None
        if self.block.interrupting:
            self.handler = self.run(self.block.handler)
            self.handler.begin()
        else:
            self.spent = self.block.event == "timer"
            self.scope.spawn(self.block.handler)


class Scope(Running):
    """A sub-process: done when its flow has come to its end and nothing that was started beside it goes on."""

    main: Running | None = None
    handler: Running | None = None
    interrupted = False  # by the event sub-process

    def begin(self) -> None:
        self.loose: list[Running] = []
        self.main = self.inside(Block("seq", "", self.block.parts))
        self.main.begin()

    @property
    def world(self) -> Oracle:
        assert self.scope is not None
        return self.scope.world

    def inside(self, block: Block) -> Running:
        return RUNS[block.kind](block, self, self)

    def spawn(self, block: Block) -> None:
        run = self.inside(block)
        self.loose.append(run)
        run.begin()

    def interrupt(self) -> None:
        """The event at the boundary ends it; what follows there runs in its place."""
        assert self.block.handler is not None
        self.main, self.loose = None, []
        self.handler = RUNS[self.block.handler.kind](self.block.handler, self, self.scope)
        self.handler.begin()

    def done(self, child: Running) -> None:
        if child is self.handler:
            self.finish()
            return
        if child is self.main:
            self.main = None
        else:
            self.loose.remove(child)
        if self.main is None and not self.loose:
            self.finish()

    def handles(self) -> Iterator[Handle]:
        for run in (self.main, self.handler, *self.loose):
            if run is not None:
                yield from run.handles()
        if self.block.beside is not None and not self.interrupted and self.handler is None:
            yield f"{self.block.name}_v", self.start_beside

    def start_beside(self) -> None:
        assert self.block.beside is not None
        if self.block.beside_interrupts:
            self.interrupted = True
            self.main, self.loose = None, []
        self.spawn(Block("sub", f"{self.block.name}_vs", [self.block.beside]))


class Whole(Scope):
    """The process, perhaps with an event sub-process."""

    def __init__(self, block: Block, oracle: Oracle) -> None:
        super().__init__(block, oracle, None)

    @property
    def world(self) -> Oracle:
        return self.around  # type: ignore[no-any-return]


class Many(Running):
    def begin(self) -> None:
        self.left = self.block.number
        self.instances: list[Running] = []
        self.more(1 if self.block.sequential else self.left)
        self.check()

    def more(self, number: int) -> None:
        fresh = [self.instance() for _ in range(min(number, self.left))]
        self.left -= len(fresh)
        self.instances += fresh
        for run in fresh:
            run.begin()

    def instance(self) -> Running:
        return Leaf(self.block, self, self.scope)

    def done(self, child: Running) -> None:
        self.instances.remove(child)
        if self.block.sequential:
            self.more(1)
        self.check()

    def check(self) -> None:
        if not self.instances and not self.left and self.block:
            self.check = lambda: None  # type: ignore[method-assign]
            self.finish()

    def handles(self) -> Iterator[Handle]:
        for run in self.instances:
            yield from run.handles()


class ManySub(Many):
    def instance(self) -> Running:
        return Scope(self.block, self, self.scope)


class Gateway(Running):
    chosen: Running | None = None

    def handles(self) -> Iterator[Handle]:
        if self.chosen is not None:
            yield from self.chosen.handles()
            return
        yield f"{self.block.name}_t", lambda: self.choose(0)
        yield f"{self.block.name}_s", lambda: self.choose(1)

    def choose(self, place: int) -> None:
        self.chosen = self.run(self.block.parts[place])
        self.chosen.begin()


def exits(block: Block) -> bool:
    """Whether something may come out of it. A kill or failure ends its scope instead."""
    if block.kind in ("kill", "fail"):
        return False
    if block.kind in ("seq", "loop"):
        return all(exits(part) for part in block.parts)
    if block.kind in ("xor", "par", "inc", "gateway"):
        return any(exits(part) for part in block.parts)
    return True


RUNS: dict[str, type[Running]] = {
    **dict.fromkeys(("user", "timer", "message", "call"), Leaf),
    "script": Script,
    "escalate": Escalate,
    "fail": Fail,
    "kill": Kill,
    "seq": Seq,
    "xor": Xor,
    "par": Par,
    "inc": Par,
    "loop": Loop,
    "boundary": Boundary,
    "sub": Scope,
    "many": Many,
    "many_sub": ManySub,
    "gateway": Gateway,
}
