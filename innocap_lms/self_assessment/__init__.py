"""Self-assessment: where people place themselves, before and after, for their own eyes alone."""
