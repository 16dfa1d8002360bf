"""How long tests wait for what must come."""

PATIENCE = 30.0
"""Seconds; far more than anything takes, for a machine that is busy with something else."""
