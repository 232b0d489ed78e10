"""Rules of intake without I/O: what may be filed, which papers are missing, what is promised."""
