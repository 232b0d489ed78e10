"""The base class of event data: frozen dataclasses, which rules use without a framework."""


class Body:
    """Data of an event, read and written by `shared.events.envelope`.

    Only optional fields are ever added within a version; unknown ones are ignored.
    """

    __slots__ = ()
