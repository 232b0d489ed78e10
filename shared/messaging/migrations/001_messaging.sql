-- The plumbing of one service: what it will publish, what it has read, what it could not use.

CREATE TABLE outbox (
    position   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id         uuid NOT NULL,
    shard      smallint NOT NULL CHECK (shard BETWEEN 0 AND 63),
    topic      text NOT NULL,
    key        text NOT NULL,
    headers    bytea NOT NULL,
    value      bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (
    -- Rows live for milliseconds: without settings of its own this table grows a hundredfold.
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 20000,
    autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000,
    autovacuum_vacuum_cost_delay = 0
);
ALTER TABLE outbox ALTER COLUMN value SET STORAGE EXTERNAL;

-- The last number given to each key of each topic we own, and the last one seen of each we read.
CREATE TABLE sequence_given (
    topic text NOT NULL, key text NOT NULL, seq bigint NOT NULL CHECK (seq > 0),
    PRIMARY KEY (topic, key)
) WITH (fillfactor = 70);
CREATE TABLE sequence_seen (
    topic text NOT NULL, key text NOT NULL, seq bigint NOT NULL,
    PRIMARY KEY (topic, key)
) WITH (fillfactor = 70);

-- The truth about offsets: written with the effects, sought on assignment, a fence against repeats.
CREATE TABLE consumed (
    topic text NOT NULL, partition integer NOT NULL,
    next_offset bigint NOT NULL CHECK (next_offset >= 0),
    handled_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);

-- Replies of parties carry no sequence: they are told apart by who sent them and their id.
CREATE TABLE inbox (
    party text NOT NULL, ce_id text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (party, ce_id)
);
CREATE INDEX inbox_received ON inbox USING brin (received_at);

-- Records we could not use, with their original bytes. A closed row stays as the trail of what was done.
CREATE TABLE held (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic         text NOT NULL,
    partition     integer NOT NULL,
    record_offset bigint NOT NULL,
    key           text NOT NULL,
    key_bytes     bytea,
    value         bytea,
    headers       bytea NOT NULL,
    timestamp_ms  bigint NOT NULL,
    ce_id         text,
    ce_type       text,
    seq           bigint,
    reason        text NOT NULL CHECK (reason IN ('poison', 'gap', 'behind', 'unreadable', 'kept')),
    blocks        boolean NOT NULL,
    code          text NOT NULL,
    detail        text NOT NULL,
    held_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempts      integer NOT NULL DEFAULT 1,
    closed_at     timestamptz,
    closed_how    text CHECK (closed_how IN ('replayed', 'dropped')),
    closed_by     jsonb,
    closed_why    text,
    UNIQUE (topic, partition, record_offset),
    CHECK ((closed_at IS NULL) = (closed_how IS NULL)),
    CHECK (closed_how IS DISTINCT FROM 'dropped' OR length(closed_why) > 0)
);
CREATE INDEX held_open ON held (topic, key, id) WHERE closed_at IS NULL;

-- Keys whose later records queue in `held` behind one that could not be used.
CREATE TABLE parked_keys (
    topic text NOT NULL, key text NOT NULL, reason text NOT NULL,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (topic, key)
);
