"""Handing in files: what is kept, how a photo is graded, who may read it, what becomes of unused ones."""

import hashlib
import io
from datetime import UTC, datetime, timedelta

import pytest
from PIL import ExifTags, Image
from sqlalchemy import select

from bpmn.moment import Moment
from engine import attachments, sniffing, tasks
from engine.access import NotFound
from engine.attachments import Captured, clean_name
from engine.tables import Attachment, Task
from faults import Refused

NOW = datetime(2014, 3, 5, 2, 0, tzinfo=UTC)
DAWN = NOW - timedelta(hours=20)  # when the page had got its ticket
MOMENT = Moment(NOW)


def photo(*, taken_at: str | None = None, position=False) -> bytes:
    exif = Image.Exif()
    if taken_at:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken_at
    if position:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (39.0, 54.0, 0.0), 3: "E", 4: (116.0, 24.0, 0.0)})
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "attachments"


def send(sessions, folder, actor, data, filename="照片.jpg", captured=None):
    taken = attachments.take(folder, data, filename, captured or Captured(), MOMENT)
    with sessions.begin() as session:
        return attachments.store(session, actor, taken, MOMENT)


def test_a_photo_is_made_anew_and_noted(sessions, cast, folder):
    data = photo(taken_at="2014:03:05 09:30:00", position=True)
    row = send(sessions, folder, cast.officer, data)
    kept = attachments.path(folder, row).read_bytes()
    assert row.sha256 == hashlib.sha256(kept).hexdigest()
    assert row.original_sha256 == hashlib.sha256(data).hexdigest() != row.sha256
    assert row.size == len(kept)
    assert row.geo == {"lat": pytest.approx(39.9), "lon": pytest.approx(116.4), "accuracy": None}
    assert row.captured_at == datetime(2014, 3, 5, 1, 30, tzinfo=UTC)
    assert (row.grade, row.media_type, row.width, len(row.dhash)) == ("B", "image/jpeg", 256, 16)
    assert attachments.thumbnail_path(folder, row).exists()
    assert "照片" not in row.stored_name


def test_a_document_is_kept_as_it_is(sessions, cast, folder):
    row = send(sessions, folder, cast.officer, b"%PDF-1.7\nrest", "../../整改 报告.docx")
    assert attachments.path(folder, row).read_bytes() == b"%PDF-1.7\nrest"
    assert (row.filename, row.media_type, row.grade) == ("整改 报告.pdf", "application/pdf", "C")
    assert attachments.thumbnail_path(folder, row) is None


@pytest.mark.parametrize(
    ("captured", "data", "grade"),
    [
        (Captured(NOW, 39.9, 116.4, 12.0, issued_at=DAWN), photo(), "A"),
        (Captured(DAWN, 39.9, 116.4, issued_at=DAWN), photo(), "A"),
        (Captured(DAWN - timedelta(minutes=6), 39.9, 116.4, issued_at=DAWN), photo(), "C"),
        (Captured(NOW + timedelta(minutes=6), 39.9, 116.4, issued_at=DAWN), photo(), "C"),
        (Captured(NOW, issued_at=DAWN), photo(), "C"),
        (Captured(NOW, 39.9, 116.4, issued_at=DAWN), photo(taken_at="2013:01:01 00:00:00"), "C"),
        (Captured(), photo(taken_at="2014:03:05 09:30:00", position=True), "B"),
        (Captured(), photo(taken_at="2014:03:06 09:30:00", position=True), "C"),
        (Captured(), photo(taken_at="2014:03:05 09:30:00"), "C"),
        (Captured(NOW, 39.9, 116.4), photo(), "C"),
    ],
)
def test_grades(sessions, cast, folder, captured, data, grade):
    assert send(sessions, folder, cast.officer, data, captured=captured).grade == grade


def test_what_is_refused_leaves_no_file(folder):
    for data, captured, fault in (
        (b"", Captured(), attachments.FileEmpty),
        (b"%PDF-" + b"x" * attachments.MAX_BYTES, Captured(), attachments.FileTooLarge),
        (b"<html>", Captured(), sniffing.FileRefused),
        (b"%PDF-1.7 cut of", Captured(sha256=hashlib.sha256(b"%PDF-1.7 cut off").hexdigest()), attachments.FileChanged),
    ):
        with pytest.raises(fault):
            attachments.take(folder, data, "a.html", captured, MOMENT)
    assert not folder.exists()


