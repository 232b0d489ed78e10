"""What intake, offices and citizens do to a case, one file an act."""
