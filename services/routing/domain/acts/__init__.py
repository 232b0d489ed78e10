"""Acts of intake, offices and citizens on a case, one module an act."""
