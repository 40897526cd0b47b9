"""Speed, measured on demand: ratios to a bare equivalent in one run, never timed tests (README.md here)."""
