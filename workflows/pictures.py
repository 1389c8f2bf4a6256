"""Pictures that look alike: found through an index by their difference hash, whatever file they came in.

Two hashes of 64 bits that differ in at most seven differ in at most one within some band of 16 (pigeonhole principle;
multi-index hashing, Norouzi, Punjani and Fleet 2012).  So it is enough to look up, for each of the four bands, its bits
and the sixteen neighbours with one bit turned, and to count the bits of what is found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.access import Actor, is_let_in, visible
from engine.tables import Attachment, Instance
from workflows import parameters
from workflows.tables import PictureBand

BITS = 16
BANDS = 4
MOST_COMPARED = 200  # pictures of one page
# Black, white and plain grey pictures have no edges to compare: they would be like each other and prove nothing.
_FEWEST_EDGES = 4


@dataclass(frozen=True, slots=True)
class Alike:
    """An earlier picture of another case, or of the same case on an earlier day.

    ``distance``: bits of 64 in which the hashes differ.  ``case_id`` and ``title`` are None where the reader may not
    see the case: he still learns that there is such a picture, and since when; not of a restricted case.
    """

    distance: int
    stored_at: datetime
    case_id: str | None
    title: str | None


def note(session: Session, attachment: Attachment) -> None:
    """Make a picture findable; other files and plain pictures are left out."""
    if attachment.dhash and _has_edges(attachment.dhash):
        rows = [{"band": band, "attachment_id": attachment.id} for band in _bands(attachment.dhash)]
        session.execute(insert(PictureBand), rows)


def alike(
    session: Session, actor: Actor, photos: Collection[Attachment], moment: Moment
) -> Mapping[str, tuple[Alike, ...]]:
    """For each of these pictures, by id, the earlier ones that look like it, the most alike first. Two statements."""
    wanted = [one for one in photos if one.dhash and _has_edges(one.dhash)][-MOST_COMPARED:]
    if not wanted:
        return {}
    most = parameters.value(session, "photo_alike_bits", moment.today)
    probes = {band for one in wanted for band in _near(one.dhash or "")}
    rows = session.execute(
        select(
            Attachment.id,
            Attachment.dhash,
            Attachment.stored_at,
            Attachment.instance_id,
            Instance.title,
            Instance.restricted_to,
            visible(actor).label("seen"),
        )
        .join(Instance, Instance.id == Attachment.instance_id)
        .where(Attachment.id.in_(select(PictureBand.attachment_id).where(PictureBand.band.in_(probes))))
        .order_by(Attachment.stored_at, Attachment.id)
    ).all()
    zone = moment.calendar.zone
    found: dict[str, list[Alike]] = {}
    for one in wanted:
        for row in rows:
            distance = (int(one.dhash or "", 16) ^ int(row.dhash, 16)).bit_count()
            if distance > most or (row.stored_at, row.id) >= (one.stored_at, one.id):
                continue
            if not is_let_in(actor, row.restricted_to):
                continue  # not even that there is such a case
            day = row.stored_at.astimezone(zone).date()
            if row.instance_id == one.instance_id and day == one.stored_at.astimezone(zone).date():
                continue  # several views of one visit
            seen = bool(row.seen)
            known = Alike(distance, row.stored_at, row.instance_id if seen else None, row.title if seen else None)
            found.setdefault(one.id, []).append(known)
    return {ident: tuple(sorted(ones, key=lambda one: one.distance)) for ident, ones in found.items()}


def _bands(dhash: str) -> list[int]:
    bits = int(dhash, 16)
    return [place << BITS | bits >> BITS * (BANDS - 1 - place) & 0xFFFF for place in range(BANDS)]


def _near(dhash: str) -> Iterator[int]:
    for band in _bands(dhash):
        yield band
        yield from (band ^ 1 << bit for bit in range(BITS))


def _has_edges(dhash: str) -> bool:
    edges = int(dhash, 16).bit_count()
    return _FEWEST_EDGES <= edges <= BITS * BANDS - _FEWEST_EDGES
