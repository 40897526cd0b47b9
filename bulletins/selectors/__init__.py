"""Reads of the bulletins app: the snapshot and its sources, rows and pages."""
