-- +goose Up
-- Names that other databases keep for themselves: user is a reserved word of
-- PostgreSQL. The office is called organisation everywhere else.
ALTER TABLE user RENAME TO app_user;
ALTER TABLE office RENAME TO organisation;
-- A yes/no column is a boolean elsewhere, which cannot be compared with 1.
DROP INDEX setup_one_enabled;
CREATE UNIQUE INDEX setup_one_enabled ON setup(place_id, COALESCE(stage_id, ''), channel)
  WHERE enabled = TRUE AND deleted_ms = 0;
