"""The ledger of a clock: its limit and its events."""
