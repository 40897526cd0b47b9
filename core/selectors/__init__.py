"""Reads of the kernel, one module per noun; callers import the module they need."""
