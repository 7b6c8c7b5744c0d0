"""The ledger: an append-only record of what happened, sealed in a chain, open to disposal."""
