"""Multi-instance activities: one token of the inner activity for each item, at once or one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from bpmn.expressions import Expression
from engine.runtime.agreement import Agreement, Verdict, judge
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
    started), ``results`` ({place: result}), ``who`` ({element: [accounts]}); with an `agreement` also ``votes``
    ({place: vote}), ``weights`` and ``needed``, and ``return_to`` once one of them has sent it back.
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
        self.agreement: Agreement | None = None

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
        if self.agreement is not None:
            token.internal_data.update(votes={}, weights=self._weights(token), needed=self._needed(token))
        if total == 0:
            token.workflow.store(token, self.name, [])
            self._tell_verdict(token)
            return True
        for _ in range(1 if self.sequential else total):
            self._start_next(token)
        return False

    def child_completed(self, token: Token, child: Token) -> None:
        data = token.internal_data
        place = child.internal_data["counter"]
        finished = len(data["results"].keys() | {str(place)})  # it may be there already, when this is retried
        stop = self._holds(token, child, finished)
        stop = self._is_decided(token, child) or stop
        data["results"][str(place)] = self._result(token, child)
        self._remember_performers(token, child)
        others = [other for other in token.children if other is not child and other.task_spec is self.inner]
        if data.get("return_to") and not others:
            data["done"] = 1
            token._set_state(TaskState.READY)
        elif stop or finished == data["total"]:
            self._finish(token, child)
        elif self.sequential:
            self._start_next(token)

    def sent_back(self, token: Token, child: Token, element: str) -> bool:
        """Close ``child``, whose person sends the case back; whether all goes back now, or the others finish first."""
        others = [other for other in token.children if other is not child and other.task_spec is self.inner]
        if not others or self.agreement is None or self.agreement.on_return == "cancel_others":
            return True
        token.internal_data.setdefault("return_to", element)
        child.cancel()
        return False

    def _on_complete_hook(self, token: Token) -> None:
        element = token.internal_data.get("return_to")
        if element is None:
            super()._on_complete_hook(token)
            return
        for child in token.children:
            child.cancel()
        token.workflow.log(token, "cancelled")
        token.workflow.go_back(token, token.workflow.spec.task_specs[element])

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

    def _is_decided(self, token: Token, child: Token) -> bool:
        """Count the answer of ``child``; whether nothing that the others say matters any more."""
        rule = self.agreement
        if rule is None:
            return False
        instance: Instance = token.workflow
        names = names_at(child)
        vote = "yes"
        if child.internal_data.get("passed_over"):
            vote = "none"
        elif rule.approves is not None and not instance.truth(rule.approves, names):
            vote = "veto" if rule.veto is not None and instance.truth(rule.veto, names) else "no"
        token.internal_data.setdefault("votes", {})[str(child.internal_data["counter"])] = vote
        verdict = self._verdict(token)
        if verdict.agreed is None or token.internal_data.get("return_to"):
            return False
        return verdict.agreed or rule.on_return == "cancel_others" or rule.kind == "in_order"

    def _verdict(self, token: Token) -> Verdict:
        data, rule = token.internal_data, self.agreement
        weights = data.get("weights") or [1] * data["total"]  # it may have begun before there was a rule
        votes = {int(place): vote for place, vote in data.get("votes", {}).items()}
        return judge(rule.kind if rule else "all", data.get("needed", 1), weights, votes)

    def _tell_verdict(self, token: Token) -> None:
        if self.agreement is not None:
            token.workflow.store(token, f"{self.name}_verdict", self._verdict(token).told())

    def _weights(self, token: Token) -> list[Any]:
        data, rule = token.internal_data, self.agreement
        if rule is None or rule.kind != "weight" or rule.weight is None:
            return []
        instance: Instance = token.workflow
        names, found = dict(names_at(token)), []
        for place in range(data["total"]):
            names["loopCounter"] = place
            if data["items"] is not None and self.item_name:
                names[self.item_name] = data["items"][place]
            found.append(self._number(rule.weight.evaluate(names, instance.moment)))
        return found

    def _needed(self, token: Token) -> Any:
        rule = self.agreement
        if rule is None or rule.ratio is None or rule.kind not in ("ratio", "weight"):
            return 1
        needed = self._number(token.workflow.evaluate(rule.ratio, token))
        if not 0 < needed <= 1:
            message = N_("The share that {element} needs must be more than 0 and at most 1.")
            raise Failure("expression", message, element=self.description)
        return needed

    def _number(self, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise Failure("expression", N_("How {element} is counted is no number."), element=self.description)
        return value

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
        self._tell_verdict(token)
        for key, accounts in data["who"].items():
            instance.note_performer(token, f"{key}[]", accounts)
            instance.note_performer(token, key, last.internal_data["vars"].get("performers", {}).get(key, accounts[-1]))
        for child in token.children:
            if child is not last and child.task_spec is self.inner:
                child.cancel()
        data["done"] = 1
        token._set_state(TaskState.READY)
