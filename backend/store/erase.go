package store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"keydesk/backend/erase"
)

// textColumns are columns of a table that can hold what a person typed or a server
// answered.
type textColumns struct {
	table   string
	columns []string
	where   string
}

// past are the texts of what happened before, by part. activity has its own rules
// (activity/FORMAT.md).
var past = map[erase.Part]textColumns{
	erase.Calls: {table: "call", columns: []string{
		"place_names", "service", "actor_name", "recipient", "reason", "message_id", "error_code", "record", "request", "answer", "idempotency_key",
	}},
	erase.Planned: {table: "planned_call", columns: []string{"calls"}},
	erase.Events:  {table: "outbox", columns: []string{"data"}},
	erase.Checks:  {table: "setup", columns: []string{"checked"}},
	erase.Deleted: {table: "setup", columns: []string{"document"}, where: "deleted_ms > 0"},
	erase.Keys:    {table: "api_key", columns: []string{"title", "creator_name", "ended_by"}, where: "deleted_ms > 0"},
	erase.Alerts:  {table: "alert", columns: []string{"object"}},
}

// present are the texts of what is in force today, with the kind and the name of
// the thing that a refusal shows.
var present = []struct {
	textColumns
	kind, id, name string
}{
	{textColumns{table: "setup", columns: []string{"document"}, where: "deleted_ms = 0"}, "setup", "id", "name"},
	{textColumns{table: "provider_file", columns: []string{"data"}}, "provider", "id", "id"},
	{textColumns{table: "place", columns: []string{"name"}}, "place", "id", "name"},
	{textColumns{table: "stage", columns: []string{"name"}}, "place", "place_id", "name"},
	{textColumns{table: "stage_field", columns: []string{"name", "sample"}}, "stage_field", "id", "name"},
	{textColumns{table: "app_user", columns: []string{"name", "full_name"}}, "user", "id", "name"},
	{textColumns{table: "role", columns: []string{"name"}}, "role", "id", "name"},
	{textColumns{table: "api_key", columns: []string{"title", "creator_name", "ended_by"}, where: "deleted_ms = 0"}, "key", "id", "title"},
	{textColumns{table: "setting", columns: []string{"data"}}, "organisation", "name", "name"},
	{textColumns{table: "organisation", columns: []string{"name"}}, "organisation", "installation_id", "name"},
}

// InUse lists things of today that hold what is looked for.
func (s *Store) InUse(ctx context.Context, limit int, holds func(text string) bool) ([]erase.Use, error) {
	var uses []erase.Use
	for _, one := range present {
		var where clause
		where.when(one.where != "", one.where)
		err := s.each(ctx, func(scan func(into ...any) error) error {
			use := erase.Use{Kind: one.kind}
			held := make([]string, len(one.columns))
			if err := scan(append([]any{&use.ID, &use.Name}, pointers(held)...)...); err != nil {
				return err
			}
			if len(uses) < limit && slices.ContainsFunc(held, holds) {
				uses = append(uses, use)
			}
			return nil
		}, "SELECT "+one.id+", "+one.name+", "+strings.Join(one.columns, ", ")+" FROM "+one.table+where.sql())
		if err != nil {
			return nil, err
		}
	}
	for i, use := range uses {
		if use.Kind == "setup" && use.Name == "" {
			full, err := s.Setup(ctx, use.ID)
			if err != nil {
				return nil, err
			}
			uses[i].Name = full.Title
		}
	}
	return uses, nil
}

func pointers(list []string) []any {
	into := make([]any, len(list))
	for i := range list {
		into[i] = &list[i]
	}
	return into
}

// Holding reads a page of a part's rows and gives the ids of those that hold what
// is looked for.
func (s *Store) Holding(ctx context.Context, part erase.Part, after string, holds func(text string) bool) (ids []string, last string, err error) {
	one := past[part]
	var where clause
	where.when(one.where != "", one.where)
	where.when(true, "id > ?", after)
	read := 0
	err = s.each(ctx, func(scan func(into ...any) error) error {
		held := make([]string, len(one.columns))
		if err := scan(append([]any{&last}, pointers(held)...)...); err != nil {
			return err
		}
		read++
		if slices.ContainsFunc(held, holds) {
			ids = append(ids, last)
		}
		return nil
	}, "SELECT id, "+strings.Join(one.columns, ", ")+" FROM "+one.table+where.sql()+" ORDER BY id LIMIT ?", append(where.args, erase.PageSize)...)
	if read < erase.PageSize {
		last = ""
	}
	return ids, last, err
}

