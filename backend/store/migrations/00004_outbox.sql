-- +goose Up
-- Events wait here until they are sent or too old. The id is a UUIDv7, so that
-- it sorts by time.
CREATE TABLE outbox (
  id        TEXT PRIMARY KEY,
  at_ms     INTEGER NOT NULL,
  name      TEXT NOT NULL,
  object_id TEXT NOT NULL,
  data      TEXT NOT NULL
);
CREATE INDEX outbox_by_time ON outbox(at_ms);
