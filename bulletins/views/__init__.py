"""Pages of the bulletins app."""
