"""The acts of an office as others ask for them: over HTTP and by a form of the desk, one file an act."""
