"""Every read that is more than a fetch, one module per question."""
