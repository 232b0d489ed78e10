-- How far our own topics have certainly been written by this database: everything below was committed here first.
-- It lags a little behind. Records beyond it that this database never numbered were written by a later state of it,
-- which is how a database that was set back to an earlier moment is recognised.
CREATE TABLE published (
    topic text NOT NULL, partition integer NOT NULL,
    next_offset bigint NOT NULL CHECK (next_offset >= 0),
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);
