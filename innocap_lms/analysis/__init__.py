"""Item analysis: what the answers of many say of a question, honest for small groups."""
