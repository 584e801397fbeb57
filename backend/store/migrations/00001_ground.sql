-- +goose Up
CREATE TABLE office (
  id              INTEGER PRIMARY KEY CHECK (id = 1),
  installation_id TEXT NOT NULL,
  name            TEXT NOT NULL,
  country         TEXT NOT NULL,
  time_zone       TEXT NOT NULL,
  idle_minutes    INTEGER NOT NULL,
  created_ms      INTEGER NOT NULL,
  version         INTEGER NOT NULL
);

CREATE TABLE wrapping (
  kind TEXT PRIMARY KEY,
  data BLOB NOT NULL
);

CREATE TABLE secret (
  owner_kind TEXT NOT NULL,
  owner_id   TEXT NOT NULL,
  slot       TEXT NOT NULL,
  version    INTEGER NOT NULL,
  sealed     BLOB NOT NULL,
  PRIMARY KEY (owner_kind, owner_id, slot)
);

CREATE TABLE role (
  id          TEXT PRIMARY KEY,
  name        TEXT NOT NULL,
  name_key    TEXT NOT NULL UNIQUE,
  built_in    INTEGER NOT NULL,
  permissions TEXT NOT NULL,
  version     INTEGER NOT NULL
);

CREATE TABLE user (
  id              TEXT PRIMARY KEY,
  name            TEXT NOT NULL,
  name_key        TEXT NOT NULL UNIQUE,
  full_name       TEXT NOT NULL,
  password_hash   TEXT NOT NULL,
  must_change     INTEGER NOT NULL,
  active          INTEGER NOT NULL,
  failures        INTEGER NOT NULL,
  wait_until_ms   INTEGER NOT NULL,
  last_sign_in_ms INTEGER NOT NULL,
  created_ms      INTEGER NOT NULL,
  version         INTEGER NOT NULL
);

CREATE TABLE user_role (
  user_id TEXT NOT NULL REFERENCES user(id) ON DELETE CASCADE,
  role_id TEXT NOT NULL REFERENCES role(id),
  PRIMARY KEY (user_id, role_id)
);
CREATE INDEX user_role_role ON user_role(role_id);

CREATE TABLE place (
  id        TEXT PRIMARY KEY,
  parent_id TEXT REFERENCES place(id),
  level     INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3),
  name      TEXT NOT NULL,
  name_key  TEXT NOT NULL,
  code      TEXT NOT NULL,
  version   INTEGER NOT NULL
);
CREATE UNIQUE INDEX place_name ON place(COALESCE(parent_id, ''), name_key);
CREATE UNIQUE INDEX place_code ON place(COALESCE(parent_id, ''), code);

CREATE TABLE stage (
  id       TEXT PRIMARY KEY,
  place_id TEXT NOT NULL REFERENCES place(id),
  name     TEXT NOT NULL,
  name_key TEXT NOT NULL,
  code     TEXT NOT NULL,
  position INTEGER NOT NULL,
  version  INTEGER NOT NULL
);
CREATE UNIQUE INDEX stage_name ON stage(place_id, name_key);
CREATE UNIQUE INDEX stage_code ON stage(place_id, code);

CREATE TABLE stage_field (
  id       TEXT PRIMARY KEY,
  stage_id TEXT NOT NULL REFERENCES stage(id),
  name     TEXT NOT NULL,
  name_key TEXT NOT NULL,
  code     TEXT NOT NULL,
  type     TEXT NOT NULL,
  required INTEGER NOT NULL,
  sample   TEXT NOT NULL,
  position INTEGER NOT NULL,
  version  INTEGER NOT NULL
);
CREATE UNIQUE INDEX stage_field_name ON stage_field(stage_id, name_key);
CREATE UNIQUE INDEX stage_field_code ON stage_field(stage_id, code);

-- The *_key columns are folded copies of the names above the setup, rewritten
-- when one of them is renamed: lists sort and page on them.
CREATE TABLE setup (
  id                  TEXT PRIMARY KEY,
  place_id            TEXT NOT NULL,
  stage_id            TEXT,
  channel             TEXT NOT NULL,
  provider            TEXT NOT NULL,
  enabled             INTEGER NOT NULL,
  name                TEXT NOT NULL,
  auth_type           TEXT NOT NULL,
  method              TEXT NOT NULL,
  url                 TEXT NOT NULL,
  document            TEXT NOT NULL,
  path_key            TEXT NOT NULL,
  sub_process_key     TEXT NOT NULL,
  sub_sub_process_key TEXT NOT NULL,
  stage_key           TEXT NOT NULL,
  search              TEXT NOT NULL,
  tls_off             INTEGER NOT NULL DEFAULT 0,
  last_verdict        TEXT NOT NULL,
  last_at_ms          INTEGER NOT NULL,
  version             INTEGER NOT NULL,
  created_ms          INTEGER NOT NULL,
  updated_ms          INTEGER NOT NULL,
  deleted_ms          INTEGER NOT NULL
);
CREATE UNIQUE INDEX setup_one_enabled ON setup(place_id, COALESCE(stage_id, ''), channel)
  WHERE enabled = 1 AND deleted_ms = 0;
