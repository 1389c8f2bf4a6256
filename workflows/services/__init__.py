"""The services that diagrams of the supervision may call: one visible table, grouped by what they are about.

To add one, write its function ``(session, instance, inputs, moment) -> result`` in the module of its noun and give it a
row in the group it belongs to.  Names are unique over all groups.
"""

from __future__ import annotations

from types import MappingProxyType

from engine.services import Service, Services
from workflows.services import (
    bulletins,
    changes,
    common,
    cycles,
    democratic,
    instructions,
    items,
    joint,
    ledgers,
    matters,
    media,
    papers,
    problems,
    public,
    referrals,
    scores,
    visits,
)

GROUPS: tuple[tuple[Service, ...], ...] = (
    bulletins.TABLE,
    changes.TABLE,
    common.TABLE,
    cycles.TABLE,
    democratic.TABLE,
    instructions.TABLE,
    items.TABLE,
    joint.TABLE,
    ledgers.TABLE,
    matters.TABLE,
    media.TABLE,
    papers.TABLE,
    problems.TABLE,
    public.TABLE,
    referrals.TABLE,
    scores.TABLE,
    visits.TABLE,
)
SERVICES: Services = MappingProxyType({service.name: service for group in GROUPS for service in group})
