"""The REST doors, one module per resource."""
