"""The tree of organisations."""

from __future__ import annotations

from typing import Any

import pytest

from engine import organisations
from engine.organisations import OrganisationRefused, UnknownOrganisation


def test_tree(sessions: Any) -> None:
    with sessions.begin() as session:
        organisations.save(session, "city", "市", None)
        organisations.save(session, "south", "南区", "city", position=2)
        organisations.save(session, "north", "北区", "city", kind="district", position=1)
        organisations.save(session, "street", "街道", "south")
    with sessions.read() as session:
        assert [one.code for one in organisations.tree(session)] == ["city", "north", "south", "street"]
        assert [one.code for one in organisations.tree(session, "south")] == ["south", "street"]
        assert organisations.get(session, "street").path == "/city/south/street/"
        assert organisations.paths(session, ["north", "nowhere"]) == {"north": "/city/north/"}
        assert organisations.names(session, ["north"]) == {"north": "北区"}
        assert organisations.codes("/city/north/") == ["city", "north"]
        assert organisations.codes(None) == []


def test_renaming_keeps_the_place(sessions: Any, cast: Any) -> None:
    with sessions.begin() as session:
        organisations.save(session, "north", "北城区", "city")
        with pytest.raises(OrganisationRefused):
            organisations.save(session, "north", "北城区", "south")
    with sessions.read() as session:
        north = organisations.get(session, "north")
        assert (north.name, north.path) == ("北城区", "/city/north/")


@pytest.mark.parametrize("code", ["", "a/b", "a|b", "北", "_x", "x" * 101])
def test_codes_that_are_refused(sessions: Any, code: str) -> None:
    with sessions() as session, pytest.raises(OrganisationRefused):
        organisations.save(session, code, "x", None)


def test_unknown_parent(sessions: Any) -> None:
    with sessions() as session, pytest.raises(UnknownOrganisation):
        organisations.save(session, "x", "x", "nowhere")
