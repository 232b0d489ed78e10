-- What a batch asks before anything else, in one round trip: where the fences of its partitions stood (they are
-- moved on, and locked), which of its keys are parked (locked), and the last number seen of each.
-- Each of the three must see what was committed while the one before waited for its lock. In a function that is
-- VOLATILE each statement has a snapshot of its own; in one statement all three would have the first's.
CREATE FUNCTION take_in(
    of_topics text[], of_partitions integer[], upto bigint[], key_topics text[], keys text[]
) RETURNS TABLE (what text, topic text, key text, place integer, number bigint, reason text)
LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    INSERT INTO consumed AS c (topic, partition, next_offset)
    SELECT * FROM unnest(of_topics, of_partitions, upto) AS new (topic, partition, next_offset)
     ORDER BY topic, partition
        ON CONFLICT (topic, partition) DO UPDATE
       SET next_offset = greatest(c.next_offset, EXCLUDED.next_offset), handled_at = clock_timestamp()
    RETURNING 'fence', c.topic, NULL::text, c.partition, coalesce(old.next_offset, 0), NULL::text;

    RETURN QUERY
    SELECT 'parked', p.topic, p.key, NULL::integer, NULL::bigint, p.reason FROM parked_keys p
     WHERE (p.topic, p.key) IN (SELECT * FROM unnest(key_topics, take_in.keys))
     ORDER BY p.topic, p.key FOR UPDATE;

    RETURN QUERY
    SELECT 'seen', s.topic, s.key, NULL::integer, s.seq, NULL::text FROM sequence_seen s
      JOIN unnest(key_topics, take_in.keys) AS asked (topic, key) USING (topic, key);
END
$$;
