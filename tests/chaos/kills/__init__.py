"""Random processes die while dossiers flow; afterwards the data of all services is judged."""
