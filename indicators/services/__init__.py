"""Every write of the app: one function per act, one module per noun."""
