-- What of the case a text speaks of as still to come; a later update that ends it calls the text back. NULL = it tells
-- what stays true. Few rows wait at any time: the indexes hold those alone.
SET LOCAL lock_timeout = '5s';
ALTER TABLE notices ADD COLUMN waits_on text;
ALTER TABLE messages ADD COLUMN waits_on text;
CREATE INDEX notices_in_question ON notices (root_id) WHERE state = 'waiting' AND waits_on IS NOT NULL;
CREATE INDEX messages_in_question ON messages (root_id)
 WHERE state IN ('planned', 'sending') AND waits_on IS NOT NULL;
