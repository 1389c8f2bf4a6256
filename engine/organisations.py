"""The tree of organisations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.tables import Organisation
from faults import Fault

# No slash: codes stand in paths. No bar: they stand in the texts of `engine.access`.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


class UnknownOrganisation(Fault):
    """There is no organisation with the code {code}. Choose one from the list."""


class OrganisationRefused(Fault):
    """The organisation {code} can't be saved: codes are letters, digits, "_", "." and "-", and an organisation keeps
    its parent. Give another code."""


def save(session: Session, code: str, name: str, parent: str | None, kind: str = "", position: int = 0) -> Organisation:
    """Add the organisation ``code`` under ``parent`` (None: a root), or rename the one that is there.

    Its place in the tree stays: open tasks and instances are found by it. Raises UnknownOrganisation for the parent
    and OrganisationRefused.
    """
    if not CODE.fullmatch(code):
        raise OrganisationRefused(code=code)
    organisation = session.get(Organisation, code)
    if organisation is None:
        above = get(session, parent).path if parent else "/"
        organisation = Organisation(code=code, parent_code=parent, path=f"{above}{code}/")
        session.add(organisation)
    elif organisation.parent_code != parent:
        raise OrganisationRefused(code=code)
    organisation.name = name
    organisation.kind = kind
    organisation.position = position
    session.flush()
    return organisation


def get(session: Session, code: str) -> Organisation:
    organisation = session.get(Organisation, code)
    if organisation is None:
        raise UnknownOrganisation(code=code)
    return organisation


def paths(session: Session, codes: Iterable[str]) -> Mapping[str, str]:
    """Code -> path, of those of ``codes`` that exist. One statement, or none."""
    wanted = set(codes)
    if not wanted:
        return {}
    return dict(
        session.execute(select(Organisation.code, Organisation.path).where(Organisation.code.in_(wanted))).all()
    )


def names(session: Session, codes: Iterable[str]) -> Mapping[str, str]:
    """Code -> name, of those of ``codes`` that exist. One statement, or none."""
    wanted = set(codes)
    if not wanted:
        return {}
    return dict(
        session.execute(select(Organisation.code, Organisation.name).where(Organisation.code.in_(wanted))).all()
    )


def tree(session: Session, root: str | None = None) -> list[Organisation]:
    """All organisations, or ``root`` and those below it; parents before children, siblings by position and code."""
    query = select(Organisation)
    if root is not None:
        query = query.where(Organisation.path.startswith(get(session, root).path, autoescape=True))
    found = list(session.scalars(query))
    order = {organisation.code: (organisation.position, organisation.code) for organisation in found}
    return sorted(found, key=lambda organisation: [order.get(code, (0, code)) for code in codes(organisation.path)])


def codes(path: str | None) -> list[str]:
    """``/bj/district/110105/`` -> the codes from the root down."""
    return path.strip("/").split("/") if path else []
