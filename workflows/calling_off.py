"""Calling off a campaign (撤销): asked for from outside of its process, which tells all others that belong to it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine import messages
from engine.access import Actor, NotFound, NotYours
from faults import N_, Fault, Problem, Refused
from workflows.tables import Campaign

# The decision is the government's; these enter it (S1.1, S1.3).
ROLES = ("group_leader", "office_director")
MESSAGE = "msg_campaign_cancelled"
LONGEST_REASON = 1000


class CampaignOver(Fault):
    """This campaign has ended already, so there is nothing left to call off. Reload the page."""


class CallingOffRefused(Refused):
    """The campaign can't be called off like this. Correct the marked fields and try again."""


def may_call_off(actor: Actor, campaign: Campaign) -> bool:
    """Whether the actor may call the campaign off now."""
    return campaign.status in ("draft", "active") and actor.holds(*ROLES)


def call_off(session: Session, actor: Actor, campaign_id: str, reason: str, moment: Moment) -> str:
    """Ask the campaign, and so every process that belongs to it, to end with this reason; returns the message's id.

    It is done by a job. Raises NotFound, NotYours, CampaignOver, CallingOffRefused.
    """
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound
    if not actor.holds(*ROLES):
        raise NotYours
    if not may_call_off(actor, campaign):
        raise CampaignOver
    words = reason.strip()
    if not words:
        raise CallingOffRefused([Problem("reason", "required", N_("Please say why."))])
    if len(words) > LONGEST_REASON:
        message = N_("The reason is too long: at most {limit} characters.")
        raise CallingOffRefused([Problem("reason", "too_long", message, {"limit": LONGEST_REASON})])
    payload = {"campaign_id": campaign.id, "title": campaign.title, "reason": words, "asked_by": actor.id}
    return messages.send(session, MESSAGE, campaign.id, payload, moment)