CREATE INDEX setup_place ON setup(place_id);
CREATE INDEX setup_stage ON setup(stage_id);
CREATE INDEX setup_by_path ON setup(deleted_ms, path_key, id);
CREATE INDEX setup_by_sub ON setup(deleted_ms, sub_process_key, id);
CREATE INDEX setup_by_sub_sub ON setup(deleted_ms, sub_sub_process_key, id);
CREATE INDEX setup_by_stage ON setup(deleted_ms, stage_key, id);
CREATE INDEX setup_by_auth ON setup(deleted_ms, auth_type, id);
CREATE INDEX setup_by_channel ON setup(deleted_ms, channel, id);
CREATE INDEX setup_by_provider ON setup(deleted_ms, provider, id);
CREATE INDEX setup_by_verdict ON setup(deleted_ms, last_verdict, id);

-- A call outlives its setup: place_names holds the names at the time of the call.
CREATE TABLE call (
  id            TEXT PRIMARY KEY,
  at_ms         INTEGER NOT NULL,
  mode          TEXT NOT NULL,
  run_id        TEXT NOT NULL,
  setup_id      TEXT NOT NULL,
  setup_version INTEGER NOT NULL,
  draft         INTEGER NOT NULL,
  place_names   TEXT NOT NULL,
  channel       TEXT NOT NULL,
  service       TEXT NOT NULL,
  user_id       TEXT NOT NULL,
  user_name     TEXT NOT NULL,
  recipient     TEXT NOT NULL,
  recipient_key TEXT NOT NULL,
  state         TEXT NOT NULL,
  verdict       TEXT NOT NULL,
  delivery      TEXT NOT NULL,
  status        INTEGER NOT NULL,
  total_ms      REAL NOT NULL,
  reason        TEXT NOT NULL,
  message_id    TEXT NOT NULL,
  error_code    TEXT NOT NULL,
  record        TEXT NOT NULL,
  request       TEXT NOT NULL,
  answer        TEXT NOT NULL
);
CREATE INDEX call_by_setup ON call(setup_id, id);
CREATE INDEX call_by_verdict ON call(verdict, id);
CREATE INDEX call_by_recipient ON call(recipient_key, id);
CREATE INDEX call_by_run ON call(run_id, id);
CREATE INDEX call_by_state ON call(state) WHERE state <> 'done';

CREATE TABLE activity (
  seq        INTEGER PRIMARY KEY,
  at_ms      INTEGER NOT NULL,
  mono_ms    INTEGER NOT NULL,
  actor_id   TEXT NOT NULL,
  actor      TEXT NOT NULL,
  roles      TEXT NOT NULL,
  source     TEXT NOT NULL,
  op         TEXT NOT NULL,
  outcome    TEXT NOT NULL,
  kind       TEXT NOT NULL,
  object_id  TEXT NOT NULL,
  object     TEXT NOT NULL,
  count      INTEGER NOT NULL,
  before     TEXT NOT NULL,
  after      TEXT NOT NULL,
  search     TEXT NOT NULL,
  prev_mac   BLOB NOT NULL,
  mac        BLOB NOT NULL
);
CREATE INDEX activity_by_actor ON activity(actor_id, seq);
CREATE INDEX activity_by_kind ON activity(kind, seq);
CREATE INDEX activity_by_object ON activity(object_id, seq);

-- These triggers catch mistakes, not attacks (RULES.md, Activity): a program
-- that can write the file can drop them, and then the chained MAC shows it.
-- +goose StatementBegin
CREATE TRIGGER activity_no_update BEFORE UPDATE ON activity
BEGIN SELECT RAISE(ABORT, 'activity entries are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER activity_no_delete BEFORE DELETE ON activity
BEGIN SELECT RAISE(ABORT, 'activity entries are never removed'); END;
-- +goose StatementEnd
