package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"syscall"

	"github.com/mattn/go-sqlite3"

	"keydesk/backend/fault"
)

// Faults of the store, in the words that a person sees.
var (
	ErrUnreachable = fault.New(fault.Unavailable, "store.unreachable", "Keydesk cannot reach its data.").
			WithHint("Check that the data folder exists and that you may open it, then start Keydesk again.")
	ErrReadOnly = fault.New(fault.Unavailable, "store.read_only", "The data folder cannot be written to.").
			WithHint("Nothing was changed. Check the folder's permissions, or whether its disk is mounted read-only.")
	ErrDiskFull = fault.New(fault.Unavailable, "store.disk_full", "The disk is full, so nothing was saved.").
			WithHint("Free some space and try again. Everything saved before is still there.")
	ErrBusy = fault.New(fault.Unavailable, "store.busy", "Another program is using Keydesk's data.").
		WithHint("Nothing was changed. Close the other program and try again.")
	ErrCorrupt = fault.New(fault.Unavailable, "store.corrupt", "Keydesk's data file is damaged.").
			WithHint("Nothing was changed. Keep a copy of the data folder before you do anything else, then restore an older copy.")
	ErrNewer = fault.New(fault.Unavailable, "store.newer", "This data was written by a newer Keydesk.").
			WithHint("Nothing was changed. Install the newer version to open it.")
	ErrIO = fault.New(fault.Unavailable, "store.io", "Keydesk could not write to the disk.").
		WithHint("Nothing of this was saved. Check the disk, then start Keydesk again.")
	ErrInDoubt = fault.New(fault.Unavailable, "store.in_doubt", "The disk failed while Keydesk was saving, so it cannot say whether this was saved.").
			WithHint("Do not repeat it yet. Check the disk, start Keydesk again and look whether it is there.")
	ErrNetworkFolder = fault.New(fault.Unavailable, "store.network_folder", "The data folder is on a network drive, where it could be damaged.").
				WithHint("Choose a folder on this computer with --data.")
	ErrMoved = fault.New(fault.Unavailable, "store.moved", "The data file was moved, replaced or deleted while Keydesk was open, so nothing was saved.").
			WithHint("Put the data folder back as it was and try again. Otherwise copy what you typed, close Keydesk and start it again.")
	ErrStale = fault.New(fault.Conflict, "store.stale", "Someone else changed this meanwhile, so your version was not saved.").
			WithHint("Copy what you need, reload, and make your change again.")
)

// connector opens connections and sets every pragma before the first use, since a
// pragma sent to a pool reaches only one of its connections.
type connector struct {
	path     string
	readOnly bool
	// untouched also keeps SQLite from making a log beside the file. It is for a
	// file that has none and that nobody writes to.
	untouched bool
	maxPages  int
	// inPlace, when not nil, is asked before a connection is opened: a later one
	// must not open another file than those before.
	inPlace func() error
}

// Driver is part of driver.Connector.
func (c connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

// Connect is part of driver.Connector.
func (c connector) Connect(context.Context) (driver.Conn, error) {
	if c.inPlace != nil {
		if err := c.inPlace(); err != nil {
			return nil, err
		}
	}
	pragmas := []string{
		"PRAGMA busy_timeout=5000",
		"PRAGMA trusted_schema=OFF",
		"PRAGMA temp_store=MEMORY",
		"PRAGMA cache_size=-65536",
	}
	query := "mode=ro&_txlock=deferred"
	if c.readOnly {
		pragmas = append(pragmas, "PRAGMA query_only=ON")
		if c.untouched {
			query += "&immutable=1"
		}
	} else {
		query = "mode=rw&_txlock=immediate"
		pragmas = append(pragmas,
			"PRAGMA journal_mode=WAL",
			// The driver's default in WAL is NORMAL, which loses acknowledged
			// commits at a power cut (RULES.md, Storage).
			"PRAGMA synchronous=FULL",
			"PRAGMA foreign_keys=ON",
			"PRAGMA secure_delete=ON",
			"PRAGMA journal_size_limit=67108864",
		)
		if c.maxPages > 0 {
			pragmas = append(pragmas, fmt.Sprintf("PRAGMA max_page_count=%d", c.maxPages))
		}
	}
	d := &sqlite3.SQLiteDriver{ConnectHook: func(conn *sqlite3.SQLiteConn) error {
		for _, pragma := range pragmas {
			if _, err := conn.Exec(pragma, nil); err != nil {
				return err
			}
		}
		return nil
	}}
	dsn := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: c.path}).EscapedPath(), RawQuery: query + "&_stmt_cache_size=64"}).String()
	return d.Open(dsn)
}

// openUntouched opens a database only for reading what is in the file itself:
// nothing is written beside it, and a log there is left out.
func openUntouched(path string) (*sql.DB, error) {
	query := url.Values{"mode": {"ro"}, "immutable": {"1"}}
	return sql.Open("sqlite3", (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: query.Encode()}).String())
}

