-- +goose Up
-- The trail is chained by hash over salted digests of its texts
-- (activity/FORMAT.md). Entries of the old format are chained again when the data
-- key is first opened, since that needs its keys. Until then hash is empty and the
-- old MACs are kept in this table.
CREATE TABLE activity_old_mac (
  seq      INTEGER PRIMARY KEY,
  prev_mac BLOB NOT NULL,
  mac      BLOB NOT NULL
);
INSERT INTO activity_old_mac (seq, prev_mac, mac) SELECT seq, prev_mac, mac FROM activity;

DROP TRIGGER IF EXISTS activity_no_update;
ALTER TABLE activity DROP COLUMN prev_mac;
ALTER TABLE activity DROP COLUMN mac;
ALTER TABLE activity ADD COLUMN actor_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE activity ADD COLUMN prev_hash BLOB NOT NULL DEFAULT x'';
ALTER TABLE activity ADD COLUMN hash BLOB NOT NULL DEFAULT x'';
ALTER TABLE activity ADD COLUMN mac BLOB NOT NULL DEFAULT x'';
ALTER TABLE activity ADD COLUMN actor_salt BLOB NOT NULL DEFAULT x'';
ALTER TABLE activity ADD COLUMN object_salt BLOB NOT NULL DEFAULT x'';
ALTER TABLE activity ADD COLUMN before_salt BLOB NOT NULL DEFAULT x'';
ALTER TABLE activity ADD COLUMN after_salt BLOB NOT NULL DEFAULT x'';
ALTER TABLE activity ADD COLUMN actor_digest BLOB NOT NULL DEFAULT x'';
ALTER TABLE activity ADD COLUMN object_digest BLOB NOT NULL DEFAULT x'';
ALTER TABLE activity ADD COLUMN before_digest BLOB NOT NULL DEFAULT x'';
ALTER TABLE activity ADD COLUMN after_digest BLOB NOT NULL DEFAULT x'';

-- This trigger catches mistakes, not attacks. Two changes pass: an entry without a
-- hash gets its link, and texts are erased, each with its salt, which changes no
-- hash.
-- +goose StatementBegin
CREATE TRIGGER activity_no_update BEFORE UPDATE ON activity
WHEN NOT (
  NEW.seq IS OLD.seq AND NEW.at_ms IS OLD.at_ms AND NEW.mono_ms IS OLD.mono_ms AND NEW.actor_id IS OLD.actor_id
  AND NEW.roles IS OLD.roles AND NEW.source IS OLD.source AND NEW.op IS OLD.op AND NEW.outcome IS OLD.outcome
  AND NEW.kind IS OLD.kind AND NEW.object_id IS OLD.object_id AND NEW.count IS OLD.count
  AND (
    (OLD.hash = x'' AND NEW.actor IS OLD.actor AND NEW.object IS OLD.object AND NEW.before IS OLD.before AND NEW.after IS OLD.after AND NEW.search IS OLD.search)
    OR (
      OLD.hash <> x'' AND NEW.actor_kind IS OLD.actor_kind AND NEW.prev_hash IS OLD.prev_hash AND NEW.hash IS OLD.hash AND NEW.mac IS OLD.mac
      AND NEW.actor_digest IS OLD.actor_digest AND NEW.object_digest IS OLD.object_digest AND NEW.before_digest IS OLD.before_digest AND NEW.after_digest IS OLD.after_digest
      AND ((NEW.actor IS OLD.actor AND NEW.actor_salt IS OLD.actor_salt) OR (NEW.actor = '' AND NEW.actor_salt = x''))
      AND ((NEW.object IS OLD.object AND NEW.object_salt IS OLD.object_salt) OR (NEW.object = '' AND NEW.object_salt = x''))
      AND ((NEW.before IS OLD.before AND NEW.before_salt IS OLD.before_salt) OR (NEW.before = '' AND NEW.before_salt = x''))
      AND ((NEW.after IS OLD.after AND NEW.after_salt IS OLD.after_salt) OR (NEW.after = '' AND NEW.after_salt = x''))
      AND (NEW.search IS OLD.search
        OR NEW.actor_salt IS NOT OLD.actor_salt
        OR NEW.object_salt IS NOT OLD.object_salt
        OR NEW.before_salt IS NOT OLD.before_salt
        OR NEW.after_salt IS NOT OLD.after_salt)
    )
  )
)
BEGIN SELECT RAISE(ABORT, 'activity entries are never changed'); END;
-- +goose StatementEnd

-- The public key of the signatures. The secret half is sealed in secret.
CREATE TABLE activity_key (
  public_key BLOB PRIMARY KEY,
  at_ms      INTEGER NOT NULL
);

CREATE TABLE activity_head (
  seq       INTEGER NOT NULL,
  hash      BLOB NOT NULL,
  at_ms     INTEGER NOT NULL,
  signature BLOB NOT NULL,
  PRIMARY KEY (seq, hash)
);

CREATE TABLE activity_checkpoint (
  reason     TEXT NOT NULL,
  first_seq  INTEGER NOT NULL,
  last_seq   INTEGER NOT NULL,
  count      INTEGER NOT NULL,
  first_ms   INTEGER NOT NULL,
  last_ms    INTEGER NOT NULL,
  hash       BLOB NOT NULL,
  broken_seq INTEGER NOT NULL,
  problem    TEXT NOT NULL,
  at_ms      INTEGER NOT NULL,
  signature  BLOB NOT NULL,
  PRIMARY KEY (reason, last_seq)
);

-- +goose StatementBegin
CREATE TRIGGER activity_key_no_update BEFORE UPDATE ON activity_key
BEGIN SELECT RAISE(ABORT, 'what is kept of the activity is never changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER activity_key_no_delete BEFORE DELETE ON activity_key
BEGIN SELECT RAISE(ABORT, 'what is kept of the activity is never removed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER activity_head_no_update BEFORE UPDATE ON activity_head
BEGIN SELECT RAISE(ABORT, 'what is kept of the activity is never changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER activity_head_no_delete BEFORE DELETE ON activity_head
BEGIN SELECT RAISE(ABORT, 'what is kept of the activity is never removed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER activity_checkpoint_no_update BEFORE UPDATE ON activity_checkpoint
BEGIN SELECT RAISE(ABORT, 'what is kept of the activity is never changed'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER activity_checkpoint_no_delete BEFORE DELETE ON activity_checkpoint
BEGIN SELECT RAISE(ABORT, 'what is kept of the activity is never removed'); END;
-- +goose StatementEnd
