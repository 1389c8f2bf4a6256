"""A running instance: the tree of its tokens, its variables, and the queue of tokens that can move."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow

from bpmn.decisions import DecisionFault
from bpmn.expressions import Expression, ExpressionFault
from bpmn.moment import Moment
from bpmn.timers import TimerFault
from engine.runtime.bounds import LARGEST_STATE, MOST_STEPS, MOST_TOKENS
from engine.runtime.effects import Effects
from engine.runtime.faults import BadValue, Failure, passed_bound
from engine.runtime.nodes.base import Flow, Network, Node
from engine.runtime.nodes.events import BoundaryEvent
from engine.runtime.nodes.gateways import JoiningGateway
from engine.runtime.outcome import Status, Step, Trouble
from engine.runtime.propagation import Catcher, catcher_of
from engine.runtime.returning import overtaken
from engine.runtime.token import Token
from engine.runtime.values import plain, weight
from engine.runtime.variables import local_at, names_at
from engine.runtime.verdict import HOPELESS, deadlocked, error_codes, held, hold
from faults import N_, Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

FAILURES = (Failure, ExpressionFault, TimerFault, DecisionFault, BadValue)


class Instance(Workflow):  # type: ignore[misc]
    """One operation's working copy of an instance; made from a state, thrown away after the outcome.

    The library's workflow finds what can move by walking its whole tree; here a token that becomes ready joins `queue`
    (see `Token`), and joins that tokens came to are looked at when they come or when all is quiet.
    """

    def __init__(self, network: Network, moment: Moment, size: int = 0) -> None:
        super().__init__(network, deserializing=True)
        self.moment = moment
        self.size = size  # of the variables in bytes, never too low
        self.queue: deque[Token] = deque()
        self.arrivals: set[tuple[str, str]] = set()  # (scope token, join) where a token has come
        self.effects = Effects()
        self.steps: list[Step] = []
        self.troubles: list[Trouble] = []
        self.steps_left = MOST_STEPS
        self.status: Status = "active"
        self.ended_at: str | None = None
        self.result: dict[str, Any] = {}

    @property
    def root(self) -> Token:
        return self.task_tree  # type: ignore[no-any-return]

    # Tokens

    def add(self, node: Node, parent: Token, **facts: Any) -> Token:
        """A new token at ``node`` that moves as soon as it is its turn."""
        token = Token(self, node, parent, TaskState.FUTURE)
        token.internal_data = facts
        token._set_state(TaskState.READY)
        return token

    def send(self, scope: Token, flow: Flow) -> None:
        self.log_flow(flow)
        self.add(self.spec.task_specs[flow.target], scope, via=flow.id)

    def adopt(self, token: Token, parent: Token) -> None:
        token.parent._children.remove(token.id)
        token.parent = parent
        parent._children.append(token.id)

    def remove(self, token: Token) -> None:
        if token.parent is not None:
            token.parent._children.remove(token.id)
        self.tasks.pop(token.id, None)

    def replace(self, token: Token) -> Token:
        """A token in the same place under a new id, because what is open outside never bears the same id twice."""
        fresh = Token(self, token.task_spec, token.parent, TaskState.FUTURE)
        fresh.internal_data = {key: value for key, value in token.internal_data.items() if key != "error"}
        for child in token.children:
            self.adopt(child, fresh)
        self.remove(token)
        return fresh

    def go_back(self, place: Token, target: Node) -> None:
        """Open the earlier user task ``target`` instead of what came, or would come, from it; ``place`` is closed."""
        for other in overtaken(target, place):
            if other is not place:
                other.cancel()
        self.add(target, place.parent)

    def watch(self, host: Token) -> None:
        """Let the boundary events of an activity wait, unless they do so already."""
        watching = {child.task_spec.name for child in host.children}
        for boundary in host.task_spec.boundaries:
            if boundary.waits is not None and boundary.name not in watching:
                self.add(boundary, host)

    def done_if_empty(self, scope: Token, leaving: Token) -> None:
        """The scope is done when nothing but what watches is left in it."""
        attached = scope.task_spec.attached
        for child_id in scope._children:
            if child_id != leaving.id and self.tasks[child_id].task_spec.name not in attached:
                return
        scope.internal_data["done"] = 1
        scope._set_state(TaskState.READY)

    def _task_completed_notify(self, token: Token) -> None:
        parent = token.parent
        if parent is None:
            return
        parent.task_spec.child_completed(parent, token)
        if not token.task_spec.flows:
            self.log(token, "completed")
        self.remove(token)

    def finished(self, status: Status) -> None:
        """All is over; nothing can be done with the instance any more."""
        self.status = status
        self.queue.clear()

    # Running

    def run(self) -> None:
        """Move tokens until all wait for something outside, have ended or have failed."""
        while self.status == "active":
            self._drain()
            if self.status != "active" or not self._fire_inclusive():
                break
        if self.status == "active":
            self._judge()

    def resume(self, token: Token) -> None:
        """Let go on what ``token`` waited for: complete it and leave. A failure becomes a trouble."""
        try:
            token.task_spec.occurred(token)
        except FAILURES as failure:
            self.failed(token, failure)

    def _drain(self) -> None:
        queue, tasks = self.queue, self.tasks
        while queue:
            token = queue.popleft()
            if token._state != TaskState.READY or token.id not in tasks:
                continue
            self.steps_left -= 1
            if self.steps_left < 0 or len(tasks) > MOST_TOKENS:
                self._halt(token)
                continue
            try:
                token.run()
            except FAILURES as failure:
                self.failed(token, failure)
            if self.arrivals:
                self._fire_parallel()

    def _halt(self, token: Token) -> None:
        """Too much for one go: the first token becomes a trouble, the others are held until that one is retried."""
        if any(trouble.code == "bound" and trouble.token in self.tasks for trouble in self.troubles):
            hold(token)
            return
        if not token.internal_data.get("done"):
            self.log(token, "entered")
        if self.steps_left < 0:
            self._trouble(token, passed_bound(N_("steps in one go"), MOST_STEPS))
        else:
            self._trouble(token, passed_bound(N_("tokens in one instance"), MOST_TOKENS))

    def _fire_parallel(self) -> None:
        specs = self.spec.task_specs
        for arrival in list(self.arrivals):
            node: JoiningGateway = specs[arrival[1]]
            if node.eager:
                self.arrivals.discard(arrival)
                scope = self.tasks.get(arrival[0])
                while scope is not None and node.join(scope):
                    pass

    def _fire_inclusive(self) -> bool:
        """Called when nothing moves. Fires one inclusive join at most: others must see what comes of it."""
        if not self.spec.has_joins:
            return False
        for token in list(self.tasks.values()):
            node = token.task_spec
            if node.joins and not node.eager and token._state == TaskState.STARTED and node.join(token.parent):
                return True
        return False

    def _judge(self) -> None:
        """An instance has failed when it can't go on without help; held tokens need one trouble to be retried by."""
        tokens = self.tasks.values()
        for token in deadlocked(tokens) if self.spec.has_joins else ():
            message = N_("Not all tokens that {element} waits for can still come.")
            self._trouble(token, Failure("deadlock", message, element=token.task_spec.description))
        codes = error_codes(tokens)
        if "held" in codes and "bound" not in codes:
            self._trouble(held(tokens)[0], passed_bound(N_("steps in one go"), MOST_STEPS))
        if not HOPELESS.isdisjoint(codes):
            self.status = "failed"

    # Failing

    def failed(self, token: Token, failure: Failure | Fault) -> None:
        """An error boundary or event sub-process takes it, or the token is kept in error and a trouble tells of it."""
        leaving = token._state == TaskState.COMPLETED
        if not isinstance(failure, Failure):
            failure = Failure.of("decision" if isinstance(failure, DecisionFault) else "expression", failure)
        if token.id not in self.tasks:
            return
        if failure.code != "bound" and self._caught(token, failure, leaving):
            return
        self._trouble(token, failure, "leave" if leaving else "enter")

    def _caught(self, token: Token, failure: Failure, leaving: bool) -> bool:
        found = catcher_of(token, "error", failure.error_code or "", own_boundaries=not leaving)
        if found is None:
            return False
        catcher, place = found
        token._set_state(TaskState.ERROR)
        if failure.code == "uncaught_error":
            self.log(token, "completed")  # an error end event has done what it is for
        else:
            self.log(token, "failed", code=failure.code, error=failure.error_code)
        detail = str(failure.params.get("detail") or failure)
        self._tell(catcher, place, {"code": failure.error_code or failure.code, "message": detail})
        catcher.send_off(place)
        return True

    def _trouble(self, token: Token, failure: Failure, phase: str = "enter") -> None:
        token._set_state(TaskState.ERROR)
        token.internal_data["error"] = [phase, failure.code]
        node = token.task_spec
        element = node.element
        watching = token.parent is not None and node.name in token.parent.task_spec.attached
        if watching or (node.joins and "fired" not in token.internal_data):
            self.log(token, "entered")  # so that the picture shows where it stands
        self.log(token, "failed", code=failure.code)
        self.troubles.append(Trouble(token.id, element, failure.code, failure.message, failure.params))

    def escalate(self, token: Token, code: str) -> None:
        """Tell of an escalation; if nobody catches it, nothing happens (BPMN 2.0 10.5.6)."""
        found = catcher_of(token, "escalation", code, own_boundaries=False)
        if found is not None:
            catcher, place = found
            self._tell(catcher, place, {"code": code})
            catcher.send_off(place)

    def _tell(self, catcher: Catcher, place: Token, facts: dict[str, Any]) -> None:
        outside = place.parent if isinstance(catcher, BoundaryEvent) else place
        local_at(outside)[catcher.element or catcher.name] = plain(facts)

    # Variables

    def evaluate(self, expression: Expression, token: Token) -> Any:
        return plain(expression.evaluate(names_at(token), self.moment))

    def holds(self, flow: Flow, token: Token) -> bool:
        return flow.condition is None or self.truth(flow.condition, names_at(token))

    def truth(self, condition: Expression, names: dict[str, Any]) -> bool:
        value = condition.evaluate(names, self.moment)
        if isinstance(value, bool):
            return value
        raise Failure(
            "expression",
            N_("The condition “{source}” gives neither true nor false, but {value}."),
            source=condition.source,
            value=str(value)[:80],
        )

    def inputs(self, inputs: Iterable[tuple[str, Expression]], token: Token) -> dict[str, Any]:
        return {name: self.evaluate(expression, token) for name, expression in inputs}

    def store(self, token: Token, name: str, value: Any) -> None:
        """Set a variable of the scope that ``token`` is in. Raises BadValue, and Failure if all becomes too large."""
        value = plain(value)
        self.charge(weight(value) + len(name))
        local_at(token)[name] = value

    def charge(self, size: int) -> None:
        """Count ``size`` bytes more. Raises Failure if the instance becomes too large."""
        self.size += size
        if self.size > LARGEST_STATE:  # what was replaced has been counted too
            self.size = size + sum(weight(token.internal_data) for token in self.tasks.values())
            if self.size > LARGEST_STATE:
                raise passed_bound(N_("bytes of variables"), LARGEST_STATE)

    def note_performer(self, token: Token, element: str, account: Any) -> None:
        local_at(token).setdefault("performers", {})[element] = account

    # The record

    def log(self, token: Token, what: Any, **detail: Any) -> None:
        element = token.task_spec.element
        if element is not None:
            if "counter" in token.internal_data:
                detail["counter"] = token.internal_data["counter"]
            self.steps.append(Step(element, what, detail))

    def log_flow(self, flow: Flow) -> None:
        if flow.shown:
            self.steps.append(Step(flow.id, "taken"))

    def note_end(self, token: Token) -> None:
        """Remember the end event if it ends the instance, perhaps from within an event sub-process."""
        place = token.parent
        while place.parent is not None and place.task_spec.ends_parent:
            place = place.parent
        if place.parent is None:
            self.ended_at = token.task_spec.element
