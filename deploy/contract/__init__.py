"""The contract with everybody who reads or writes our topics: what was published last, and what breaks it."""
