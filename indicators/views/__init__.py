"""The HTML doors, one module per noun."""
