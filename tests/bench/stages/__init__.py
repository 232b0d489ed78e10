"""Every stage of the table, in its order."""

from tests.bench.figures import Target
from tests.bench.stage import Stage
from tests.bench.stages import intake

STAGES = (
    Stage(
        "intake-durable", "intake HTTP, durable", "same app without database", Target(0.75), intake.durable
    ),
    Stage(
        "intake-usual",
        "intake HTTP, published",
        "FastAPI + SQLAlchemy async, one publish a request",
        Target(15),
        intake.usual,
    ),
)
