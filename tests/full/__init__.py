"""Long checks that `make full` runs: programs, and tests that are marked as slow."""
