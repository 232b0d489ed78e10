"""The wire format: events between services, and records to and from parties."""
