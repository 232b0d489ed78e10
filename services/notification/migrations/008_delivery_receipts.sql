-- Receipts as text centres send them: stored before anything is done with them. What cannot be used is kept for
-- operators. `receipts` knew a reference and a status alone, and could not hold what has none.
SET LOCAL lock_timeout = '5s';
CREATE TABLE delivery_receipts (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    carrier     text        NOT NULL,
    message     bytea       NOT NULL,
    tlvs        bytea       NOT NULL,
    state       text        NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'waiting', 'matched', 'kept')),
    carrier_ref text,
    outcome     text,
    problem     text,
    detail      text,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (state NOT IN ('waiting', 'matched') OR (carrier_ref IS NOT NULL AND outcome IS NOT NULL)),
    CHECK ((state = 'kept') = (problem IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX delivery_receipts_new ON delivery_receipts (id) WHERE state = 'new';
CREATE INDEX delivery_receipts_waiting ON delivery_receipts (carrier_ref) WHERE state = 'waiting';
CREATE INDEX delivery_receipts_matched ON delivery_receipts (carrier_ref) WHERE state = 'matched';
CREATE INDEX delivery_receipts_received ON delivery_receipts USING brin (received_at);

INSERT INTO delivery_receipts (carrier, message, tlvs, received_at)
SELECT 'standard', convert_to(format('id:%s stat:%s', carrier_ref, status), 'UTF8'), '', received_at FROM receipts;
DELETE FROM receipts;
