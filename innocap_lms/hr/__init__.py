"""Follow-up for HR, managers and administrators: completions, never answers."""
