"""Services as their `main.py` composes them, in a test's process."""

from fastapi import FastAPI

from shared.service.app import ServiceApp


def opened(service: ServiceApp) -> FastAPI:
    """The application of a service that is not started, as if Kafka had been asked: it answers."""
    service.guard.closed = None
    return service.http
