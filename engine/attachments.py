"""Files that people hand in: taken and made harmless without a database, then noted, bound to an instance, and read.

`take` does the slow part (decoding, hashing, writing) before any transaction; `store` notes the result.  A file belongs
to whoever sent it until a completed task names it (`engine.answers`); then whoever may see the instance may read it.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpmn.moment import Moment
from engine.access import Actor, NotFound, visible
from engine.database import Sessions
from engine.images import Exif, Picture, read_picture
from engine.sniffing import FileKind, sniff
from engine.tables import Attachment, Draft, Instance, canonical
from faults import Fault

MAX_BYTES = 20 * 1024 * 1024
MAX_UNBOUND = 200  # files an account may have sent and not used
KEEP_UNBOUND = timedelta(days=30)
_THUMB = ".thumb"
# Clocks of phones may be a little off.
_AHEAD = timedelta(minutes=5)
_UNFIT = re.compile(r'[\\/:*?"<>|]')


class FileTooLarge(Fault):
    """The file is larger than 20 MB. Make it smaller and try again."""


class FileEmpty(Fault):
    """The file is empty. Choose another one."""


class FileChanged(Fault):
    """The file did not arrive as it was taken. Send it again."""


class TooManyFiles(Fault):
    """You have sent 200 files that no task uses. Hand in your open tasks first, or ask the administrator."""


@dataclass(frozen=True, slots=True)
class Captured:
    """What the device says about a photo; degrees are WGS-84, metres. ``sha256``: of the bytes as they were taken.

    ``issued_at`` is what the server knows: when it gave the page the ticket with which the photo came.  None: the photo
    came without one, so nothing shows that the page took it.
    """

    at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None
    device: str | None = None
    sha256: str | None = None
    issued_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that lies in the folder and has no row yet."""

    filename: str
    media_type: str
    size: int
    sha256: str
    original_sha256: str
    stored_name: str
    captured_at: datetime | None
    geo: Mapping[str, float | None] | None
    device: str | None
    grade: str
    dhash: str | None
    width: int | None
    height: int | None


def take(folder: Path, data: bytes, filename: str, captured: Captured, moment: Moment) -> Taken:
    """Check a file by its content, make pictures anew, and write it into ``folder`` under a random name.

    Raises FileEmpty, FileTooLarge, FileChanged, FileRefused (`engine.sniffing`), ImageTooLarge, ImageDamaged
    (`engine.images`).  Call it outside of any transaction: it may take a second.
    """
    if not data:
        raise FileEmpty
    if len(data) > MAX_BYTES:
        raise FileTooLarge
    original_sha256 = hashlib.sha256(data).hexdigest()
    if captured.sha256 not in (None, original_sha256):
        raise FileChanged
    kind = sniff(data, filename)
    picture = read_picture(data, kind, moment.calendar.zone) if kind.image else None
    kept = picture.data if picture else data
    kept_kind = picture.kind if picture else kind
    stored_name = secrets.token_hex(16) + kept_kind.suffix
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / stored_name, kept)
    if picture:
        _write(folder / (stored_name + _THUMB), picture.thumbnail)
    exif = picture.exif if picture else Exif()
    return Taken(
        filename=clean_name(filename, kept_kind),
        media_type=kept_kind.media_type,
        size=len(kept),
        sha256=hashlib.sha256(kept).hexdigest(),
        original_sha256=original_sha256,
        stored_name=stored_name,
        captured_at=captured.at or exif.taken_at,
        geo=_geo(captured, exif),
        device=(captured.device or exif.device or "")[:300] or None,
        grade=grade(picture, captured, moment),
        dhash=picture.dhash if picture else None,
        width=picture.width if picture else None,
        height=picture.height if picture else None,
    )


def store(session: Session, actor: Actor, taken: Taken, moment: Moment) -> Attachment:
    """Note a taken file as the actor's. Raises TooManyFiles."""
    unbound = select(func.count()).where(Attachment.account_id == actor.id, Attachment.instance_id.is_(None))
    if (session.scalar(unbound) or 0) >= MAX_UNBOUND:
        raise TooManyFiles
    attachment = Attachment(
        id=secrets.token_hex(16),
        account_id=actor.id,
        filename=taken.filename,
        media_type=taken.media_type,
        size=taken.size,
        sha256=taken.sha256,
        original_sha256=taken.original_sha256,
        stored_name=taken.stored_name,
        captured_at=taken.captured_at,
        geo=dict(taken.geo) if taken.geo else None,
        device=taken.device,
        grade=taken.grade,
        dhash=taken.dhash,
        width=taken.width,
        height=taken.height,
        stored_at=moment.now,
    )
    session.add(attachment)
    session.flush()
    return attachment


