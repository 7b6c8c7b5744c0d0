"""A year in two small municipalities: its story, and what the matrix has to say of it."""
