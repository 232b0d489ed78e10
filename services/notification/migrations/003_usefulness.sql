-- Until when a message is of use to whom it goes to. After that it is suppressed, never sent late; NULL = it always is.
ALTER TABLE messages ADD COLUMN useful_until timestamptz;
