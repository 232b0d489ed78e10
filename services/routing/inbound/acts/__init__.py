"""Acts of an office as requested over HTTP and by forms of the desk, one module per act."""
