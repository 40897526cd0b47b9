"""The demonstration's bulletins: eight issued weeks and last week's draft, relative to the day of loading."""
