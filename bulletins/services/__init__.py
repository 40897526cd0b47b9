"""Writes of the bulletins app, one module per stretch of the way; callers import the module they need."""
