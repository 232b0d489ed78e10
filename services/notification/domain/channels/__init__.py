"""The ways to reach a person: one module a channel, and their register."""