// isForeign tells whether a file is a database with tables, but without ours. A
// file that cannot be read is not: opening it says what is wrong.
func isForeign(path string) bool {
	db, err := openUntouched(path)
	if err != nil {
		return false
	}
	defer func() { _ = db.Close() }()
	var tables, mine int
	err = db.QueryRow("SELECT COUNT(*), COUNT(CASE WHEN name = 'wrapping' THEN 1 END) FROM sqlite_schema WHERE type = 'table' AND name <> 'goose_db_version' AND name NOT LIKE 'sqlite_%'").Scan(&tables, &mine)
	return err == nil && tables > 0 && mine == 0
}

// readThrough reads a whole database and searches it for damage.
func readThrough(ctx context.Context, path string) error {
	db, err := openUntouched(path)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if isForeign(path) {
		return ErrForeign
	}
	return fullCheck(ctx, db)
}

// fullCheck searches every page, index and value of a database for damage.
func fullCheck(ctx context.Context, db *sql.DB) error {
	var found string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return ErrCorrupt.WithCause(errors.New(found))
	}
	return nil
}

// quickCheck searches the file for damage.
func quickCheck(ctx context.Context, db *sql.DB) error {
	var found string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return ErrCorrupt.WithCause(errors.New(found))
	}
	return nil
}

// checkpoint folds the write-ahead log back into the file and empties it.
func checkpoint(db *sql.DB) error {
	_, err := db.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

// emptyLog is checkpoint for those who need it done: it fails when a reader holds
// on to the log for longer than the busy time-out.
func emptyLog(ctx context.Context, db *sql.DB) error {
	var busy, frames, folded int
	if err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &folded); err != nil {
		return err
	}
	if busy != 0 {
		return ErrBusy.WithCause(errors.New("the log is being read"))
	}
	return nil
}

// dropUncommitted makes sure that a transaction whose commit failed is not there
// after a restart. Its frames may be in the write-ahead log, complete, and would
// be taken for committed when the log is next recovered: by this process they
// are not, so folding the log back into the file and emptying it drops them.
func dropUncommitted(ctx context.Context, db *sql.DB, path string) error {
	// The connection that failed is not used again (SQLite: "How To Corrupt", 3).
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = conn.Close()
	if err := emptyLog(ctx, db); err != nil {
		return err
	}
	return syncFile(path + "-wal")
}

// refill replaces every page of a database by those of a copy of its rows, in one
// transaction. The copy is made in path, next to the file. VACUUM alone would
// build it in memory. Nothing is written between the two: the connection is held.
func refill(ctx context.Context, db *sql.DB, path string) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return err
	}
	opened, err := connector{path: path, readOnly: true}.Connect(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = opened.Close() }()
	return conn.Raw(func(into any) error {
		backup, err := into.(*sqlite3.SQLiteConn).Backup("main", opened.(*sqlite3.SQLiteConn), "main")
		if err != nil {
			return err
		}
		done, err := backup.Step(-1)
		if err := errors.Join(err, backup.Finish()); err != nil {
			return err
		}
		if !done {
			return ErrBusy
		}
		return nil
	})
}

// isIO tells whether err is a failure of the disk, after which nobody knows what
// of a write is on it. A full disk is none: it fails before the commit is written.
func isIO(err error) bool {
	var lite sqlite3.Error
	return errors.As(err, &lite) && lite.Code == sqlite3.ErrIoErr
}

// copyInto writes a copy of a database to a new file that its owner alone can
// read.
func copyInto(ctx context.Context, db *sql.DB, path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", path) // an empty file is allowed
	return err
}

// translate turns driver errors into faults by their typed code, never by
// text. Faults and context errors pass through.
func translate(err error) error {
	if err == nil {
		return nil
	}
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	var lite sqlite3.Error
	if !errors.As(err, &lite) {
		return err
	}
	switch lite.Code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return ErrBusy.WithCause(err)
	case sqlite3.ErrFull:
		return ErrDiskFull.WithCause(err)
	case sqlite3.ErrReadonly, sqlite3.ErrPerm:
		return ErrReadOnly.WithCause(err)
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return ErrCorrupt.WithCause(err)
	case sqlite3.ErrCantOpen:
		return ErrUnreachable.WithCause(err)
	case sqlite3.ErrIoErr:
		if lite.SystemErrno == syscall.ENOSPC {
			return ErrDiskFull.WithCause(err)
		}
		return ErrIO.WithCause(err)
	}
	return err
}

// isUnique tells whether err is a violated unique index.
func isUnique(err error) bool {
	var lite sqlite3.Error
	return errors.As(err, &lite) && (lite.ExtendedCode == sqlite3.ErrConstraintUnique || lite.ExtendedCode == sqlite3.ErrConstraintPrimaryKey)
}

// isForeignKey tells whether err is a violated reference.
func isForeignKey(err error) bool {
	var lite sqlite3.Error
	return errors.As(err, &lite) && lite.ExtendedCode == sqlite3.ErrConstraintForeignKey
}

func isReadOnlyFolder(err error) bool {
	return errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission)
}
