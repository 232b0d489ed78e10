"""The command line `motcua`: one command per file, each calls the launcher or a service's HTTP API."""
