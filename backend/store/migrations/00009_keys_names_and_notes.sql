-- +goose Up
-- A signing key that no longer opens is replaced, and the trail then has several
-- public keys. from_seq is the first entry that a key signs.
ALTER TABLE activity_key ADD COLUMN from_seq INTEGER NOT NULL DEFAULT 1;

-- Wrong sign-ins for names that no user has slow down as those of users do, also
-- over a restart: otherwise the two could be told apart. The name is only there
-- as a MAC under a sealed key, since people type passwords there.
CREATE TABLE unknown_name (
  slot          INTEGER PRIMARY KEY,
  name_mac      BLOB NOT NULL,
  failures      INTEGER NOT NULL,
  wait_until_ms INTEGER NOT NULL
);

-- Items of the keyring that a first run is about to write. One that a crash left
-- there is found by this and removed.
CREATE TABLE keyring_note (
  item    TEXT PRIMARY KEY,
  backend TEXT NOT NULL
);
