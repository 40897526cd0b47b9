"""Who may do what to which row: pure predicates, used for enforcing and for display alike."""
