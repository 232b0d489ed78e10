-- The newest version of an item of the catalogue that this service could not use, and why. The one before it
-- stays in force; a repaired one takes the row away.
CREATE TABLE refused_items (
    item       text PRIMARY KEY,
    digest     text NOT NULL,
    fault      text NOT NULL,
    refused_at timestamptz NOT NULL
);
