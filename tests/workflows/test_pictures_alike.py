"""Pictures that look alike are found, whatever was done to the file; a case that is hidden stays hidden."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageEnhance
from sqlalchemy import func, select

from bpmn.moment import Moment
from engine import attachments
from engine.access import bar
from engine.attachments import Captured
from engine.tables import Attachment, Instance
from tests.workflows.conftest import an_instance
from workflows import pictures, tickets
from workflows.pictures import _bands, _near
from workflows.tables import PictureBand


def scene(shift: int = 0) -> Image.Image:
    image = Image.new("RGB", (800, 600), (200, 210, 230))
    drawing = ImageDraw.Draw(image)
    for place in range(12):
        left, top = (place * 137 + shift * 61) % 700, (place * 89 + shift * 151) % 500
        shade = (place * 53 + shift * 29) % 200
        drawing.ellipse((left, top, left + 150, top + 110), fill=(shade, shade, 255 - shade))
    return image


def jpeg(image: Image.Image, quality: int = 90) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def days_on(moment: Moment, days: float) -> Moment:
    return replace(moment, now=moment.now + timedelta(days=days))


@pytest.fixture
def hand_in(office: Any, tmp_path: Path) -> Any:
    def hand_in(data: bytes, case: Instance | None, moment: Moment = office.moment) -> Attachment:
        taken = attachments.take(tmp_path, data, "photo.jpg", Captured(), moment)
        row = tickets.hand_in(office.session, office.actor("chaoyang-supervision-01"), taken, None, moment)
        row.instance_id = case.id if case else None
        office.session.flush()
        return row

    return hand_in


DISGUISES = {
    "saved again": lambda image: jpeg(image, 40),
    "made smaller": lambda image: jpeg(image.resize((400, 300))),
    "made brighter": lambda image: jpeg(ImageEnhance.Brightness(image).enhance(1.15)),
    "without colour": lambda image: jpeg(image.convert("L").convert("RGB")),
    "the same file": jpeg,
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_photo_that_was_used_before_is_found(office: Any, hand_in: Any, disguise: str) -> None:
    earlier = an_instance(office.session, "rectification")
    hand_in(jpeg(scene()), earlier)
    row = hand_in(DISGUISES[disguise](scene()), office.instance, days_on(office.moment, 3))
    found = pictures.alike(office.session, office.actor("admin-01"), [row], office.moment)
    ((one,),) = found.values()
    assert (one.case_id, one.title, one.stored_at) == (earlier.id, earlier.title, office.moment.now)
    assert (one.distance == 0) or disguise != "the same file"


def test_other_photos_are_not_alike(office: Any, hand_in: Any) -> None:
    earlier = an_instance(office.session, "rectification")
    for shift in range(1, 6):
        hand_in(jpeg(scene(shift)), earlier)
    row = hand_in(jpeg(scene()), office.instance, days_on(office.moment, 3))
    assert pictures.alike(office.session, office.actor("admin-01"), [row], office.moment) == {}


def test_plain_pictures_prove_nothing(office: Any, hand_in: Any) -> None:
    for day in range(2):
        row = hand_in(jpeg(Image.new("RGB", (640, 480), "black")), office.instance, days_on(office.moment, day))
    assert pictures.alike(office.session, office.actor("admin-01"), [row], office.moment) == {}
    assert office.session.scalar(select(func.count()).select_from(PictureBand)) == 0


def test_several_views_of_one_visit_are_no_news_but_last_months_photo_is(office: Any, hand_in: Any) -> None:
    admin = office.actor("admin-01")
    hand_in(jpeg(scene()), office.instance)
    second = hand_in(jpeg(scene()), office.instance, days_on(office.moment, 0.1))
    month_after = hand_in(jpeg(scene()), office.instance, days_on(office.moment, 30))
    found = pictures.alike(office.session, admin, [second, month_after], office.moment)
    assert list(found) == [month_after.id]
    assert len(found[month_after.id]) == 2


def test_what_was_not_used_and_what_came_later_does_not_count(office: Any, hand_in: Any) -> None:
    hand_in(jpeg(scene()), None)
    row = hand_in(jpeg(scene()), office.instance, days_on(office.moment, 1))
    hand_in(jpeg(scene()), an_instance(office.session, "rectification"), days_on(office.moment, 2))
    assert pictures.alike(office.session, office.actor("admin-01"), [row], office.moment) == {}


def test_who_may_not_see_the_case_learns_only_that_there_is_a_photo(office: Any, hand_in: Any) -> None:
    hand_in(jpeg(scene()), an_instance(office.session, "rectification"))
    row = hand_in(jpeg(scene()), office.instance, days_on(office.moment, 3))
    found = pictures.alike(office.session, office.actor("fengtai-supervision-01"), [row], office.moment)
    ((one,),) = found.values()
    assert (one.case_id, one.title) == (None, None)


def test_what_differs_in_seven_bits_shares_a_probe() -> None:
    """The promise of the index, at its worst: the bits spread evenly over the bands."""
    ground = 0x0123456789ABCDEF
    for turned in range(8):
        other = ground
        for bit in range(turned):
            other ^= 1 << (bit % 4 * 16 + bit)
        shared = set(_near(f"{ground:016x}")) & set(_bands(f"{other:016x}"))
        assert shared, turned


def test_of_a_restricted_case_nothing_is_told(office: Any, hand_in: Any) -> None:
    earlier = an_instance(office.session, "rectification")
    earlier.restricted_to = bar("discipline_officer")
    hand_in(jpeg(scene()), earlier)
    row = hand_in(jpeg(scene()), office.instance, days_on(office.moment, 3))
    assert pictures.alike(office.session, office.actor("admin-01"), [row], office.moment) == {}
