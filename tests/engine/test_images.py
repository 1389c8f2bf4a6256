"""Photos are made anew; what the camera wrote is read first and then gone."""

import io
import zlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from PIL import ExifTags, Image

from engine import images, sniffing
from engine.images import read_picture

SHANGHAI = ZoneInfo("Asia/Shanghai")


def photo(size=(400, 200), *, form="JPEG", mode="RGB", exif=None) -> bytes:
    image = Image.radial_gradient("L").resize(size, box=(0, 0, 200, 256)).convert(mode)
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize(size))
    out = io.BytesIO()
    image.save(out, form, **({"exif": exif} if exif is not None else {}))
    return out.getvalue()


def camera_notes(*, orientation=1, offset: str | None = None, position=True) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "HUAWEI"
    exif[ExifTags.Base.Model] = "P60"
    exif[ExifTags.Base.Orientation] = orientation
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = "2014:03:05 09:30:00"
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    if position:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update(
            {
                ExifTags.GPS.GPSLatitudeRef: "N",
                ExifTags.GPS.GPSLatitude: (39.0, 54.0, 36.0),
                ExifTags.GPS.GPSLongitudeRef: "E",
                ExifTags.GPS.GPSLongitude: (116.0, 24.0, 0.0),
            }
        )
    return exif


def test_the_notes_of_the_camera_are_read_and_then_gone():
    picture = read_picture(photo(exif=camera_notes()), sniffing.JPEG, SHANGHAI)
    assert picture.exif.taken_at == datetime(2014, 3, 5, 1, 30, tzinfo=UTC)
    assert picture.exif.latitude == pytest.approx(39.91)
    assert picture.exif.longitude == pytest.approx(116.4)
    assert picture.exif.device == "HUAWEI P60"
    for data in (picture.data, picture.thumbnail):
        with Image.open(io.BytesIO(data)) as image:
            assert not image.getexif()
            assert "exif" not in image.info
            assert "comment" not in image.info


def test_an_offset_of_the_camera_counts():
    picture = read_picture(photo(exif=camera_notes(offset="+00:00")), sniffing.JPEG, SHANGHAI)
    assert picture.exif.taken_at == datetime(2014, 3, 5, 9, 30, tzinfo=UTC)


def test_orientation_is_applied():
    picture = read_picture(photo((400, 200), exif=camera_notes(orientation=6)), sniffing.JPEG, SHANGHAI)
    assert (picture.width, picture.height) == (200, 400)


def test_large_pictures_shrink():
    picture = read_picture(photo((5000, 1000)), sniffing.JPEG, SHANGHAI)
    assert picture.width == images.MAX_SIDE
    with Image.open(io.BytesIO(picture.thumbnail)) as small:
        assert max(small.size) == images.THUMB_SIDE


@pytest.mark.parametrize(
    ("form", "mode", "kind", "kept"),
    [
        ("PNG", "RGBA", sniffing.PNG, sniffing.PNG),
        ("PNG", "P", sniffing.PNG, sniffing.PNG),
        ("WEBP", "RGB", sniffing.WEBP, sniffing.JPEG),
        ("WEBP", "RGBA", sniffing.WEBP, sniffing.PNG),
        ("JPEG", "CMYK", sniffing.JPEG, sniffing.JPEG),
        ("JPEG", "L", sniffing.JPEG, sniffing.JPEG),
    ],
)
def test_what_is_kept(form, mode, kind, kept):
    picture = read_picture(photo(form=form, mode=mode), kind, SHANGHAI)
    assert picture.kind == kept
    assert sniffing.sniff(picture.data, "x") == kept


def test_too_many_pixels_are_refused_before_decoding():
    # A PNG header alone claims 20,000 x 20,000; decoding it would take 1.2 GB.
    data = bytearray(photo(form="PNG"))
    data[16:24] = (20_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    with pytest.raises(images.ImageTooLarge):
        read_picture(bytes(data), sniffing.PNG, SHANGHAI)


def test_a_progressive_bomb_is_refused_at_once():
    data = photo()
    with pytest.raises(images.ImageDamaged):
        read_picture(data[:-2] + b"\xff\xda\x00\x08" * 1000 + data[-2:], sniffing.JPEG, SHANGHAI)


def test_a_picture_that_phones_write_with_a_second_one_inside():
    out = io.BytesIO()
    Image.radial_gradient("L").save(out, "MPO", save_all=True, append_images=[Image.linear_gradient("L")])
    picture = read_picture(out.getvalue(), sniffing.JPEG, SHANGHAI)
    assert (picture.kind, picture.width) == (sniffing.JPEG, 256)
    assert sniffing.sniff(picture.data, "x") == sniffing.JPEG


@pytest.mark.parametrize(("form", "kind"), [("PNG", sniffing.PNG), ("WEBP", sniffing.WEBP)])
def test_of_a_moving_picture_the_first_frame_is_kept(form, kind):
    frames = [Image.new("RGB", (64, 32), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(read_picture(out.getvalue(), kind, SHANGHAI).data)) as image:
        assert getattr(image, "n_frames", 1) == 1
        red, _, blue = image.convert("RGB").getpixel((5, 5))
        assert red > 200 > blue


def test_a_webp_that_claims_to_be_huge_is_refused():
    claim = b"\x10\0\0\0" + (16_382).to_bytes(3, "little") * 2  # canvas 16,383 x 16,383
    body = b"WEBPVP8X\x0a\0\0\0" + claim + photo((8, 8), form="WEBP")[12:]
    data = b"RIFF" + len(body).to_bytes(4, "little") + body
    with pytest.raises((images.ImageTooLarge, images.ImageDamaged)):
        read_picture(data, sniffing.WEBP, SHANGHAI)


@pytest.mark.parametrize("cut", [20, 200, 1000])
def test_damaged_pictures_are_refused(cut):
    with pytest.raises(images.ImageDamaged):
        read_picture(photo()[:cut], sniffing.JPEG, SHANGHAI)


def test_broken_notes_are_only_missing():
    data = photo(exif=b"Exif\0\0" + b"\xff" * 40)
    assert read_picture(data, sniffing.JPEG, SHANGHAI).exif == images.Exif()


def test_like_pictures_have_like_hashes():
    one = read_picture(photo((800, 400)), sniffing.JPEG, SHANGHAI)
    same_smaller = read_picture(photo((400, 200), form="WEBP"), sniffing.WEBP, SHANGHAI)
    other = read_picture(photo((400, 200), exif=camera_notes(orientation=3)), sniffing.JPEG, SHANGHAI)
    assert (int(one.dhash, 16) ^ int(same_smaller.dhash, 16)).bit_count() <= 4
    assert (int(one.dhash, 16) ^ int(other.dhash, 16)).bit_count() > 10
