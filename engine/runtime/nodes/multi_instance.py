"""Multi-instance activities: one token of the inner activity for each item, at once or one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from bpmn.expressions import Expression
from engine.runtime.bounds import MOST_INSTANCES
from engine.runtime.faults import Failure, passed_bound
from engine.runtime.nodes.base import Network, Node
from engine.runtime.values import weight
from engine.runtime.variables import names_at
from faults import N_

if TYPE_CHECKING:
    from engine.runtime.instance import Instance
    from engine.runtime.token import Token


class MultiInstance(Node):
    """Stands where the activity is drawn; ``inner`` is the activity, which runs below it.

    Each instance has variables of its own: `item_name`, ``loopCounter`` (from 0) and what it stores. The results of
    those that completed are stored as a list, in the order of the items, under the activity's id: of a sub-process all
    that it has stored, or its outputs (`kept`) if the diagram names any.
    In the token: ``items`` (the collection, or None with a cardinality), ``total``, ``next`` (how many were
    started), ``results`` ({place: result}), ``who`` ({element: [accounts]}).
    """

    def __init__(self, network: Network, name: str, element: str, title: str, inner: Node) -> None:
        super().__init__(network, name, element, title)
        self.inner = inner
        self.sequential = False
        self.cardinality: Expression | None = None
        self.collection: Expression | None = None
        self.item_name = ""
        self.condition: Expression | None = None
        self.kept: tuple[tuple[str, Expression], ...] = ()  # what is kept of each instance; empty: everything

    def _run_hook(self, token: Token) -> bool | None:
        return True if token.internal_data.get("done") else super()._run_hook(token)

    def work(self, token: Token) -> bool:
        items = self._items(token)
        total = len(items) if items is not None else self._count(token)
        if total > MOST_INSTANCES:
            raise passed_bound(N_("instances of a multi-instance activity"), MOST_INSTANCES)
        if items is not None:
            token.workflow.charge(2 * weight(items))
        token.internal_data.update(items=items, total=total, next=0, results={}, who={})
        if total == 0:
            token.workflow.store(token, self.name, [])
            return True
        for _ in range(1 if self.sequential else total):
            self._start_next(token)
        return False

    def child_completed(self, token: Token, child: Token) -> None:
        data = token.internal_data
        place = child.internal_data["counter"]
        finished = len(data["results"].keys() | {str(place)})  # it may be there already, when this is retried
        stop = self._holds(token, child, finished)
        data["results"][str(place)] = self._result(token, child)
        self._remember_performers(token, child)
        if stop or finished == data["total"]:
            self._finish(token, child)
        elif self.sequential:
            self._start_next(token)

    def item(self, token: Token, place: int) -> Any:
        items = token.internal_data["items"]
        return items[place] if items is not None else None

    def _items(self, token: Token) -> list[Any] | None:
        if self.collection is None:
            return None
        items = token.workflow.evaluate(self.collection, token)
        if isinstance(items, dict):
            return list(items.values())
        if isinstance(items, list):
            return items
        raise Failure("expression", N_("The collection of {element} is no list."), element=self.description)

    def _count(self, token: Token) -> int:
        count = token.workflow.evaluate(self.cardinality, token) if self.cardinality is not None else 0
        if isinstance(count, float) and count.is_integer():
            count = int(count)
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise Failure(
                "expression", N_("The number of instances of {element} is no whole number."), element=self.description
            )
        return count

    def _start_next(self, token: Token) -> None:
        data = token.internal_data
        place = data["next"]
        data["next"] = place + 1
        local: dict[str, Any] = {"loopCounter": place}
        facts: dict[str, Any] = {"counter": place, "vars": local}
        if data["items"] is not None and self.item_name:
            local[self.item_name] = data["items"][place]
        token.workflow.add(self.inner, token, **facts)

    def _holds(self, token: Token, child: Token, finished: int) -> bool:
        if self.condition is None:
            return False
        data = token.internal_data
        active = (data["next"] if self.sequential else data["total"]) - finished
        counts = {"nrOfInstances": data["total"], "nrOfCompletedInstances": finished, "nrOfActiveInstances": active}
        instance: Instance = token.workflow
        return instance.truth(self.condition, {**names_at(child), **counts})

    def _result(self, token: Token, child: Token) -> Any:
        stored = child.internal_data["vars"]
        if not self.inner.brings_scope:
            return stored.get(self.element)
        if self.kept:
            return token.workflow.inputs(self.kept, child)
        own = {"loopCounter", "performers", self.item_name}
        return {name: value for name, value in stored.items() if name not in own}

    def _remember_performers(self, token: Token, child: Token) -> None:
        for key, accounts in child.internal_data["vars"].get("performers", {}).items():
            who = token.internal_data["who"].setdefault(key.removesuffix("[]"), [])
            who.extend(account for account in (accounts if key.endswith("[]") else [accounts]) if account not in who)

    def _finish(self, token: Token, last: Token) -> None:
        instance: Instance = token.workflow
        data = token.internal_data
        in_order = [data["results"][place] for place in sorted(data["results"], key=int)]
        instance.store(token, self.name, in_order)
        for key, accounts in data["who"].items():
            instance.note_performer(token, f"{key}[]", accounts)
            instance.note_performer(token, key, last.internal_data["vars"].get("performers", {}).get(key, accounts[-1]))
        for child in token.children:
            if child is not last and child.task_spec is self.inner:
                child.cancel()
        data["done"] = 1
        token._set_state(TaskState.READY)
