"""Papers: compiled from the data by a template, and issued with number and date."""

from __future__ import annotations

from engine.services import Service
from faults import N_
from workflows.papers import issue

TABLE = (
    Service(
        "compile_paper",
        N_("Compile the draft of a paper from the data"),
        ("kind", "campaign_id", "facts"),
        ("title", "text", "source"),
        issue.compile_paper,
    ),
    Service(
        "issue_paper",
        N_("Issue a paper with its number and date"),
        (
            "kind", "campaign_id", "title", "text", "issuer", "addressees", "copies", "signer_post", "issue_date",
            "classification", "facts", "number",
        ),
        ("paper", "number", "title"),
        issue.issue_paper,
    ),
)  # fmt: skip
