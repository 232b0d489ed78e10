"""The metrics of a service. Labels are topics, stages and parties, never persons."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

OUTBOX_AGE = Gauge("motcua_outbox_age_seconds", "Age of the oldest unsent event", registry=REGISTRY)
OUTBOX_ROWS = Gauge("motcua_outbox_rows", "Events waiting to be sent", registry=REGISTRY)
LAG = Gauge("motcua_consumer_lag", "Records not yet handled", ["topic"], registry=REGISTRY)
HELD = Gauge("motcua_held_records", "Records held for a person", registry=REGISTRY)
PARKED = Gauge("motcua_parked_keys", "Keys queueing behind a held record", registry=REGISTRY)
SENT = Counter("motcua_events_sent", "Events acknowledged by Kafka", ["topic"], registry=REGISTRY)
HANDLED = Counter("motcua_events_handled", "Events handled", ["topic"], registry=REGISTRY)
DUPLICATES = Counter("motcua_duplicates_dropped", "Records seen before", ["topic"], registry=REGISTRY)
OLD_FORM_REPLIES = Counter(
    "motcua_old_form_replies",
    "Replies in the form that is read until 2027-06-30",
    ["party"],
    registry=REGISTRY,
)
WAITING = Gauge("motcua_requests_waiting", "Requests let in and not answered yet", registry=REGISTRY)
TURNED_AWAY = Counter(
    "motcua_requests_turned_away", "Requests answered 503 or 429 unread", ["status"], registry=REGISTRY
)
STAGE = Histogram(
    "motcua_stage_seconds",
    "Time a piece of work spent in a stage",
    ["stage"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
