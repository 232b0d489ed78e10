"""Tests, benches and proofs. Those that start services file much from one address, as few people."""

import os

for _limited in ("PHONE", "EMAIL", "PERSON", "ADDRESS"):
    os.environ.setdefault(f"MOTCUA_FILINGS_PER_{_limited}", "0")
