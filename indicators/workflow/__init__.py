"""The transition tables of the app, one module per stateful model."""
