"""What must happen after commit: the outbox, its relay, the schedule, and mail."""
