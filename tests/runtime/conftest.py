"""Lets the tests of this folder import what stands beside them, and says how many diagrams Hypothesis plays."""

import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
settings.register_profile("runtime", max_examples=400, deadline=None, suppress_health_check=QUIET)
settings.register_profile("long", max_examples=30_000, deadline=None, suppress_health_check=QUIET)
