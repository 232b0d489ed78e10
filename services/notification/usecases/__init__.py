"""Use cases of notification, one per file."""
