"""Request limits, security headers, load shedding."""
