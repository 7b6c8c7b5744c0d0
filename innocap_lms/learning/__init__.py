"""Enrolment, progress, attempts, grading, completion, and the ledger of it all."""
