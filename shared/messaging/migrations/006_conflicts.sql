-- What was handled under a number or an id: eight octets of a hash of each record. Another record with the same
-- number or id is then told from a repetition. `digests` are those of the last numbers of a key, the newest last.
SET LOCAL lock_timeout = '5s';
ALTER TABLE sequence_seen ADD COLUMN digests bytea NOT NULL DEFAULT '';
ALTER TABLE inbox ADD COLUMN digest bytea;
-- squawk-ignore ban-drop-constraint
ALTER TABLE held DROP CONSTRAINT held_reason_check;
ALTER TABLE held ADD CONSTRAINT held_reason_check
    CHECK (reason IN ('poison', 'gap', 'behind', 'unreadable', 'kept', 'conflict')) NOT VALID;

-- Its result gains a column, which CREATE OR REPLACE does not allow; both are done in one transaction.
-- squawk-ignore ban-drop-function
DROP FUNCTION take_in(text[], integer[], bigint[], text[], text[]);
CREATE FUNCTION take_in(
    of_topics text[], of_partitions integer[], upto bigint[], key_topics text[], keys text[]
) RETURNS TABLE (what text, topic text, key text, place integer, number bigint, reason text, digests bytea)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    INSERT INTO consumed AS c (topic, partition, next_offset)
    SELECT * FROM unnest(of_topics, of_partitions, upto) AS new (topic, partition, next_offset)
     ORDER BY topic, partition
        ON CONFLICT (topic, partition) DO UPDATE
       SET next_offset = greatest(c.next_offset, EXCLUDED.next_offset), handled_at = clock_timestamp()
    RETURNING 'fence', c.topic, NULL::text, c.partition, coalesce(old.next_offset, 0), NULL::text, NULL::bytea;

    RETURN QUERY
    SELECT 'parked', p.topic, p.key, NULL::integer, NULL::bigint, p.reason, NULL::bytea FROM parked_keys p
     WHERE (p.topic, p.key) IN (SELECT * FROM unnest(key_topics, take_in.keys))
     ORDER BY p.topic, p.key FOR UPDATE;

    RETURN QUERY
    SELECT 'seen', s.topic, s.key, NULL::integer, s.seq, NULL::text, s.digests FROM sequence_seen s
      JOIN unnest(key_topics, take_in.keys) AS asked (topic, key) USING (topic, key);
END
$$;
