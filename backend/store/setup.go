package store

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"keydesk/backend/fault"
	"keydesk/backend/setup"
)

// fromPlaces joins the place of a setup and those above it.
const fromPlaces = ` FROM setup s
	LEFT JOIN place p ON p.id = s.place_id
	LEFT JOIN place q ON q.id = p.parent_id
	LEFT JOIN place r ON r.id = q.parent_id
	LEFT JOIN stage t ON t.id = s.stage_id`

const placeNames = `COALESCE(p.name, ''), COALESCE(q.name, ''), COALESCE(r.name, ''), COALESCE(t.name, '')`

// rootFirst orders the names of a place and of those above it, without empty ones.
func rootFirst(own, above, top string) []string {
	names := []string{}
	for _, name := range []string{top, above, own} {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

const wholeSetup = "SELECT s.id, s.document, s.version, s.created_ms, s.updated_ms, s.deleted_ms, s.provider_name, s.checked, " + placeNames + fromPlaces

// Setup gives one setup, deleted ones too. With ErrDamaged it gives what can be
// told without its document.
func (s *Store) Setup(ctx context.Context, id string) (setup.Setup, error) {
	found, err := s.setups(ctx, " WHERE s.id = ?", id)
	if errors.Is(err, setup.ErrDamaged) {
		one, damaged := s.withoutDocument(ctx, id), setup.ErrDamaged
		if one.Title != "" {
			damaged = damaged.WithMessage("The setup “%s” is damaged in the data file.", one.Title).WithLink(setup.Kind, id, one.Title)
		}
		return one, damaged.WithCause(err)
	}
	if err == nil && len(found) == 0 {
		err = setup.ErrNotFound
	}
	if err != nil {
		return setup.Setup{}, err
	}
	return found[0], nil
}

// SetupsByID gives those of these setups that exist, deleted ones too.
func (s *Store) SetupsByID(ctx context.Context, ids []string) ([]setup.Setup, error) {
	var all []setup.Setup
	for some := range slices.Chunk(ids, inOneRead) {
		found, err := s.setups(ctx, " WHERE s.id IN "+anyOf, alike(some)...)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

func (s *Store) setups(ctx context.Context, where string, args ...any) ([]setup.Setup, error) {
	var list []setup.Setup
	err := s.each(ctx, func(scan func(into ...any) error) error {
		one, err := readSetup(scan)
		list = append(list, one)
		return err
	}, wholeSetup+where, args...)
	return list, err
}

func readSetup(scan func(into ...any) error) (setup.Setup, error) {
	var one setup.Setup
	var document []byte
	var own, above, top, checked string
	if err := scan(&one.ID, &document, &one.Version, &one.CreatedMs, &one.UpdatedMs, &one.DeletedMs, &one.ProviderName, &checked, &own, &above, &top, &one.Stage); err != nil {
		return setup.Setup{}, err
	}
	if err := json.Unmarshal(document, &one.Draft); err != nil {
		return setup.Setup{}, setup.ErrDamaged.WithCause(fmt.Errorf("setup %s: %w", one.ID, err))
	}
	if checked != "" && json.Unmarshal([]byte(checked), &one.Check) != nil {
		one.Check = nil // it can be checked again
	}
	one.Places = rootFirst(own, above, top)
	one.Title = setup.Title(one.Draft.Name, one.Places, one.Stage, one.Draft.Channel)
	return one, nil
}

// withoutDocument gives what the columns hold of a setup whose document is
// damaged, as far as they can be read.
func (s *Store) withoutDocument(ctx context.Context, id string) setup.Setup {
	one := setup.Setup{ID: id}
	d := &one.Draft
	var own, above, top string
	err := s.one(ctx, setup.ErrNotFound, []any{
		&one.Version, &one.CreatedMs, &one.UpdatedMs, &one.DeletedMs, &one.ProviderName,
		&d.PlaceID, &d.StageID, &d.Channel, &d.Enabled, &d.Name, &own, &above, &top, &one.Stage,
	}, "SELECT s.version, s.created_ms, s.updated_ms, s.deleted_ms, s.provider_name, s.place_id, COALESCE(s.stage_id, ''), s.channel, s.enabled, s.name, "+placeNames+fromPlaces+" WHERE s.id = ?", id)
	if err != nil {
		return setup.Setup{ID: id}
	}
	one.Places = rootFirst(own, above, top)
	one.Title = setup.Title(d.Name, one.Places, one.Stage, d.Channel)
	return one
}

// spare leaves out members that most values have and whose absence means the same:
// Test all reads a document for each call. Quotes inside a text are escaped, so
// only members match.
var spare = strings.NewReplacer(`,"secret":false`, "", `,"stored":false`, "", `,"typed":""`, "")

// setupColumns are the document and the keys. The setup has the names of its place
// and stage as they are in this transaction.
func setupColumns(one setup.Setup) (document string, keys setupKeys, err error) {
	d := one.Draft
	data, err := json.Marshal(d)
	if err != nil {
		return "", setupKeys{}, fmt.Errorf("setup: %w", err)
	}
	return spare.Replace(string(data)), keysOf(one.Places, one.Stage, string(d.Request.Auth.Type), string(d.Channel), one.ProviderName, d.Name, d.Request.URL), nil
}

// checkColumn is a check of the credential as it is kept.
func checkColumn(check *setup.CredentialCheck) (string, error) {
	if check == nil {
		return "", nil
	}
	data, err := json.Marshal(check)
	if err != nil {
		return "", fmt.Errorf("credential check: %w", err)
	}
	return string(data), nil
}

// liveColumn is a setup's limit of live messages a day as it is kept, 0 for none of
// its own.
func liveColumn(options setup.Options) int {
	if options.LivePerDay == nil {
		return 0
	}
	return *options.LivePerDay
}

// LivePerDay gives how many live messages a setup allows a day, 0 where it says
// nothing. It is read for each live message, so that the document need not be.
func (s *Store) LivePerDay(ctx context.Context, setupID string) (int, error) {
	var limit int
	err := s.one(ctx, setup.ErrNotFound, []any{&limit}, "SELECT live_per_day FROM setup WHERE id = ?", setupID)
	return limit, err
}

func orNull(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// InsertSetup adds a setup; its secrets are sealed elsewhere, in the same
// transaction.
func (s *Store) InsertSetup(ctx context.Context, one setup.Setup) error {
	d := one.Draft
	document, keys, err := setupColumns(one)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `INSERT INTO setup (id, place_id, stage_id, channel, provider, enabled, name, auth_type, method, url, document,
		path_key, sub_process_key, sub_sub_process_key, stage_key, search, provider_name, provider_key, tls_off, live_per_day, last_verdict, last_at_ms, version, created_ms, updated_ms, deleted_ms)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, ?, ?, ?, 0)`,
		one.ID, d.PlaceID, orNull(d.StageID), d.Channel, d.Provider, d.Enabled, d.Name, d.Request.Auth.Type, d.Request.Method, d.Request.URL, document,
		keys.PathKey, keys.SubKey, keys.SubSubKey, keys.StageKey, keys.Search, one.ProviderName, keys.ProviderKey, d.Options.SkipTLSCheck, liveColumn(d.Options), one.Version, one.CreatedMs, one.UpdatedMs)
	if isUnique(err) {
		return setup.ErrTaken.WithCause(err)
	}
	return err
}

// UpdateSetup writes a changed draft if the version is still the one that was read.
func (s *Store) UpdateSetup(ctx context.Context, one setup.Setup) error {
	d := one.Draft
	document, keys, err := setupColumns(one)
	if err != nil {
		return err
	}
	checked, err := checkColumn(one.Check)
	if err != nil {
		return err
	}
	touched, err := s.exec(ctx, `UPDATE setup SET place_id = ?, stage_id = ?, channel = ?, provider = ?, enabled = ?, name = ?, auth_type = ?, method = ?, url = ?, document = ?,
		path_key = ?, sub_process_key = ?, sub_sub_process_key = ?, stage_key = ?, search = ?, provider_name = ?, provider_key = ?, tls_off = ?, live_per_day = ?, checked = ?, version = version + 1, updated_ms = ?
		WHERE id = ? AND version = ?`,
		d.PlaceID, orNull(d.StageID), d.Channel, d.Provider, d.Enabled, d.Name, d.Request.Auth.Type, d.Request.Method, d.Request.URL, document,
		keys.PathKey, keys.SubKey, keys.SubSubKey, keys.StageKey, keys.Search, one.ProviderName, keys.ProviderKey, d.Options.SkipTLSCheck, liveColumn(d.Options), checked, one.UpdatedMs, one.ID, one.Version)
	if isUnique(err) {
		return setup.ErrTaken.WithCause(err)
	}
	return must(touched, err, setup.ErrStale)
}

// SetSetupDeleted marks a setup as deleted or, with 0, as not deleted.
func (s *Store) SetSetupDeleted(ctx context.Context, id string, deletedMs int64) error {
	touched, err := s.exec(ctx, "UPDATE setup SET deleted_ms = ?, version = version + 1 WHERE id = ?", deletedMs, id)
	if isUnique(err) {
		return setup.ErrTaken.WithCause(err)
	}
	return must(touched, err, setup.ErrNotFound)
}

// RemoveSetup removes a setup permanently.
func (s *Store) RemoveSetup(ctx context.Context, id string) error {
	touched, err := s.exec(ctx, "DELETE FROM setup WHERE id = ?", id)
	return must(touched, err, setup.ErrNotFound)
}

// SetupsDeletedBefore lists setups whose restore time is over.
func (s *Store) SetupsDeletedBefore(ctx context.Context, deletedMs int64) ([]string, error) {
	return s.ids(ctx, "SELECT id FROM setup WHERE deleted_ms > 0 AND deleted_ms < ? ORDER BY deleted_ms", deletedMs)
}

func (s *Store) ids(ctx context.Context, query string, args ...any) ([]string, error) {
	ids := []string{}
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, query, args...)
	return ids, err
}

// SetupAt gives the enabled setup of exactly this place, stage and channel.
func (s *Store) SetupAt(ctx context.Context, placeID, stageID string, channel setup.Channel) (string, bool, error) {
	ids, err := s.ids(ctx, "SELECT id FROM setup WHERE place_id = ? AND COALESCE(stage_id, '') = ? AND channel = ? AND "+yes("enabled")+" AND deleted_ms = 0", placeID, stageID, channel)
	if err != nil || len(ids) == 0 {
		return "", false, err
	}
	return ids[0], true, nil
}

// Candidates gives the setups that R10 chooses from, oldest first.
func (s *Store) Candidates(ctx context.Context, placeIDs []string, channel setup.Channel) ([]setup.Candidate, error) {
	if len(placeIDs) == 0 {
		return nil, nil
	}
	args := []any{channel}
	for _, id := range placeIDs {
		args = append(args, id)
	}
	var list []setup.Candidate
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var c setup.Candidate
		err := scan(&c.ID, &c.PlaceID, &c.StageID, &c.Enabled, &c.Name)
		list = append(list, c)
		return err
	}, `SELECT id, place_id, COALESCE(stage_id, ''), enabled, name FROM setup
		WHERE channel = ? AND deleted_ms = 0 AND place_id IN (?`+strings.Repeat(", ?", len(placeIDs)-1)+`) ORDER BY id`, args...)
	return list, err
}

// CallCount tells how many calls name a setup.
func (s *Store) CallCount(ctx context.Context, setupID string) (int, error) {
	var n int
	err := s.one(ctx, nil, []any{&n}, "SELECT COUNT(*) FROM call WHERE setup_id = ?", setupID)
	return n, err
}

// SetLastResult keeps the newest verdict with the setup, for the list. This does
// not count as a change of the setup. A verdict from later than now was kept while
// the clock was ahead, and any other replaces it.
func (s *Store) SetLastResult(ctx context.Context, setupID string, last setup.LastResult, nowMs int64) error {
	_, err := s.exec(ctx, "UPDATE setup SET last_verdict = ?, last_at_ms = ?, last_simulated = ? WHERE id = ? AND (last_at_ms <= ? OR last_at_ms > ?)",
		last.Verdict, last.AtMs, last.Simulated, setupID, last.AtMs, nowMs)
	return err
}

// SetCheck keeps what a check of the saved credential said, unless the setup was
// changed meanwhile. This does not count as a change of the setup.
func (s *Store) SetCheck(ctx context.Context, setupID string, version int, check *setup.CredentialCheck) error {
	text, err := checkColumn(check)
	if err == nil {
		_, err = s.exec(ctx, "UPDATE setup SET checked = ? WHERE id = ? AND version = ?", text, setupID, version)
	}
	return err
}

// ProviderUse counts setups that are not deleted, by provider id.
func (s *Store) ProviderUse(ctx context.Context) (map[string]int, error) {
	use := map[string]int{}
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var id string
		var count int
		err := scan(&id, &count)
		use[id] = count
		return err
	}, "SELECT provider, COUNT(*) FROM setup WHERE provider <> '' AND deleted_ms = 0 GROUP BY provider")
	return use, err
}

