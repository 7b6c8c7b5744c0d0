"""Who must know what by when: one pure function decides every standing."""
