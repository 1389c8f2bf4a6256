"""The rows of the supervision, one noun a file. Diagrams reach them only through `workflows.services`."""

from workflows.tables.activity import Activity
from workflows.tables.assessment import Assessment
from workflows.tables.base import Quantity
from workflows.tables.baseline import Baseline
from workflows.tables.campaign import Campaign
from workflows.tables.catalogue_entry import CatalogueEntry
from workflows.tables.change import Change
from workflows.tables.cycle import Cycle
from workflows.tables.deputy_opinion import DeputyOpinion
from workflows.tables.disclosure import Disclosure
from workflows.tables.engagement import Engagement
from workflows.tables.exposure import Exposure
from workflows.tables.finding import Finding
from workflows.tables.instruction import Instruction
from workflows.tables.joint import Joint
from workflows.tables.ledger import Ledger
from workflows.tables.ledger_item import LedgerItem
from workflows.tables.light_change import LightChange
from workflows.tables.matter import Matter
from workflows.tables.media_clue import MediaClue
from workflows.tables.night import Night
from workflows.tables.objection import Objection
from workflows.tables.opinion import Opinion
from workflows.tables.paper import Paper, PaperTemplate
from workflows.tables.parameter import ParameterValue
from workflows.tables.picture_band import PictureBand
from workflows.tables.portal_use import PortalUse
from workflows.tables.problem import Problem
from workflows.tables.progress_report import ProgressReport
from workflows.tables.public_notice import PublicNotice
from workflows.tables.rating import Rating
from workflows.tables.referral import Referral
from workflows.tables.score import Score
from workflows.tables.score_event import ScoreEvent
from workflows.tables.serial import Serial
from workflows.tables.ticket import Ticket
from workflows.tables.urging import Urging
from workflows.tables.visit import Visit

__all__ = [
    "Activity",
    "Assessment",
    "Baseline",
    "Campaign",
    "CatalogueEntry",
    "Change",
    "Cycle",
    "DeputyOpinion",
    "Disclosure",
    "Engagement",
    "Exposure",
    "Finding",
    "Instruction",
    "Joint",
    "Ledger",
    "LedgerItem",
    "LightChange",
    "Matter",
    "MediaClue",
    "Night",
    "Objection",
    "Opinion",
    "Paper",
    "PaperTemplate",
    "ParameterValue",
    "PictureBand",
    "PortalUse",
    "Problem",
    "ProgressReport",
    "PublicNotice",
    "Quantity",
    "Rating",
    "Referral",
    "Score",
    "ScoreEvent",
    "Serial",
    "Ticket",
    "Urging",
    "Visit",
]
