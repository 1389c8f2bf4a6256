"""The library as it comes, for comparison: no own nodes, no rewriting, nothing forgotten."""

from __future__ import annotations

from datetime import UTC, datetime

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.event_definitions.timer import DurationTimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

PAST = datetime(2000, 1, 1, tzinfo=UTC).isoformat()


class Plain:
    def __init__(self, xml: bytes) -> None:
        parser = BpmnParser()
        parser.add_bpmn_str(xml)
        self.workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
        self.workflow.do_engine_steps()
        self.keep()

    def keep(self) -> None:
        """Write it and read it again."""
        serializer = BpmnWorkflowSerializer()
        self.workflow = serializer.deserialize_json(serializer.serialize_json(self.workflow))

    @property
    def completed(self) -> bool:
        return bool(self.workflow.completed)

    @property
    def open(self) -> list[str]:
        return [] if self.completed else sorted(_name(task) for task in self._tasks())

    def act(self, name: str) -> None:
        task = next(task for task in self._tasks() if _name(task) == name)
        if not isinstance(task.task_spec, CatchingEvent):
            task.run()
        elif isinstance(task.task_spec.event_definition, DurationTimerEventDefinition):
            task.internal_data["event_value"] = PAST
            self.workflow.refresh_timers()
        else:
            self.workflow.catch(BpmnEvent(task.task_spec.event_definition, {}))
        self.workflow.do_engine_steps()
        self.keep()

    def _tasks(self) -> list[Task]:
        ready = [task for task in self.workflow.get_tasks(state=TaskState.READY) if task.task_spec.manual]
        waiting = [
            task
            for task in self.workflow.get_tasks(state=TaskState.WAITING)
            if isinstance(task.task_spec, CatchingEvent)
        ]
        return ready + waiting


def _name(task: Task) -> str:
    return str(task.task_spec.bpmn_id)
