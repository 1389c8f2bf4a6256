"""Moves an instance to another definition: its tokens keep their ids and stand where the mapping says.

What is open outside (tasks, timers, subscriptions, requests) goes on under the same ids.  Events that newly watch a
step begin to wait, those that are gone no longer do; sub-processes that were drawn around a step are entered, and those
that were taken away are left.  What can't be moved is refused with all reasons at once, and then nothing has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from SpiffWorkflow.util.task import TaskState

from bpmn.moment import Moment
from engine.runtime.codec import load
from engine.runtime.definition import Definition
from engine.runtime.fitting import misfit, starved, waits_to_join
from engine.runtime.instance import FAILURES, Instance
from engine.runtime.nodes.activities import UserTask
from engine.runtime.nodes.base import Node, Scope, SubProcess
from engine.runtime.nodes.events import CatchingNode
from engine.runtime.nodes.gateways import EventGateway, JoiningGateway
from engine.runtime.operations import outcome_of
from engine.runtime.outcome import Outcome, Step, TaskOpened
from engine.runtime.renaming import rename
from engine.runtime.token import Token
from faults import N_, Problem, Refused


class Immovable(Refused):
    """The case can't be moved to this version. It stays where it is; the reasons are listed."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A token that goes on waiting: the elements at which it stood and stands.

    ``task``: what the new version says of an open user task; None for all else.
    """

    token: str
    before: str
    element: str
    task: TaskOpened | None


@dataclass(frozen=True, slots=True)
class Moved:
    """``outcome`` is what the move brings about besides; ``gone`` are the tokens that are no more."""

    outcome: Outcome
    kept: tuple[Kept, ...]
    gone: tuple[str, ...]


def move(before: Definition, after: Definition, state: bytes, mapping: Mapping[str, str], moment: Moment) -> Moved:
    """The instance ``state`` of ``before`` as one of ``after``.

    ``mapping``: id of an element -> id of the one that takes its place, "" for none; an element that it doesn't name
    keeps its id.  What was stored under an id is stored under the new one.  A token that would stand still at once or
    whose join would wait for ever is a reason not to move.  Raises Immovable, and NoSuchToken if it has ended.
    """
    old = load(before.network, state, moment)
    return _Move(old, after, mapping, len(state), moment).result()


class _Move:
    """The new instance while it is made from the old one."""

    def __init__(self, old: Instance, after: Definition, mapping: Mapping[str, str], size: int, moment: Moment) -> None:
        self.old, self.mapping = old, mapping
        self.specs: dict[str, Node] = after.network.task_specs
        self.new = Instance(after.network, moment, size)
        self.problems: list[Problem] = []
        self.places: dict[str, str] = {}  # token -> the element at which it stood
        self.gone: list[str] = []
        self.joins: list[tuple[Token, JoiningGateway]] = []

    def result(self) -> Moved:
        old, start = self.old.root, self.new.spec.start
        root = self._stored(old, start, None)
        self.new.task_tree = root
        self._carry_below(old, root)
        if not self.problems:
            self._watch_anew()
            self._rearm()
        tasks = self._tasks()
        if not self.problems:
            self.problems += starved(self.old, self.new, self.mapping)
        if not self.problems:
            self._go_on()
        if self.problems:
            raise Immovable(tuple(self.problems))
        kept = tuple(
            Kept(token, before, self.new.tasks[token].task_spec.element or "", tasks.get(token))
            for token, before in self.places.items()
            if token in self.new.tasks and self.new.status in ("active", "failed")
        )
        return Moved(outcome_of(self.new), kept, tuple(self.gone))

    # Tokens

    def _carry_below(self, old: Token, anchor: Token) -> None:
        """Carry what is below ``old`` to below ``anchor``; scopes first, for others may now lie in them."""
        order = {child: place for place, child in enumerate(old._children)}
        for child in sorted(old.children, key=lambda one: not isinstance(one.task_spec, Scope)):
            self._carry(child, old, anchor)
        anchor._children.sort(key=lambda child: order.get(child, len(order)))

    def _carry(self, old: Token, parent: Token, anchor: Token) -> None:
        watches = old.task_spec.name in parent.task_spec.attached
        target = self._target(old.task_spec)
        if watches or isinstance(parent.task_spec, EventGateway):
            self._carry_aside(old, target, anchor)
            return
        if target is None and type(old.task_spec) is SubProcess and old._state == TaskState.STARTED:
            self._dissolve(old, anchor)
            return
        # Where the step is there still, but as another kind, that is the reason, and not that nothing is named.
        there = target or self.specs.get(old.task_spec.name)
        problem = misfit(old, there, self.mapping) if there is not None else None
        if problem is not None:
            self.problems.append(problem)
            return
        if target is None:
            message = N_("A case stands at {element}, and the mapping says of no step that takes its place.")
            self._refuse(old, "no_place", message)
            return
        place = self._scope_for(old, target, anchor)
        if place is not None:
            token = self._stored(old, target, place)
            self._note_place(old, token)
            if waits_to_join(old):
                self.joins.append((place, target))
            self._carry_below(old, token)

    def _carry_aside(self, old: Token, target: Node | None, anchor: Token) -> None:
        """An event that watches, or one of those after an event-based gateway; it may be gone in the new version."""
        node = old.task_spec
        beside = {*anchor.task_spec.attached, *_options(anchor.task_spec)}
        if target is None or target.name not in beside or target.trigger.kind != node.trigger.kind:
            self._close(old)
            return
        token = self._stored(old, target, anchor)
        if isinstance(anchor.task_spec, EventGateway):
            token.internal_data["via"] = target.incoming[0]
        self._note_place(old, token)

    def _dissolve(self, old: Token, anchor: Token) -> None:
        """The sub-process is no longer drawn: what is in it runs in what was around it."""
        self.new.steps.append(Step(old.task_spec.element, "cancelled"))
        self.gone.append(old.id)
        attached = old.task_spec.attached
        for child in sorted(old.children, key=lambda one: not isinstance(one.task_spec, Scope)):
            if child.task_spec.name in attached:
                self._close(child)
            else:
                self._carry(child, old, anchor)

    def _scope_for(self, old: Token, target: Node, anchor: Token) -> Token | None:
        """The token that holds ``target``: ``anchor``, or a sub-process below it, which is entered if need be."""
        missing: list[Node] = []
        name = target.scope
        while name != anchor.task_spec.name:
            if name not in self.specs or not name:
                message = N_("In the new version {element} is no longer in the part in which the case stands.")
                self._refuse(old, "scope", message)
                return None
            missing.append(self.specs[name])
            name = self.specs[name].scope
        place = anchor
        for scope in reversed(missing):
            found = next((child for child in place.children if child.task_spec is scope), None)
            if found is None and type(scope) is not SubProcess:
                message = N_("In the new version {element} is in {scope}, which can't be entered half-way.")
                self._refuse(old, "scope", message, scope=scope.description)
                return None
            place = found or self._enter(scope, place)
        return place

    def _enter(self, scope: Node, parent: Token) -> Token:
        token = Token.stored(self.new, scope, parent, TaskState.STARTED, uuid4().hex, {})
        self.new.log(token, "entered")
        return token

    def _stored(self, old: Token, target: Node, parent: Token | None) -> Token:
        facts = rename(old, target, self.mapping)
        return Token.stored(self.new, target, parent, old._state, old.id, facts)

    def _note_place(self, old: Token, token: Token) -> None:
        """Remember where it stood; an element that is called otherwise now was left, and the new one entered."""
        before, element = old.task_spec.element, token.task_spec.element
        if before is None:
            return
        self.places[token.id] = before
        if before != element and _was_entered(old):
            self.new.steps.append(_left(old))
            self.new.log(token, "entered")

    def _close(self, old: Token) -> None:
        self.gone.append(old.id)
        if old._state == TaskState.STARTED and old.task_spec.waits is not None:
            self.new.effects.closed[old.task_spec.waits].append(old.id)
        if _was_entered(old):
            self.new.steps.append(_left(old))

    # What watches

    def _watch_anew(self) -> None:
        """Let events wait that the old version did not have. One that it had, and that is spent, stays so."""
        spent = {
            (target.name, target.trigger.kind)
            for node in self.old.spec.task_specs.values()
            if isinstance(node, CatchingNode)
            and (target := self._target(node)) is not None
            and isinstance(target, CatchingNode)
            and target.trigger.kind == node.trigger.kind
        }
        for token in list(self.new.tasks.values()):
            if token._state != TaskState.STARTED or token.internal_data.keys() & {"done", "interrupted"}:
                continue
            present = {child.task_spec.name for child in token.children}
            for event, facts in _events_of(token):
                if event.waits and event.name not in present and (event.name, event.trigger.kind) not in spent:
                    self.new.add(event, token, **facts)

    def _rearm(self) -> None:
        """What waits for another message, or with another key, than before, waits anew under a new id."""
        for token_id in self.places:
            token, before = self.new.tasks[token_id], self.old.tasks[token_id].task_spec
            node = token.task_spec
            if node.waits != "subscription" or token._state != TaskState.STARTED:
                continue
            if (before.trigger.name, _source(before)) != (node.trigger.name, _source(node)):
                self.gone.append(token_id)
                self.new.effects.closed["subscription"].append(token_id)
                fresh = self.new.replace(token)
                fresh._state = TaskState.STARTED
                self._attempt(fresh, node.arm)

    # Going on

    def _tasks(self) -> dict[str, TaskOpened]:
        """What the new version says of the user tasks that are open."""
        opened = self.new.effects.opened
        found: dict[str, TaskOpened] = {}
        for token_id in self.places:
            token = self.new.tasks.get(token_id)
            if token is not None and token._state == TaskState.STARTED and isinstance(token.task_spec, UserTask):
                self._attempt(token, token.task_spec.work)
                effect = opened.pop(token_id, None)
                if isinstance(effect, TaskOpened):
                    found[token_id] = effect
        return found

    def _attempt(self, token: Token, call: Any) -> None:
        try:
            call(token)
        except FAILURES as failure:
            message = N_("{element} can't be reckoned out as the new version says: {reason}")
            self._refuse(token, "expression", message, reason=str(failure))

    def _go_on(self) -> None:
        """Fire joins that need no more than what has come; all else stays. What then fails is a reason not to move."""
        for scope, node in self.joins:
            while scope.id in self.new.tasks and node.join(scope):
                pass
        self.new.run()
        self.problems += [
            Problem(trouble.element or "", trouble.code, trouble.message, dict(trouble.params))
            for trouble in self.new.troubles
        ]

    def _target(self, node: Node) -> Node | None:
        name = self.mapping.get(node.element, node.element) if node.element else ""
        return self.specs.get(f"{name}[]" if node.name.endswith("[]") else name)

    def _refuse(self, token: Token, code: str, message: str, **params: Any) -> None:
        node = token.task_spec
        self.problems.append(Problem(node.element or "", code, message, {"element": node.description, **params}))


def _options(node: Node) -> tuple[str, ...]:
    return tuple(flow.target for flow in node.flows) if isinstance(node, EventGateway) else ()


def _events_of(token: Token) -> list[tuple[Any, dict[str, Any]]]:
    """The events that wait while ``token`` does, with the facts of their tokens."""
    node = token.task_spec
    found: list[tuple[Any, dict[str, Any]]] = [(boundary, {}) for boundary in node.boundaries]
    found += [(handler.start, {}) for handler in getattr(node, "handlers", ())]
    if isinstance(node, EventGateway):
        specs = node._wf_spec.task_specs
        found += [(specs[flow.target], {"via": flow.id}) for flow in node.flows]
    return found


def _was_entered(old: Token) -> bool:
    """Whether the record has the token as having entered its element."""
    node = old.task_spec
    if old._state == TaskState.ERROR:
        return True
    if old.parent is not None and node.name in old.parent.task_spec.attached:
        return False
    return not (node.joins and "fired" not in old.internal_data)


def _left(old: Token) -> Step:
    counter = old.internal_data.get("counter")
    return Step(old.task_spec.element, "cancelled", {} if counter is None else {"counter": counter})


def _source(node: CatchingNode) -> str | None:
    return node.trigger.key.source if node.trigger.key is not None else None
