"""Builds the application: the only place where everything is wired together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, session
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from bpmn.moment import Calendar
from engine.access import ADMIN, AUDITOR, Actor
from engine.database import Sessions
from engine.services import Services
from faults import N_
from web import (
    acts,
    affected,
    api,
    assets,
    attachments,
    burden,
    campaigns,
    compare,
    designer,
    draft_forms,
    drafts,
    due,
    errors,
    health,
    incidents,
    instances,
    items,
    language,
    ledgers,
    lights,
    login,
    messages,
    modeler,
    moving,
    offline,
    outside,
    packing,
    papers,
    parameters,
    portal,
    processes,
    records,
    registers,
    rehearsals,
    replays,
    rounds,
    scenarios,
    scores,
    security,
    sessions,
    sittings,
    starts,
    substitutes,
    tables,
    tasks,
    traceability,
    transaction,
    words,
)
from web.settings import Settings, read_secret
from web.wiring import Wiring, wall_clock, wiring
from workflows.sight import sees_anything

BLUEPRINTS = (
    acts.routes,
    affected.routes,
    api.routes,
    assets.routes,
    attachments.routes,
    burden.routes,
    campaigns.routes,
    compare.routes,
    designer.routes,
    draft_forms.routes,
    drafts.routes,
    health.routes,
    incidents.routes,
    instances.routes,
    items.routes,
    language.routes,
    ledgers.routes,
    login.routes,
    messages.routes,
    modeler.routes,
    moving.routes,
    offline.routes,
    outside.routes,
    papers.routes,
    parameters.routes,
    portal.routes,
    processes.routes,
    records.routes,
    registers.routes,
    rehearsals.routes,
    replays.routes,
    rounds.routes,
    scenarios.routes,
    scores.routes,
    sittings.routes,
    starts.routes,
    substitutes.routes,
    tables.routes,
    tasks.routes,
    traceability.routes,
)


@dataclass(frozen=True, slots=True)
class Desk:
    """An entry of the administration menu, for those who hold one of the roles."""

    endpoint: str
    name: str
    icon: str
    roles: tuple[str, ...]


DESKS = (
    Desk("incidents.all_incidents", N_("Incidents"), "alert-triangle", (ADMIN,)),
    Desk("messages.waiting", N_("Waiting messages"), "mail-forward", (ADMIN,)),
    Desk("processes.all_processes", N_("Processes"), "versions", (ADMIN, AUDITOR)),
    Desk("parameters.all_parameters", N_("Parameters"), "adjustments", (ADMIN, AUDITOR)),
    Desk("papers.all_templates", N_("Templates of papers"), "file-text", (ADMIN, AUDITOR)),
    Desk("substitutes.all_substitutes", N_("Substitutes"), "user-check", (ADMIN, AUDITOR)),
    Desk("sittings.all_sittings", N_("Who is signed in"), "users", (ADMIN,)),
    Desk("records.choose", N_("Verify records"), "shield-check", (ADMIN, AUDITOR)),
)

MEGABYTE = 1024 * 1024


def create_app(
    settings: Settings,
    sessions_: Sessions,
    calendar: Calendar,
    services: Services,
    clock: Callable[[], datetime] = wall_clock,
) -> Flask:
    """The WSGI application. ``clock`` gives an aware instant; tests hand in one that they can move."""
    app = transaction.TransactionalFlask(__name__)
    app.config.update(
        SECRET_KEY=read_secret(settings.secret_file),
        SESSION_COOKIE_NAME="ducha",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=40 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=4 * MEGABYTE,
        MAX_FORM_PARTS=5000,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: long forms are typed for hours
        BABEL_DEFAULT_LOCALE=settings.language,
    )
    app.extensions["ducha"] = Wiring(settings, sessions_, calendar, services, assets.read_assets(), clock)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    transaction.close_at_the_end(app)
    language.speak(app, str(calendar.zone))
    sessions.recognise(app).unauthorized_handler(login.ask_to_sign_in)
    CSRFProtect(app)
    security.guard(app)
    packing.pack(app)
    errors.answer(app)
    app.register_error_handler(CSRFError, login.page_too_old)
    for routes in BLUEPRINTS:
        app.register_blueprint(routes)
    _help_pages(app)
    return app


def _help_pages(app: Flask) -> None:
    """What every template may use."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        at=words.at, on=words.on, amount=lights.amount, percent=lights.percent, rich=words.rich
    )
    app.jinja_env.globals.update(
        assets=app.extensions["ducha"].assets,
        content=words.content,
        explained=words.explained,
        item_state=lights.item_state,
        light_name=lights.light_name,
        template=words.template,
        time_left=lambda instant: due.time_left(instant, transaction.moment()),
    )
    app.context_processor(_page_facts)


def _page_facts() -> dict[str, Any]:
    who: Actor | None = current_user.actor if current_user.is_authenticated else None
    desks = [desk for desk in DESKS if who is not None and who.holds(*desk.roles)]
    return {
        "actor": who,
        "language": language.language(),
        "desks": desks,
        "sees_campaigns": who is not None and sees_anything(who),
        "demo_day": transaction.moment().today if wiring().settings.clock else None,
        "place": "",
        "form_done": session.pop("form_done", None),
    }
