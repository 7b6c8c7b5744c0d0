"""How fast this is, measured against a floor: `make bench`; docs/benchmarks.md explains it."""
