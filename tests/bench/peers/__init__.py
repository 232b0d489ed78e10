"""What anyone would pick instead, written as a good engineer usually would, and the bare ceilings."""
