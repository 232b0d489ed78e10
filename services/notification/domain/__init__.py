"""Rules of messages to citizens, without I/O."""
