-- +goose Up
-- A call is made by a person, a key or the program itself, through one of
-- several doors.
ALTER TABLE call RENAME COLUMN user_id TO actor_id;
ALTER TABLE call RENAME COLUMN user_name TO actor_name;
ALTER TABLE call ADD COLUMN actor_kind TEXT NOT NULL DEFAULT 'person';
ALTER TABLE call ADD COLUMN source TEXT NOT NULL DEFAULT 'window';
-- The key by which an actor says that it asks for the same message again, and
-- a digest of what it asked for; both '' without one.
ALTER TABLE call ADD COLUMN idempotency_key TEXT NOT NULL DEFAULT '';
ALTER TABLE call ADD COLUMN idempotency_digest TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX call_by_key ON call(actor_kind, actor_id, idempotency_key) WHERE idempotency_key <> '';

-- The provider files that users added, each under the id of its provider.
CREATE TABLE provider_file (
  id         TEXT PRIMARY KEY,
  data       TEXT NOT NULL,
  version    INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL
);
