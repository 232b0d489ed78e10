"""The launcher: a table of processes, started, watched and stopped."""
