-- What citizens were told. Numbers, addresses and texts are sealed under the person's own key.

CREATE TABLE contacts (
    subject_ref uuid        PRIMARY KEY,
    sealed      bytea       NOT NULL,
    changed_at  timestamptz NOT NULL
);

-- This service's own copy of the published catalogue.
CREATE TABLE catalogue_items (
    item    text  PRIMARY KEY,
    digest  text  NOT NULL,
    content jsonb NOT NULL
);

-- A fact that calls for a message. It waits here until the person's contact is known, which may come later.
-- `position` is the order things were said in: ids of one batch do not sort within a millisecond.
CREATE TABLE notices (
    id          uuid        PRIMARY KEY,
    position    bigint      GENERATED ALWAYS AS IDENTITY,
    event_ref   text        NOT NULL,
    event       text        NOT NULL,
    subject_ref uuid        NOT NULL,
    root_id     uuid        NOT NULL,
    dossier_id  uuid,
    code        text        NOT NULL,
    template    text        NOT NULL,
    facts       jsonb       NOT NULL,
    state       text        NOT NULL CHECK (state IN ('waiting', 'addressed', 'silent')),
    silence     text,
    planned_at  timestamptz NOT NULL,
    traceparent text,
    UNIQUE (event_ref, event, subject_ref),
    CHECK ((state = 'silent') = (silence IS NOT NULL))
);
CREATE INDEX notices_waiting ON notices (position) WHERE state = 'waiting';
CREATE INDEX notices_code ON notices (code);

-- One text or letter to one person. Once per event, person and channel: the constraint says so.
CREATE TABLE messages (
    id             uuid        PRIMARY KEY,
    position       bigint      GENERATED ALWAYS AS IDENTITY,
    notice_id      uuid        NOT NULL REFERENCES notices (id),
    event_ref      text        NOT NULL,
    event          text        NOT NULL,
    subject_ref    uuid        NOT NULL,
    root_id        uuid        NOT NULL,
    dossier_id     uuid,
    code           text        NOT NULL,
    template       text        NOT NULL,
    words_digest   text        NOT NULL,
    channel        text        NOT NULL CHECK (channel IN ('sms', 'email')),
    sealed         bytea       NOT NULL,
    encoding       text        CHECK (encoding IN ('gsm7', 'ucs2')),
    segments       smallint    CHECK (segments > 0),
    state          text        NOT NULL CHECK (state IN
                     ('planned', 'sending', 'sent', 'delivered', 'failed', 'ambiguous', 'suppressed')),
    reason         text,
    refusals       smallint    NOT NULL DEFAULT 0 CHECK (refusals >= 0),
    retry_at       timestamptz NOT NULL DEFAULT clock_timestamp(),   -- machine time
    claimed_by     bigint,                                           -- the sender's lease, an advisory lock
    carrier_ref    text,
    planned_at     timestamptz NOT NULL,
    sent_at        timestamptz,
    settled_at     timestamptz,
    traceparent    text,
    UNIQUE (event_ref, event, subject_ref, channel),
    CHECK (state <> 'sending' OR claimed_by IS NOT NULL),
    CHECK (state NOT IN ('failed', 'ambiguous', 'suppressed') OR reason IS NOT NULL),
    CHECK (state NOT IN ('sent', 'delivered') OR sent_at IS NOT NULL),
    CHECK ((channel = 'sms') = (encoding IS NOT NULL AND segments IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX messages_to_send ON messages (channel, position) WHERE state = 'planned';
CREATE INDEX messages_sending ON messages (claimed_by) WHERE state = 'sending';
CREATE INDEX messages_trouble ON messages (planned_at) WHERE state IN ('failed', 'ambiguous');
CREATE INDEX messages_code ON messages (code);
CREATE INDEX messages_carrier_ref ON messages (carrier_ref) WHERE carrier_ref IS NOT NULL;

-- Receipts are acknowledged before we see them, and may overtake the answer they belong to: kept until matched.
CREATE TABLE receipts (
    carrier_ref text        PRIMARY KEY,
    status      text        NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
