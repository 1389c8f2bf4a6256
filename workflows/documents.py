"""Where the shipped documents lie: diagrams, decision tables and forms."""

from __future__ import annotations

from pathlib import Path

import bpmn
import forms

PROCESSES = Path(bpmn.__path__[0]) / "processes"
DECISIONS = Path(bpmn.__path__[0]) / "decisions"
FORMS = Path(forms.__path__[0]) / "documents"
