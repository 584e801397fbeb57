-- +goose Up
-- Names that are reserved in other databases: user is a reserved word of
-- PostgreSQL. Everything else calls the office organisation.
ALTER TABLE user RENAME TO app_user;
ALTER TABLE office RENAME TO organisation;
-- In other databases a yes/no column is a boolean, which cannot be compared
-- with 1.
DROP INDEX setup_one_enabled;
CREATE UNIQUE INDEX setup_one_enabled ON setup(place_id, COALESCE(stage_id, ''), channel)
  WHERE enabled = TRUE AND deleted_ms = 0;
