-- +goose Up
-- API keys that this office issued or took over. verifier is a keyed hash, never
-- the key; row_mac covers what the key may do, so that a row that was written
-- by another program is worth nothing.
CREATE TABLE api_key (
  id           TEXT PRIMARY KEY,
  title        TEXT NOT NULL,
  title_key    TEXT NOT NULL,
  mask         TEXT NOT NULL,
  foreign_form INTEGER NOT NULL,
  verifier     BLOB NOT NULL,
  row_mac      BLOB NOT NULL,
  -- Scopes, places, channels, sources and limits as JSON.
  grants       TEXT NOT NULL,
  full_access  INTEGER NOT NULL,
  created_ms   INTEGER NOT NULL,
  creator_id   TEXT NOT NULL,
  creator_name TEXT NOT NULL,
  -- 0 is never, or not yet.
  expires_ms   INTEGER NOT NULL,
  disabled_ms  INTEGER NOT NULL,
  revoked_ms   INTEGER NOT NULL,
  deleted_ms   INTEGER NOT NULL,
  -- Who revoked or deleted it.
  ended_by     TEXT NOT NULL,
  -- The key that takes this one's place, '' for none.
  replaced_by  TEXT NOT NULL,
  last_used_ms INTEGER NOT NULL,
  calls        INTEGER NOT NULL,
  -- What the form was sent as, so that sending it twice makes one key.
  request_id   TEXT NOT NULL,
  version      INTEGER NOT NULL
);
CREATE UNIQUE INDEX api_key_by_verifier ON api_key(verifier);
CREATE UNIQUE INDEX api_key_by_request ON api_key(request_id) WHERE request_id <> '';
CREATE INDEX api_key_by_title ON api_key(deleted_ms, title_key, id);
CREATE INDEX api_key_by_created ON api_key(deleted_ms, created_ms, id);
CREATE INDEX api_key_by_expiry ON api_key(deleted_ms, expires_ms, id);
CREATE INDEX api_key_by_use ON api_key(deleted_ms, last_used_ms, id);

-- Requests to the local API. One row is one request with a good key, or some with
-- none of one source and minute.
CREATE TABLE api_access (
  id       INTEGER PRIMARY KEY,
  at_ms    INTEGER NOT NULL,
  key_id   TEXT NOT NULL,
  method   TEXT NOT NULL,
  route    TEXT NOT NULL,
  status   INTEGER NOT NULL,
  -- The code of the refusal; '' when it was accepted.
  code     TEXT NOT NULL,
  source   TEXT NOT NULL,
  took_ms  INTEGER NOT NULL,
  requests INTEGER NOT NULL
);
CREATE INDEX api_access_by_key ON api_access(key_id, id);
CREATE INDEX api_access_by_time ON api_access(at_ms);

-- How often a key was used in an hour, by outcome.
CREATE TABLE api_usage (
  key_id   TEXT NOT NULL,
  hour_ms  INTEGER NOT NULL,
  outcome  TEXT NOT NULL,
  requests INTEGER NOT NULL,
  PRIMARY KEY (key_id, hour_ms, outcome)
);

-- Settings that are one document each.
CREATE TABLE setting (
  name    TEXT PRIMARY KEY,
  data    TEXT NOT NULL,
  version INTEGER NOT NULL
);

-- The built-in roles get the rights over API keys that go with those over
-- setups, as a new office has them.
UPDATE role SET permissions = json_insert(permissions, '$[#]', 'apikey.view')
  WHERE id IN ('manager', 'operator', 'viewer') AND permissions LIKE '%"setup.view"%';
UPDATE role SET permissions = json_insert(permissions, '$[#]', 'apikey.create')
  WHERE id = 'manager' AND permissions LIKE '%"setup.create"%';
UPDATE role SET permissions = json_insert(permissions, '$[#]', 'apikey.edit')
  WHERE id = 'manager' AND permissions LIKE '%"setup.edit"%';

CREATE INDEX call_by_actor ON call(actor_id, at_ms) WHERE mode = 'live' AND actor_kind = 'key';
