"""Reads for pages about several apps: what the lower apps know, put side by side."""
