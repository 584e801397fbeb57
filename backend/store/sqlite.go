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
	ErrStale = fault.New(fault.Conflict, "store.stale", "Someone else changed this meanwhile, so your version was not saved.").
			WithHint("Copy what you need, reload, and make your change again.")
)

// connector opens connections and sets every pragma before the first use, since a
// pragma sent to a pool reaches only one of its connections.
type connector struct {
	path     string
	readOnly bool
	maxPages int
}

// Driver is part of driver.Connector.
func (c connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

// Connect is part of driver.Connector.
func (c connector) Connect(context.Context) (driver.Conn, error) {
	pragmas := []string{
		"PRAGMA busy_timeout=5000",
		"PRAGMA trusted_schema=OFF",
		"PRAGMA temp_store=MEMORY",
		"PRAGMA cache_size=-65536",
	}
	mode := "ro"
	if c.readOnly {
		pragmas = append(pragmas, "PRAGMA query_only=ON")
	} else {
		mode = "rw"
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
	dsn := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: c.path}).EscapedPath(), RawQuery: "mode=" + mode + "&_txlock=immediate&_stmt_cache_size=64"}).String()
	return d.Open(dsn)
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

// checkpoint folds the write-ahead log back into the file.
func checkpoint(db *sql.DB) error {
	_, err := db.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	return err
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
	var busy, frames, folded int
	if err := db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &folded); err != nil {
		return err
	}
	if busy != 0 {
		return errors.New("the log is in use")
	}
	return syncFile(path + "-wal")
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