// NameProvider renames a provider in every setup that uses it, also in the search
// text.
func (s *Store) NameProvider(ctx context.Context, id, name string) error {
	if _, err := s.exec(ctx, "UPDATE setup SET provider_name = ?, provider_key = ? WHERE provider = ?", name, fold(name), id); err != nil {
		return err
	}
	places, err := s.ids(ctx, "SELECT DISTINCT place_id FROM setup WHERE provider = ?", id)
	if err != nil {
		return err
	}
	return s.rewriteSetups(ctx, places)
}

// setupSorts are the columns a list can be sorted by, each with an index.
var setupSorts = map[string]string{
	"":                "path_key",
	"process":         "path_key",
	"sub_process":     "sub_process_key",
	"sub_sub_process": "sub_sub_process_key",
	"stage":           "stage_key",
	"auth_type":       "auth_type",
	"channel":         "channel",
	"provider":        "provider_key",
	"verdict":         "last_verdict",
}

var errCursor = fault.New(fault.Invalid, "setup.cursor", "This page of the list is no longer there.").WithHint("Reload the list.")

// listed are the conditions of a list.
func listed(in setup.ListInput) clause {
	var where clause
	if in.Deleted {
		where.when(true, "s.deleted_ms > 0")
	} else {
		where.when(true, "s.deleted_ms = 0")
	}
	where.when(in.Channel != "", "s.channel = ?", in.Channel)
	where.when(in.AuthType != "", "s.auth_type = ?", in.AuthType)
	where.when(in.Provider != "", "s.provider = ?", in.Provider)
	where.when(in.EnabledOnly, yes("s.enabled"))
	switch in.Verdict {
	case "":
	case "never":
		where.when(true, "s.last_verdict = ''")
	case "failing":
		where.failing()
	default:
		where.when(true, "s.last_verdict = ?", in.Verdict)
	}
	where.when(in.PlaceID != "", `s.place_id IN (SELECT a.id FROM place a LEFT JOIN place b ON b.id = a.parent_id WHERE a.id = ? OR b.id = ? OR b.parent_id = ?)`, in.PlaceID, in.PlaceID, in.PlaceID)
	where.like("s.search", in.Search)
	return where
}

