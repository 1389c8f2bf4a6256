"""What referrals for accountability need: M7b."""

from __future__ import annotations

from engine.services import Service
from faults import N_
from workflows import referrals

_RECEIVED = ("referral_id", "number", "subject_unit", "conduct", "facts", "source", "source_ref", "campaign_id")

TABLE = (
    Service("receive_referral", N_("Keep what was referred for accountability"), ("report",), _RECEIVED,
        referrals.receive),
    Service("restrict_case", N_("Let only some roles see the case, and those from which it comes"), ("roles",),
        ("roles", "cases"), referrals.restrict),
    Service("register_referral", N_("Keep what was established about a referral"),
        ("subject_unit", "conduct", "facts", "source_ref"), ("number", "subject_unit", "conduct"),
        referrals.register),
    Service("weigh_referral", N_("Keep what was verified, and count earlier measures against the unit"),
        ("verified", "consequence", "good_faith", "conduct"), ("conduct", "talks", "earlier"), referrals.weigh),
    Service("decide_measure", N_("Keep the measure that was approved"), ("proposed", "measure"),
        ("measure", "number"), referrals.decide),
    Service("transfer_referral", N_("Keep to whom a clue was handed over"), ("authority", "transferred_on"),
        ("number", "authority", "transferred_on"), referrals.transfer),
    Service("settle_referral", N_("Close a referral with its outcome"), ("outcome", "result", "publish"),
        ("outcome", "measure"), referrals.settle),
)  # fmt: skip
