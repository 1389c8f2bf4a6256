"""Measurements against a floor and against peers. Each prints ratios from one run: `make bench`."""
