"""The history of the tables of the supervision, upgraded after those of the engine."""
