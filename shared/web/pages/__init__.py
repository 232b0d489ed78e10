"""HTML: rendering, formats, marks, assets."""
