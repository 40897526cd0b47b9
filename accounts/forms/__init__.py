"""Shapes of the HTML input."""
