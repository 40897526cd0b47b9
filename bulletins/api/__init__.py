"""REST doors of the bulletins app."""
