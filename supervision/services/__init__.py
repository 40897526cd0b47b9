"""Writes of the supervision app, one module per stretch of the way; callers import the module they need."""
