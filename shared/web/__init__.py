"""The HTTP side that services share: page frame, identity, problems, health, load shedding."""
