"""The demonstration's complaints: invented, deterministic, relative to the day of loading."""
