"""`motcua`: one command a file, each a thin call of the launcher or of a service's own HTTP."""
