"""The rows that the engine keeps, one noun a file; together they are `Base.metadata`."""

from engine.tables.account import Account
from engine.tables.attachment import Attachment
from engine.tables.attempt import Attempt
from engine.tables.base import NO_DUE, Base, ExactJson, Json, UtcDateTime, canonical, index_key, plain, short_key
from engine.tables.draft import Draft
from engine.tables.incident import Incident
from engine.tables.instance import Instance
from engine.tables.message import Message
from engine.tables.move import InstanceMove, Move
from engine.tables.notice import Notice
from engine.tables.organisation import Organisation
from engine.tables.pool import Pool, PoolReach
from engine.tables.process import Process
from engine.tables.process_change import ProcessChange
from engine.tables.process_draft import DraftPresence, ProcessDraft
from engine.tables.record import Record
from engine.tables.request import Request
from engine.tables.role_grant import RoleGrant
from engine.tables.scenario import Scenario
from engine.tables.session import WebSession
from engine.tables.start_event import StartEvent
from engine.tables.subscription import Subscription
from engine.tables.substitute import Substitute
from engine.tables.task import IS_OPEN, Task
from engine.tables.timer import Timer
from engine.tables.turn import Turn
from engine.tables.version import Version
from engine.tables.work import WorkRow
from engine.tables.worker import Worker

__all__ = [
    "IS_OPEN",
    "NO_DUE",
    "Account",
    "Attachment",
    "Attempt",
    "Base",
    "Draft",
    "DraftPresence",
    "ExactJson",
    "Incident",
    "Instance",
    "InstanceMove",
    "Json",
    "Message",
    "Move",
    "Notice",
    "Organisation",
    "Pool",
    "PoolReach",
    "Process",
    "ProcessChange",
    "ProcessDraft",
    "Record",
    "Request",
    "RoleGrant",
    "Scenario",
    "StartEvent",
    "Subscription",
    "Substitute",
    "Task",
    "Timer",
    "Turn",
    "UtcDateTime",
    "Version",
    "WebSession",
    "WorkRow",
    "Worker",
    "canonical",
    "index_key",
    "plain",
    "short_key",
]
