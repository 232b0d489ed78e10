"""HTML pages: rendering, formats, status marks, assets."""
