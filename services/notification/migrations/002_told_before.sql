-- What this service had already told people when its database was set back to an earlier moment, as Kafka knows it.
-- A message that would be written again takes its old id and standing from here and is not sent.
CREATE TABLE told_before (
    event_ref  text        NOT NULL,
    event      text        NOT NULL,
    root_id    uuid        NOT NULL,
    channel    text        NOT NULL,
    message_id uuid        NOT NULL,
    state      text        NOT NULL CHECK (state IN ('sent', 'delivered', 'failed', 'ambiguous', 'suppressed')),
    reason     text,
    at         timestamptz NOT NULL,
    PRIMARY KEY (event_ref, event, root_id, channel),
    CHECK (state NOT IN ('failed', 'ambiguous', 'suppressed') OR reason IS NOT NULL)
);
