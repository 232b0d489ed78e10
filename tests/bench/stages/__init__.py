"""Every stage of the table, in its order."""

from tests.bench.figures import Target
from tests.bench.stage import Stage
from tests.bench.stages import chain, consumer, intake, relay, rest, texts

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
    Stage("relay-raw", "relay", "raw idempotent produce ceiling", Target(0.70), relay.raw),
    Stage("relay-library", "relay", "faststream-outbox, tuned as its docs say", Target(20), relay.library),
    Stage(
        "consumer-raw",
        "batch consumer, both committing",
        "raw aiokafka getmany",
        Target(0.90),
        consumer.beside_getmany(bare=True, per_second=20_000),
    ),
    Stage(
        "consumer-whole",
        "the same with fence, sequence, decoding",
        "getmany, JSON, one transaction a batch",
        None,
        consumer.beside_getmany(bare=False, per_second=6_000),
    ),
    Stage(
        "chain-usual",
        "HTTP → agency topics, everything on",
        "one transaction and one publish a message",
        Target(15),
        chain.usual,
    ),
    Stage("chain-parts", "without HTTP", "sum of its stages' CPU", Target(0.60), chain.parts),
    Stage("chain-http", "with HTTP at 256 connections", "without HTTP", Target(0.45), chain.http),
    Stage(
        "rest",
        "POST → agency, p50 at rest",
        "2 commits + 2 Kafka hops",
        Target(3, at_most=True),
        rest.at_rest,
        unit="ms",
        latency=True,
    ),
    Stage(
        "rest-loaded",
        "the same at 10 % load",
        "2 commits + 2 Kafka hops",
        Target(4, at_most=True),
        rest.loaded,
        unit="ms",
        latency=True,
    ),
    Stage("texts", "SMPP texts", "bare client against the same sink", Target(0.5), texts.bare_client),
)
