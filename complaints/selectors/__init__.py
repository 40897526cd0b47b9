"""Reads of the complaints app, one module per question."""
