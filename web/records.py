"""Verifying that the record of a case is as it was written: for auditors."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import login_required
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from engine import record
from engine.access import ADMIN, AUDITOR, NotFound, is_let_in, lets_in, require
from engine.tables import Instance
from web.sessions import actor
from web.transaction import database

routes = Blueprint("records", __name__)

SHOWN = 50


@routes.get("/admin/records")
@login_required
def choose() -> str | AnyResponse:
    require(actor(), ADMIN, AUDITOR)
    wanted = request.args.get("instance", "").strip()
    if wanted:
        return redirect(url_for("records.verify", instance_id=wanted))
    shown = select(Instance).where(lets_in(actor()))
    latest = database().scalars(shown.order_by(Instance.changed_at.desc(), Instance.id).limit(SHOWN))
    return render_template("records.html", instances=list(latest), place="desks")


@routes.get("/admin/records/<instance_id>")
@login_required
def verify(instance_id: str) -> str:
    require(actor(), ADMIN, AUDITOR)
    instance = database().get(Instance, instance_id)
    if instance is None or not is_let_in(actor(), instance.restricted_to):
        raise NotFound
    verdict = record.verify(database(), instance_id)
    return render_template("record_verdict.html", instance=instance, verdict=verdict, place="desks")
