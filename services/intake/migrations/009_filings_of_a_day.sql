-- How many dossiers were filed without a credential on a day with one phone, mailbox, person or address.
-- `ref` is a keyed hash: it tells which, to nobody without the key. Rows of past days are deleted by later filings.
CREATE TABLE filing_counts (
    day   date NOT NULL,
    ref   bytea NOT NULL CHECK (length(ref) = 32),
    filed integer NOT NULL CHECK (filed >= 0),
    PRIMARY KEY (day, ref)
) WITH (fillfactor = 50);