// sorting is the column a list is sorted by, and which way.
func sorting(in setup.ListInput) (column, direction string) {
	if in.Descending {
		return "s." + setupSorts[in.Sort], "DESC"
	}
	return "s." + setupSorts[in.Sort], "ASC"
}

// SetupIDs gives the ids of a whole list, in its order.
func (s *Store) SetupIDs(ctx context.Context, in setup.ListInput) ([]string, error) {
	where := listed(in)
	column, direction := sorting(in)
	return s.ids(ctx, "SELECT s.id FROM setup s"+where.sql()+" ORDER BY "+column+" "+direction+", s.id "+direction, where.args...)
}

// SetupPage gives a page of the list by keyset, never by offset, so that the last
// page costs as much as the first.
func (s *Store) SetupPage(ctx context.Context, in setup.ListInput) (setup.Page, error) {
	where := listed(in)
	page := setup.Page{Rows: []setup.Row{}}
	whole := clause{parts: slices.Clone(where.parts), args: slices.Clone(where.args)}
	column, direction := sorting(in)
	compare := ">"
	if in.Descending {
		compare = "<"
	}
	if in.After != "" {
		key, id, err := readCursor(in.After)
		if err != nil {
			return setup.Page{}, err
		}
		where.when(true, "("+column+", s.id) "+compare+" (?, ?)", key, id)
	}
	var last string
	err := s.each(ctx, func(scan func(into ...any) error) error {
		var row setup.Row
		var own, above, top, key string
		err := scan(&row.ID, &row.Channel, &row.Provider, &row.Enabled, &row.Name, &row.AuthType, &row.Method, &row.URL, &row.LastVerdict, &row.LastAtMs,
			&row.Version, &row.DeletedMs, &row.TLSOff, &row.ProviderName, &row.LastSimulated, &key, &own, &above, &top, &row.Stage)
		names := append(rootFirst(own, above, top), "", "", "")
		row.Process, row.SubProcess, row.SubSubProcess = names[0], names[1], names[2]
		if len(page.Rows) < in.Limit {
			last = cursor(key, row.ID)
			page.Rows = append(page.Rows, row)
		} else {
			page.Next = last
		}
		return err
	}, `SELECT s.id, s.channel, s.provider, s.enabled, s.name, s.auth_type, s.method, s.url, s.last_verdict, s.last_at_ms, s.version, s.deleted_ms,
		s.tls_off, s.provider_name, s.last_simulated, `+column+", "+placeNames+fromPlaces+where.sql()+
		" ORDER BY "+column+" "+direction+", s.id "+direction+" LIMIT ?", append(where.args, in.Limit+1)...)
	if err != nil || in.After != "" {
		return page, err
	}
	if page.Next == "" {
		// Everything is on this page. A search that finds little reads the table
		// once and not twice.
		page.Count = len(page.Rows)
		return page, nil
	}
	page.Count, page.Capped, err = s.capped(ctx, "setup s", whole)
	return page, err
}

// cursor names the last row of a page by its sort key and id.
func cursor(key, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(key + "\x00" + id))
}

func readCursor(text string) (key, id string, err error) {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return "", "", errCursor
	}
	key, id, found := strings.Cut(string(data), "\x00")
	if !found {
		return "", "", errCursor
	}
	return key, id, nil
}
