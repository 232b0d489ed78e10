"""One verb a file: in which order things happen."""
