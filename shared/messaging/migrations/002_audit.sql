-- Who did what, chained per root dossier by salted commitments.
-- `hash` covers the line before it, so a changed, missing or added line breaks every later one; the salt lets a
-- line's content be erased (or withheld from a stranger) while the chain still verifies.
CREATE TABLE audit_heads (
    root_id uuid  PRIMARY KEY,
    n       int   NOT NULL CHECK (n >= 0),
    hash    bytea NOT NULL
);

CREATE TABLE audit_lines (
    root_id    uuid        NOT NULL,
    n          int         NOT NULL CHECK (n > 0),
    at         timestamptz NOT NULL,
    actor      jsonb       NOT NULL,
    act        text        NOT NULL,
    facts      jsonb       NOT NULL,
    salt       bytea       NOT NULL,
    commitment bytea       NOT NULL,
    previous   bytea       NOT NULL,
    hash       bytea       NOT NULL,
    PRIMARY KEY (root_id, n)
);
