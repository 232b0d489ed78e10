-- A receipt is looked for among the texts that wait for one. This index holds those alone, where the one before it held
-- every text ever sent, and was written to at every step of each.
SET LOCAL lock_timeout = '5s';
CREATE INDEX messages_without_receipt ON messages (carrier_ref) WHERE state = 'sent' AND carrier_ref IS NOT NULL;
DROP INDEX messages_carrier_ref;
