"""The plan of a case, and the changes that rules make to it."""
