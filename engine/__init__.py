"""Runs processes for people; knows nothing of supervision."""
