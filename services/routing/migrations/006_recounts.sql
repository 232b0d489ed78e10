-- A published calendar moves open due dates. The walk over them is a row, so that a death in its middle loses nothing.
CREATE TABLE recounts (
    n         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest    text NOT NULL,
    actor     jsonb NOT NULL,
    at        timestamptz NOT NULL,
    again_at  timestamptz NOT NULL,     -- a second walk, for what was promised by a copy not yet renewed
    round     integer NOT NULL DEFAULT 1 CHECK (round IN (1, 2)),
    submitted timestamptz,              -- the walk has come to here, in the order of cases_open
    root_id   uuid,
    seen      bigint NOT NULL DEFAULT 0,
    moved     bigint NOT NULL DEFAULT 0,
    done      boolean NOT NULL DEFAULT false,
    CHECK ((submitted IS NULL) = (root_id IS NULL))
);
CREATE INDEX recounts_open ON recounts (n) WHERE NOT done;
