"""Long checks, each a program that `make full` runs; pytest does not collect them."""
