"""Both catalogues are complete, up to date, and keep the places for values."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from web import catalogue, language

PLACES = re.compile(r"(?<!\{)\{\w*\}(?!\})|%\(\w+\)[sd]")
LANGUAGES = tuple(language.LANGUAGES)


def read(name: str) -> Catalog:
    with language.catalogue_path(name).open("rb") as file:
        return read_po(file)


def messages(name: str) -> Iterator[Message]:
    return (message for message in read(name) if message.id)


@pytest.mark.parametrize("name", LANGUAGES)
def test_everything_is_translated(name: str) -> None:
    known = {one.id if isinstance(one.id, str) else tuple(one.id): one.string for one in messages(name)}
    missing = [one for one in catalogue.wanted(name) if not known.get(one) or not all(known[one])]
    assert missing == [], "run `ducha catalogues` and translate what it lists"


@pytest.mark.parametrize("name", LANGUAGES)
def test_nothing_is_left_over(name: str) -> None:
    known = {one.id if isinstance(one.id, str) else tuple(one.id) for one in messages(name)}
    assert known - catalogue.wanted(name) == set(), "run `ducha catalogues`"


@pytest.mark.parametrize("name", LANGUAGES)
def test_places_for_values_are_kept(name: str) -> None:
    for message in messages(name):
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        expected = {place for text in ids for place in PLACES.findall(text)}
        for string in strings:
            assert set(PLACES.findall(string)) == expected, message.id
            # templates format with %, so a lone percent sign would break the page
            assert "%" not in re.sub(r"%\(\w+\)[sd]|%%", "", string), message.id


def test_chinese_is_chinese_and_english_is_english() -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    for message in messages("en"):
        assert not han.search(message.string), message.string
    for message in messages("zh_CN"):
        words = re.search(r"[A-Za-z]{2}", PLACES.sub("", str(message.id)))
        assert not words or han.search("".join(message.string)), message.id


def test_stale_catalogues_are_compiled_anew() -> None:
    language.compile_stale()
    for name in LANGUAGES:
        source = language.catalogue_path(name)
        assert source.with_suffix(".mo").stat().st_mtime >= source.stat().st_mtime
