"""Bases of every REST door (api.md). Import from the modules: DRF loads some of them by name."""
