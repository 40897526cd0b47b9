"""The shape of what people type, one module per noun."""