// Mask writes the texts of rows again, and what is made from them.
func (s *Store) Mask(ctx context.Context, part erase.Part, ids []string, mask func(text string) string) error {
	one := past[part]
	query := "SELECT " + strings.Join(one.columns, ", ") + " FROM " + one.table + " WHERE id = ?"
	for _, id := range ids {
		held := make([]string, len(one.columns))
		if err := s.one(ctx, nil, pointers(held), query, id); err != nil {
			return err
		}
		set, args := []string{}, []any{}
		for i, column := range one.columns {
			text := mask(held[i])
			if column == "idempotency_key" && text != held[i] {
				// Two keys must not become one, so the call has none any more.
				text = ""
			}
			set, args = append(set, column+" = ?"), append(args, text)
			if column == "recipient" {
				set, args = append(set, "recipient_key = ?"), append(args, fold(text))
			}
		}
		if _, err := s.exec(ctx, "UPDATE "+one.table+" SET "+strings.Join(set, ", ")+" WHERE id = ?", append(args, id)...); err != nil {
			return err
		}
	}
	return nil
}

// HistorySize counts entries of activity and calls.
func (s *Store) HistorySize(ctx context.Context) (entries, calls int, err error) {
	err = s.one(ctx, nil, []any{&entries, &calls}, "SELECT (SELECT COUNT(*) FROM activity), (SELECT COUNT(*) FROM call)")
	return entries, calls, err
}

// rewriting is the name of the copy from which Rewrite fills the file.
func (s *Store) rewriting() string { return s.path + ".rewriting" }

// Rewrite makes the file anew from its rows. Deleted bytes are overwritten at once
// (secure_delete), but what SQLite moved to another page can stay behind in the
// first.
func (s *Store) Rewrite(ctx context.Context) error {
	if s.write == nil {
		return ErrUnreachable
	}
	if err := s.inPlace(); err != nil {
		return err
	}
	removeDatabase(s.rewriting()) // left by a try that failed
	defer removeDatabase(s.rewriting())
	if err := refill(ctx, s.write, s.rewriting()); err != nil {
		return translate(err)
	}
	return translate(emptyLog(ctx, s.write))
}

// FileHolds searches the bytes of the file and of its log.
func (s *Store) FileHolds(text string) (bool, error) {
	for _, path := range []string{s.path, s.path + "-wal"} {
		held, err := fileHolds(path, []byte(text))
		if err != nil && !errors.Is(err, fs.ErrNotExist) || held {
			return held, err
		}
	}
	return false, nil
}

func fileHolds(path string, text []byte) (bool, error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer func() { _ = file.Close() }()
	const piece = 1 << 20
	window := make([]byte, 0, piece+len(text))
	for {
		kept := min(len(window), len(text)-1)
		copy(window, window[len(window)-kept:])
		n, err := io.ReadFull(file, window[kept:kept+piece])
		window = window[:kept+n]
		if bytes.Contains(window, text) {
			return true, nil
		}
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			return false, nil
		case err != nil:
			return false, err
		}
	}
}

// Elsewhere names the other files of the data folder that hold what is looked for,
// such as a database that was put aside or a provider file that was taken in.
// Copies made before migrations are left out, since an erasure removes them.
func (s *Store) Elsewhere(ctx context.Context, holds func(text string) bool) ([]string, error) {
	var found []string
	folder := filepath.Dir(s.path)
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		name, _ := filepath.Rel(folder, path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // gone meanwhile
		case err != nil || ctx.Err() != nil:
			return errors.Join(err, ctx.Err())
		case replacedName.MatchString(name):
			return fs.SkipDir // an erasure removes it
		case entry.IsDir() && filepath.Dir(name) == "." && name != "." && !keepsTexts(name):
			return fs.SkipDir // the person's own: a data folder may be chosen anywhere
		case !entry.Type().IsRegular() || slices.Contains([]string{FileName, FileName + "-wal", FileName + "-shm"}, name),
			copyName.MatchString(withoutLog(name)), strings.HasPrefix(path, s.rewriting()):
			return nil
		}
		held, err := pieceHolds(path, holds)
		if held {
			found = append(found, name)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	return found, err
}

// keepsTexts reports the folders of a data folder that are Keydesk's.
func keepsTexts(folder string) bool {
	return folder == "providers" || folder == "log" || strings.HasPrefix(folder, FileName)
}

// withoutLog is the database that a file of SQLite belongs to.
func withoutLog(name string) string {
	return strings.TrimSuffix(strings.TrimSuffix(name, "-wal"), "-shm")
}

// pieceHolds searches a file piece by piece. Each piece begins with the end of the
// last one, which is longer than any text to erase in most spellings.
func pieceHolds(path string, holds func(text string) bool) (bool, error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer func() { _ = file.Close() }()
	const piece, overlap = 1 << 20, 256 << 10
	window := make([]byte, 0, piece+overlap)
	for {
		kept := min(len(window), overlap)
		copy(window[:kept], window[len(window)-kept:])
		n, err := io.ReadFull(file, window[kept:kept+piece])
		window = window[:kept+n]
		if holds(string(window)) {
			return true, nil
		}
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			return false, nil
		case err != nil:
			return false, err
		}
	}
}
