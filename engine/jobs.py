"""Background work: a worker finds rows of the work list that are due and runs them as DBOS workflows.

The rows are the truth (`engine.work`).  DBOS carries them: a durable note of what runs where, a bounded pool of
threads, and the recovery of what a dead process had begun.  A job's id is made of the row and its attempt, so that many
workers can find the same row and only one starts it.

Nobody enqueues: a commit that has written messages or requests wakes the sweep of its own process at once, and every
worker sweeps once a second for timers and for the rest.  docs/background.md has the figures that speak for this.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from dbos import DBOS, DBOSConfig, SetWorkflowID, WorkflowSerializationFormat
from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.dml import UpdateBase

from bpmn.moment import Moment
from engine import work, workers
from engine.database import Sessions
from engine.services import Services
from engine.tables import Message, Request
from engine.work import Work

# What jobs of one version note down is understood by all later versions; raise it if their arguments change.
JOB_FORMAT = "1"
SWEEP_SECONDS = 1.0
ROOM = 32  # jobs a worker takes on at once; more stay in the table for others
_KEEP_FINISHED = timedelta(days=1)
_WAKING = {Message.__tablename__, Request.__tablename__}
_log = logging.getLogger(__name__)


class Worker:
    """A running worker. ``stop`` it before the process ends; one that is killed loses nothing."""

    def __init__(
        self,
        slot: str,
        sessions: Sessions,
        services: Services,
        clock: Callable[[], Moment],
        chores: Mapping[Callable[[], None], float],
    ) -> None:
        self.slot = slot
        self._chores = {self._beat: 5, self._reconsider: 10, self._renew: 60, self._tidy: 3600, **chores}
        self._sessions = sessions
        self._services = services
        self._clock = clock
        self._awake = threading.Event()
        self._stopped = threading.Event()
        self._open: dict[str, None] = {}  # ids of jobs that run, or wait for a thread, in this process
        self._job = _as_workflow(self._perform)
        self._thread = threading.Thread(target=self._sweep_for_ever, name="ducha-sweep", daemon=True)

    def start(self) -> None:
        event.listen(self._sessions.engine, "before_execute", _note_waking)
        event.listen(self._sessions.engine, "commit", self._wake_if_noted)
        event.listen(self._sessions.engine, "rollback", _forget)
        self._thread.start()

    def wake(self) -> None:
        """Sweep now, not only when the second is over."""
        self._awake.set()

    def stop(self) -> None:
        """Finish the jobs that run, start no more, and give back the slot."""
        self._stopped.set()
        self._awake.set()
        event.remove(self._sessions.engine, "before_execute", _note_waking)
        event.remove(self._sessions.engine, "commit", self._wake_if_noted)
        event.remove(self._sessions.engine, "rollback", _forget)
        self._thread.join(timeout=10)
        deadline = time.monotonic() + 10
        while self._open and time.monotonic() < deadline:  # DBOS would look once a second
            time.sleep(0.01)
        DBOS.destroy(destroy_registry=True)
        with self._sessions.begin() as session:
            workers.leave(session, self.slot)

    def _perform(self, kind: work.Kind, row_id: str, attempt: int) -> None:
        """The body of every job: one transaction, or a note of why it failed."""
        work.attempt(self._sessions, Work(kind, row_id, attempt), self._services, self._clock())

    def _sweep_for_ever(self) -> None:
        due_at = {chore: time.monotonic() + seconds for chore, seconds in self._chores.items()}
        while not self._stopped.is_set():
            self._awake.wait(SWEEP_SECONDS)
            self._awake.clear()
            self._guarded(self._sweep)
            for chore, seconds in self._chores.items():
                if due_at[chore] <= time.monotonic():
                    due_at[chore] = time.monotonic() + seconds
                    self._guarded(chore)

    def _guarded(self, chore: Callable[[], None]) -> None:
        try:
            chore()
        except Exception:  # the database is away, say: the next round tries again
            if not self._stopped.is_set():
                _log.exception("%s of %s failed; it will be tried again", chore, self.slot)

    def _sweep(self) -> None:
        room = ROOM - len(self._open)
        if room <= 0 or self._stopped.is_set():
            return
        with self._sessions.read() as session:
            found = work.due(session, self._clock(), limit=2 * ROOM)
        new = [one for one in found if job_id(one) not in self._open]
        for one in new[:room]:
            self._begin(one)

    def _begin(self, one: Work) -> None:
        name = job_id(one)
        self._open[name] = None
        with SetWorkflowID(name):
            handle = DBOS.start_workflow(self._job, one.kind, one.id, one.attempt)
        future: Future[None] | None = getattr(handle, "future", None)
        if future is None:  # another worker runs it, or has run it
            self._open.pop(name, None)
        else:
            future.add_done_callback(lambda _: self._finished(name))

    def _finished(self, name: str) -> None:
        self._open.pop(name, None)
        if not self._open or len(self._open) == ROOM // 2:  # there may be more than there was room for
            self._awake.set()

    def _beat(self) -> None:
        with self._sessions.begin() as session:
            workers.beat(session, self.slot, self._clock())
            dead = workers.bury_dead(session, self.slot, self._clock())
        for slot in dead:
            _take_over(slot)

    def _reconsider(self) -> None:
        with self._sessions.begin() as session:
            work.reconsider(session, self._services)

    def _renew(self) -> None:
        with self._sessions.begin() as session:
            work.renew(session, self._clock())

    def _tidy(self) -> None:
        """Forget finished jobs: what they did stands in the records of the instances."""
        before = (datetime.now(UTC) - _KEEP_FINISHED).isoformat()  # DBOS stamps with the machine's own clock
        while old := DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED"], end_time=before, limit=500, load_input=False, load_output=False
        ):
            DBOS.delete_workflows([one.workflow_id for one in old])

    def _wake_if_noted(self, connection: Connection) -> None:
        if connection.info.pop("ducha_wakes", False):
            self._awake.set()


def launch(
    url: str,
    sessions: Sessions,
    services: Services,
    clock: Callable[[], Moment],
    threads: int = 4,
    chores: Mapping[Callable[[], None], float] = MappingProxyType({}),
) -> Worker:
    """Start this process's worker on the database of ``sessions``, whose address is ``url``.

    ``chores`` are other things to do besides, each with the seconds until it is done again. There can be one worker in
    a process. The tables of DBOS are made beside ours: in the schema ``dbos`` of the same PostgreSQL database, or in a
    file of their own beside the SQLite file, so that they never hold up an officer.
    """
    slot = _take_slot(sessions, clock)
    config = DBOSConfig(
        name="ducha",
        system_database_url=_jobs_url(url),
        executor_id=slot,
        application_version=JOB_FORMAT,
        max_executor_threads=threads,
        sys_db_pool_size=threads + 2,
        use_listen_notify=False,  # nobody waits for events of workflows
        notification_listener_polling_interval_sec=0.25,  # looks at nothing, but `stop` waits for it
        scheduler_polling_interval_sec=3600.0,  # no schedules
        log_level="WARNING",
    )
    DBOS(config=config)
    worker = Worker(slot, sessions, services, clock, chores)
    DBOS.launch()
    worker.start()
    return worker


def job_id(one: Work) -> str:
    return f"{one.kind}-{one.id}-{one.attempt}"


def _as_workflow(perform: Callable[[work.Kind, str, int], None]) -> Callable[[work.Kind, str, int], None]:
    # DBOS marks the function it is given, which a bound method does not allow.
    @DBOS.workflow(name="perform", serialization_type=WorkflowSerializationFormat.PORTABLE)
    def job(kind: work.Kind, row_id: str, attempt: int) -> None:
        perform(kind, row_id, attempt)

    return job


def _take_slot(sessions: Sessions, clock: Callable[[], Moment]) -> str:
    while True:
        try:
            with sessions.begin() as session:
                return workers.take_slot(session, clock())
        except IntegrityError:  # another worker was quicker
            continue


def _jobs_url(url: str) -> str:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = Path(parsed.database or "")
        parsed = parsed.set(drivername="sqlite", database=str(path.with_name(path.stem + ".jobs" + path.suffix)))
    return parsed.render_as_string(hide_password=False)


def _take_over(slot: str) -> None:
    """Let what a dead worker had begun start again, here or elsewhere. Its jobs look whether they are still meant."""
    begun = DBOS.list_workflows(status="PENDING", executor_id=slot, load_input=False, load_output=False)
    _log.warning("Worker %s has died; taking over its %d jobs", slot, len(begun))
    if begun:
        DBOS.resume_workflows([one.workflow_id for one in begun])


def _note_waking(connection: Connection, clause: Any, *_: Any) -> None:
    """Remember on the connection that this transaction has written work that is due at once."""
    if isinstance(clause, UpdateBase) and getattr(clause.table, "name", "") in _WAKING:
        connection.info["ducha_wakes"] = True


def _forget(connection: Connection) -> None:
    connection.info.pop("ducha_wakes", None)