def test_only_the_sender_reads_what_is_not_bound(sessions, cast, folder):
    row = send(sessions, folder, cast.officer, photo())
    with sessions.read() as session:
        assert attachments.read(session, cast.officer, row.id).id == row.id
        with pytest.raises(NotFound):
            attachments.read(session, cast.colleague, row.id)
        with pytest.raises(NotFound):
            attachments.read(session, cast.officer, "unknown")


ASK = '<bpmn:startEvent id="start"/><bpmn:userTask id="ask" name="ask" ducha:candidateGroups="officer"/>'


@pytest.fixture
def case(stage) -> str:
    """An instance with the open task ``ask``, for any officer."""
    stage.publish(
        "asking", ASK.replace("candidateGroups", "candidateOrg=\"'north'\" ducha:candidateGroups"), "start>ask"
    )
    return stage.start("asking")


def test_what_answers_name_is_read_by_those_who_see_the_case(stage, cast, case, folder):
    row = send(stage.sessions, folder, cast.officer, photo())
    stage.complete(case, "ask", {"attachments": [row.id]})
    with stage.sessions.read() as session:
        assert [one.id for one in attachments.of(session, case)] == [row.id]
        for reader in (cast.officer, cast.colleague, cast.auditor):
            assert attachments.read(session, reader, row.id).instance_id == case
        with pytest.raises(NotFound):
            attachments.read(session, cast.outsider, row.id)


def test_nobody_hands_in_files_of_others(stage, cast, case, folder):
    row = send(stage.sessions, folder, cast.colleague, photo())
    with pytest.raises(Refused):
        stage.complete(case, "ask", {"attachments": [row.id]})
    with stage.sessions.read() as session:
        assert session.get_one(Attachment, row.id).instance_id is None


def test_a_draft_keeps_its_files(stage, cast, case, folder):
    row = send(stage.sessions, folder, cast.officer, photo())
    late = Moment(NOW + timedelta(days=60))
    with stage.sessions.begin() as session:
        task = session.scalars(select(Task)).one()
        tasks.save_draft(session, cast.officer, task.id, {"attachments": [row.id]}, MOMENT)
    with stage.sessions.begin() as session:
        assert attachments.forget_unused(session, late) == []


def test_there_is_a_bound_on_unused_files(sessions, cast, folder, monkeypatch):
    monkeypatch.setattr(attachments, "MAX_UNBOUND", 1)
    send(sessions, folder, cast.officer, photo())
    with pytest.raises(attachments.TooManyFiles):
        send(sessions, folder, cast.officer, photo())
    send(sessions, folder, cast.colleague, photo())


def test_unused_files_are_forgotten(sessions, cast, folder):
    row = send(sessions, folder, cast.officer, photo())
    with sessions.begin() as session:
        assert attachments.forget_unused(session, Moment(NOW + timedelta(days=29))) == []
    with sessions.begin() as session:
        names = attachments.forget_unused(session, Moment(NOW + timedelta(days=31)))
    assert names == [row.stored_name]
    attachments.erase(folder, names)
    attachments.erase(folder, names)
    assert list(folder.iterdir()) == []
    with sessions.read() as session:
        assert session.get(Attachment, row.id) is None


def test_files_without_a_row_are_strays(sessions, cast, folder):
    send(sessions, folder, cast.officer, photo())
    attachments.take(folder, photo(), "a.jpg", Captured(), MOMENT)
    with sessions.read() as session:
        assert attachments.strays(session, folder, MOMENT) == []  # it may be on its way
        lost = attachments.strays(session, folder, Moment(datetime.now(UTC) + timedelta(days=2)))
    assert len(lost) == 1
    attachments.erase(folder, lost)
    assert len(list(folder.iterdir())) == 2


def test_tidying_does_both(sessions, cast, folder):
    send(sessions, folder, cast.officer, photo())
    attachments.take(folder, photo(), "a.jpg", Captured(), MOMENT)
    assert attachments.tidy(sessions, folder, MOMENT) == 0
    assert attachments.tidy(sessions, folder, Moment(datetime.now(UTC) + timedelta(days=60))) == 2
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a.jpeg", "a.jpg"),
        ("C:\\photos\\现场.HEIC", "现场.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("evil\u202egpj.exe", "evilgpj.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie_ x.jpg"),
        ("...", "file.jpg"),
        ("", "file.jpg"),
        ("x" * 400, "x" * 120 + ".jpg"),
    ],
)
def test_names(given, kept):
    assert clean_name(given, sniffing.JPEG) == kept