def read(session: Session, actor: Actor, attachment_id: str) -> Attachment:
    """The attachment, if the actor sent it or may see its instance. Raises NotFound otherwise."""
    attachment = session.get(Attachment, attachment_id)
    if attachment is None:
        raise NotFound
    if attachment.instance_id is None:
        if attachment.account_id != actor.id:
            raise NotFound  # not even that it exists
        return attachment
    seen = session.scalar(select(Instance.id).where(Instance.id == attachment.instance_id, visible(actor)))
    if seen is None:
        raise NotFound
    return attachment


def path(folder: Path, attachment: Attachment) -> Path:
    return folder / attachment.stored_name


def thumbnail_path(folder: Path, attachment: Attachment) -> Path | None:
    """The small JPEG of a picture; None for other files."""
    return folder / (attachment.stored_name + _THUMB) if attachment.width else None


def of(session: Session, instance_id: str) -> list[Attachment]:
    """All files of an instance, in the order in which they came."""
    query = select(Attachment).where(Attachment.instance_id == instance_id)
    return list(session.scalars(query.order_by(Attachment.stored_at, Attachment.id)))


def tidy(sessions: Sessions, folder: Path, moment: Moment) -> int:
    """Remove what nobody uses any more, rows first; returns how many files. For a worker, once in a while."""
    with sessions.begin() as session:
        unused = forget_unused(session, moment)
    erase(folder, unused)
    with sessions.read() as session:
        lost = strays(session, folder, moment)
    erase(folder, lost)
    return len(unused) + len(lost)


def forget_unused(session: Session, moment: Moment) -> list[str]:
    """Delete the rows of files that nobody has used for `KEEP_UNBOUND` and that no draft names.

    Returns names for `erase`, which is to be called after the commit.
    """
    old = session.scalars(
        select(Attachment)
        .where(Attachment.instance_id.is_(None), Attachment.stored_at < moment.now - KEEP_UNBOUND)
        .limit(500)
    ).all()
    if not old:
        return []
    drafts = session.scalars(select(Draft.answers).where(Draft.account_id.in_({row.account_id for row in old})))
    drafted = "\n".join(canonical(answers) for answers in drafts)
    unused = [row for row in old if row.id not in drafted]
    for row in unused:
        session.delete(row)
    return [row.stored_name for row in unused]


def erase(folder: Path, stored_names: Iterable[str]) -> None:
    for name in stored_names:
        (folder / name).unlink(missing_ok=True)
        (folder / (name + _THUMB)).unlink(missing_ok=True)


def strays(session: Session, folder: Path, moment: Moment) -> list[str]:
    """Files older than a day without a row: their transaction was rolled back. Names for `erase`."""
    if not folder.is_dir():
        return []
    before = (moment.now - timedelta(days=1)).timestamp()
    names = {entry.name.removesuffix(_THUMB) for entry in folder.iterdir() if entry.is_file() and _age(entry) < before}
    known = set(session.scalars(select(Attachment.stored_name)))
    return sorted(names - known)


def grade(picture: Picture | None, captured: Captured, moment: Moment) -> str:
    """How far a photo proves time and place.

    A: the page took it itself, with time and position, after the server had given it a ticket for that.  B: the camera
    wrote time and position into it and nothing contradicts them.  C: anything else.
    """
    if picture is None:
        return "C"
    exif = picture.exif
    placed = captured.latitude is not None and captured.longitude is not None
    if captured.issued_at is not None and placed and captured.at is not None:
        then = captured.issued_at - _AHEAD <= captured.at <= moment.now + _AHEAD
        return "A" if then and _agree(captured.at, exif.taken_at) else "C"
    if exif.taken_at is None or exif.latitude is None:
        return "C"
    sound = exif.taken_at <= moment.now + _AHEAD and _agree(captured.at, exif.taken_at)
    return "B" if sound else "C"


def clean_name(filename: str, kind: FileKind) -> str:
    """The name as people may see it: no folders, no control or direction characters, the suffix of the content."""
    name = unicodedata.normalize("NFC", filename).replace("\\", "/").rpartition("/")[2]
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    stem, dot, suffix = name.rpartition(".")
    stem = stem if dot and len(suffix) <= 5 else name
    stem = _UNFIT.sub("_", stem).strip(". ")[:120]
    return (stem or "file") + kind.suffix


def _agree(one: datetime | None, other: datetime | None) -> bool:
    return one is None or other is None or abs(one - other) <= _AHEAD


def _geo(captured: Captured, exif: Exif) -> dict[str, float | None] | None:
    if captured.latitude is not None and captured.longitude is not None:
        return {"lat": captured.latitude, "lon": captured.longitude, "accuracy": captured.accuracy}
    if exif.latitude is not None and exif.longitude is not None:
        return {"lat": exif.latitude, "lon": exif.longitude, "accuracy": None}
    return None


def _write(target: Path, data: bytes) -> None:
    with target.open("xb") as file:
        file.write(data)


def _age(entry: Path) -> float:
    return entry.stat().st_mtime
