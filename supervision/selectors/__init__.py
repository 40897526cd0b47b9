"""Reads of the supervision app, one module per question."""
