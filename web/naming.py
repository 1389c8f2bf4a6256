"""Names for the ids in answers: organisations, accounts, entries of registers, files; and what a form offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from flask import url_for
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from engine import accounts, organisations
from engine.access import Actor
from engine.tables import Account, Attachment, RoleGrant
from forms.field import Field
from forms.fields import TYPES
from web.attachments import about
from web.transaction import moment
from web.words import at, content
from workflows import pictures, registers
from workflows.pictures import Alike

T = TypeVar("T")
Lookup = Callable[[str, str], str | None]
INDENT = "　"  # an ideographic space: browsers keep it in options


def named(session: Session, build: Callable[[Lookup], T]) -> T:
    """Build something that names ids: once to learn which ids, then with all names.

    Organisations and accounts are read in a statement each, entries of registers in one for each register.
    """
    wanted: dict[str, set[str]] = {"org": set(), "user": set(), "ref": set()}

    def learn(kind: str, ident: str) -> None:
        wanted.setdefault(kind, set()).add(ident)

    build(learn)
    names: dict[str, Mapping[str, str]] = {
        "org": organisations.names(session, wanted["org"]),
        "user": accounts.names(session, wanted["user"]),
        "ref": registers.names(session, wanted["ref"]),
    }
    return build(lambda kind, ident: content(names[kind].get(ident)) or None if kind in names else None)


def choices(session: Session, actor: Actor) -> Callable[[Field], Sequence[tuple[str, str]]]:
    """What a field of organisations, accounts or entries of a register offers; read when the first such field asks."""
    offers: dict[str, Callable[[Field], list[tuple[str, str]]]] = {
        "org": lambda _: organisation_choices(session),
        "user": lambda _: _account_choices(session, actor),
        "ref": lambda field: [(ident, content(label)) for ident, label in registers.offer(session, field.register)],
    }
    known: dict[str, list[tuple[str, str]]] = {}

    def offer(field: Field) -> Sequence[tuple[str, str]]:
        kind = TYPES[field.type].refers or ""
        if kind not in offers:
            return ()
        source = f"{kind}:{field.register}"
        if source not in known:
            known[source] = offers[kind](field)
        return known[source]

    return offer


def organisation_choices(session: Session) -> list[tuple[str, str]]:
    """All organisations in the order of the tree, indented by their depth."""
    return [
        (one.code, INDENT * (len(organisations.codes(one.path)) - 1) + content(one.name))
        for one in organisations.tree(session)
    ]


def files(session: Session, actor: Actor, instance_id: str) -> Callable[[str], Mapping[str, Any] | None]:
    """Name, address and thumbnail of the files of an instance and of those that the actor has sent for a task.

    Of the pictures that are part of the instance also the earlier ones that look alike, so that whoever verifies meets
    a photo that was used before.
    """
    query = select(Attachment).where(
        (Attachment.instance_id == instance_id)
        | ((Attachment.account_id == actor.id) & Attachment.instance_id.is_(None))
    )
    rows = list(session.scalars(query.order_by(Attachment.stored_at, Attachment.id)))
    earlier = pictures.alike(session, actor, [row for row in rows if row.instance_id is not None], moment())
    found = {row.id: about(row) | {"alike": [_alike(one) for one in earlier.get(row.id, ())]} for row in rows}
    return found.get


def _alike(one: Alike) -> dict[str, Any]:
    url = url_for("instances.page", instance_id=one.case_id) if one.case_id else None
    return {"same": one.distance == 0, "url": url, "title": one.title, "at": at(one.stored_at)}


def _account_choices(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """All accounts, those of the actor's own organisations first."""
    own = {grant.org for grant in actor.grants if grant.org}
    near = exists().where(RoleGrant.account_id == Account.id, RoleGrant.org_code.in_(own))
    rows = session.execute(select(Account.id, Account.name).where(Account.active).order_by(near.desc(), Account.id))
    return [(account_id, content(name)) for account_id, name in rows]
