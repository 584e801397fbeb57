package store

import (
	"context"

	"keydesk/backend/organisation"
)

// Office gives the organisation; false before the first run is confirmed.
func (s *Store) Office(ctx context.Context) (organisation.Settings, bool, error) {
	var o organisation.Settings
	err := s.one(ctx, nil, []any{&o.InstallationID, &o.Name, &o.Country, &o.TimeZone, &o.IdleMinutes, &o.CreatedMs, &o.Version},
		"SELECT installation_id, name, country, time_zone, idle_minutes, created_ms, version FROM organisation WHERE id = 1")
	return o, o.Version > 0, err
}

// InsertOffice keeps the organisation; there is one.
func (s *Store) InsertOffice(ctx context.Context, o organisation.Settings) error {
	_, err := s.exec(ctx, "INSERT INTO organisation (id, installation_id, name, country, time_zone, idle_minutes, created_ms, version) VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
		o.InstallationID, o.Name, o.Country, o.TimeZone, o.IdleMinutes, o.CreatedMs, o.Version)
	if isUnique(err) {
		return organisation.ErrMade.WithCause(err)
	}
	return err
}

// UpdateOffice changes the settings if the version is still the one that was read.
func (s *Store) UpdateOffice(ctx context.Context, o organisation.Settings) error {
	touched, err := s.exec(ctx, "UPDATE organisation SET name = ?, country = ?, time_zone = ?, idle_minutes = ?, version = version + 1 WHERE id = 1 AND version = ?",
		o.Name, o.Country, o.TimeZone, o.IdleMinutes, o.Version)
	return must(touched, err, organisation.ErrStale)
}

// Counts tells whether there is a place, a setup and a call: each count is 0 or 1.
func (s *Store) Counts(ctx context.Context) (places, setups, calls int, err error) {
	err = s.one(ctx, nil, []any{&places, &setups, &calls}, `SELECT
		(SELECT COUNT(*) FROM (SELECT 1 FROM place LIMIT 1) AS one_place),
		(SELECT COUNT(*) FROM (SELECT 1 FROM setup WHERE deleted_ms = 0 LIMIT 1) AS one_setup),
		(SELECT COUNT(*) FROM (SELECT 1 FROM call LIMIT 1) AS one_call)`)
	return places, setups, calls, err
}

// CalledByKey tells whether an API key has sent a message to the simulator, and a
// real one that was accepted. No index finds tests by their actor, so the calls are
// not searched where the access log has no call. The verdict is an expression, so
// that the index of verdicts, which has everybody's accepted calls, is not taken.
func (s *Store) CalledByKey(ctx context.Context) (simulated, sent bool, err error) {
	var tests, live int
	err = s.one(ctx, nil, []any{&tests, &live}, `SELECT
		(SELECT COUNT(*) FROM (SELECT 1 FROM call WHERE mode = 'test' AND actor_kind = 'key'
			AND EXISTS (SELECT 1 FROM api_access WHERE method = 'POST' AND route = '/v1/calls' AND code = '') LIMIT 1) AS one_test),
		(SELECT COUNT(*) FROM (SELECT 1 FROM call WHERE mode = 'live' AND actor_kind = 'key' AND verdict || '' = 'accepted' LIMIT 1) AS one_live)`)
	return tests > 0, live > 0, err
}

// Setting gives a document of settings and its version; 0 where there is none.
func (s *Store) Setting(ctx context.Context, name string) (data string, version int, err error) {
	err = s.one(ctx, nil, []any{&data, &version}, "SELECT data, version FROM setting WHERE name = ?", name)
	return data, version, err
}

// PutSetting writes a document of settings if the version is still the stored one.
func (s *Store) PutSetting(ctx context.Context, name, data string, version int) error {
	if version == 0 {
		_, err := s.exec(ctx, "INSERT INTO setting (name, data, version) VALUES (?, ?, 1)", name, data)
		if isUnique(err) {
			return organisation.ErrStale.WithCause(err)
		}
		return err
	}
	touched, err := s.exec(ctx, "UPDATE setting SET data = ?, version = version + 1 WHERE name = ? AND version = ?", data, name, version)
	return must(touched, err, organisation.ErrStale)
}
