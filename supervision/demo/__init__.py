"""The demonstration's issues and inspections: invented, deterministic, relative to the day of loading."""
