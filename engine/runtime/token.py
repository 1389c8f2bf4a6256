"""A token: a task of the library whose tree is nothing but what waits (the frontier)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState


class Token(Task):  # type: ignore[misc]
    """One waiting place. Its parent is the scope it runs in (or the activity it watches), never an earlier step.

    Finished tokens leave the tree at once, so that neither cost nor state grows with what an instance has done.
    """

    def __init__(self, instance: Any, node: Any, parent: Token | None, state: int, token_id: str | None = None) -> None:
        super().__init__(instance, node, parent, state, token_id or uuid4().hex)

    @classmethod
    def stored(cls, instance: Any, node: Any, parent: Token | None, state: int, token_id: str, facts: Any) -> Token:
        """A token as it was saved. By hand, because an instance may have thousands and the library's way takes long."""
        token = cls.__new__(cls)
        token.id, token.workflow, token.task_spec = token_id, instance, node
        token._state, token._children, token.internal_data, token.data = state, [], facts, {}
        token.triggered, token.thread_id, token.last_state_change = False, 0, 0.0
        token._parent = None
        if parent is not None:
            token._parent = parent.id
            parent._children.append(token_id)
        instance.tasks[token_id] = token
        return token

    _state: int

    def _set_state(self, value: int) -> None:
        # The library logs and takes the time at each change; here a change tells the instance what to do next.
        before, self._state = self._state, value
        if value == TaskState.READY:
            self.workflow.queue.append(self)
        elif before == TaskState.STARTED and self.task_spec.waits is not None:
            self.workflow.effects.close(self, "completed" if value == TaskState.COMPLETED else "cancelled")

    def complete(self) -> None:
        # A throw event may have cancelled its own scope, and itself with it, while it ran.
        if self._state != TaskState.CANCELLED:
            super().complete()

    def cancel(self) -> None:
        """Take the token and all below it out of the tree, whatever state they are in."""
        for child in self.children:
            child.cancel()
        told = self._state == TaskState.ERROR  # the record has it as failed
        self._set_state(TaskState.CANCELLED)
        if not told:
            self.task_spec._on_cancel(self)
        self.workflow.remove(self)

    def run(self) -> bool | None:
        finished: bool | None = self.task_spec._run(self)
        if finished:
            self.complete()
        elif self._state != TaskState.CANCELLED:
            self._set_state(TaskState.STARTED)
        return finished
