// Package store keeps everything in one SQLite file in the data folder. It is
// the only package with SQL. It imports features, and no feature imports it:
// features declare what they need as small interfaces, and Store has those
// methods, one file for each feature.
//
// A transaction travels in the context: InTx opens one, and every method that is
// given the context joins it. Writing outside a transaction is refused, so that
// a change and its activity row are saved together or not at all.
//
// Statements are plain enough for PostgreSQL too, and a test checks what it can
// see of this. What only SQLite has (PRAGMA, VACUUM, its errors) is in sqlite.go
// and in the migrations. Code that relies on the single writing connection says
// so in a comment that begins with "One writer:".
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"keydesk/backend/fault"
)

// FileName is the name of the database in the data folder.
const FileName = "keydesk.db"

// Store is an open database: one writer connection, several readers.
type Store struct {
	path    string
	write   *sql.DB
	read    *sql.DB
	mu      sync.RWMutex
	ready   map[string]*sql.Stmt // of the readers
	maxPage int
	reading bool // nothing is written; write is nil then
	files   identity

	settling sync.Mutex
	doubtful atomic.Bool // a commit failed, and it may still be there after a restart
	unclean  bool
}

// Option changes how a store is opened.
type Option func(*Store)

// WithMaxPages limits the size of the file in pages of 4 KiB, for tests of a full
// disk (PRAGMA max_page_count).
func WithMaxPages(pages int) Option { return func(s *Store) { s.maxPage = pages } }

// New makes a store for the database in a data folder; it does no I/O.
func New(folder string, options ...Option) *Store {
	s := &Store{path: filepath.Join(folder, FileName), ready: map[string]*sql.Stmt{}}
	for _, option := range options {
		option(s)
	}
	return s
}

// Path is the database file.
func (s *Store) Path() string { return s.path }

// Open makes or opens the file, brings its schema up to date (a copy is made
// first) and refuses a file that a newer program wrote. It makes the folder
// (0700) and the file (0600) private. On a full disk an office opens for reading
// with the room of its reserve. A store that is made ForReading does not make or
// change anything else.
//
// Faults: store.read_only, store.newer, store.corrupt, store.unreadable,
// store.busy, store.disk_full, store.unreachable, and those of Check.
func (s *Store) Open(ctx context.Context) error {
	open := s.open
	if s.reading {
		open = s.openForReading
	}
	err := open(ctx)
	if errors.Is(err, ErrDiskFull) && s.release() {
		return open(ctx)
	}
	if err == nil && !s.reading {
		s.keepReserve()
	}
	return err
}

func (s *Store) open(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o700); err != nil {
		return ErrUnreachable.WithMessage("The data folder %s cannot be made.", filepath.Dir(s.path)).WithCause(err)
	}
	if err := refuseNetworkFolder(filepath.Dir(s.path)); err != nil {
		return err
	}
	if err := Check(filepath.Dir(s.path)); err != nil {
		return err
	}
	file, err := os.OpenFile(s.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		if errors.Is(err, os.ErrPermission) || isReadOnlyFolder(err) {
			return ErrReadOnly.WithCause(err)
		}
		return ErrUnreachable.WithCause(err)
	}
	info, err := file.Stat()
	if err := errors.Join(err, file.Close()); err != nil {
		return ErrUnreachable.WithCause(err)
	}
	if info.Size() == 0 {
		// Without it, making the tables would be tried for seconds.
		if err := s.hasRoom(firstBytes); err != nil {
			return unwritten(err)
		}
	}
	// Left by a stop in the middle.
	removeDatabase(s.migrating())
	removeDatabase(s.rewriting())
	s.write = s.openWriter(s.path)
	s.openReaders(connector{path: s.path, readOnly: true, inPlace: s.inPlace})
	if err := s.checkAfterCrash(ctx); err != nil {
		_ = s.closeConnections() // without a checkpoint: nothing is written to a damaged file
		return translate(err)
	}
	if err := s.migrate(ctx, migrations()); err != nil {
		_ = s.close()
		return translate(err)
	}
	if err := s.identify(ctx); err != nil {
		_ = s.close()
		return translate(err)
	}
	return nil
}

// openReaders opens the connections that read.
func (s *Store) openReaders(from connector) {
	s.read = sql.OpenDB(from)
	s.read.SetMaxOpenConns(4)
	s.read.SetMaxIdleConns(4)
}

// running is the marker of an open store. A marker that is there at Open was left
// by a crash.
func (s *Store) running() string { return s.path + ".open" }

// checkAfterCrash runs SQLite's quick check after an unclean stop (RULES.md,
// Failures). Nothing is ever repaired in place. The check does not see flipped
// bytes inside plain text; sealed values and the trail carry their own tags.
func (s *Store) checkAfterCrash(ctx context.Context) error {
	if _, err := os.Stat(s.running()); err == nil {
		s.unclean = true
		// By a reader: the connection that writes would fold the log into a damaged
		// file when it closes. Only the very first page of a file has a journal, which
		// a reader cannot undo.
		checks := s.read
		if _, err := os.Stat(s.path + "-journal"); err == nil {
			checks = s.write
		}
		return quickCheck(ctx, checks)
	}
	return unwritten(os.WriteFile(s.running(), nil, 0o600))
}

// StoppedUncleanly tells whether the opening before this one ended without Close.
func (s *Store) StoppedUncleanly() bool { return s.unclean }

// Close folds the write-ahead log back into the file and closes it. Where other
// files lie in their place it leaves everything as it is: SQLite would fold the
// log into a file that is gone, and delete the one that lies there.
//
// A store that only reads leaves everything as it is as well, its marker too: the
// next opening finds the damage again.
func (s *Store) Close() error {
	if s.reading {
		return s.closeConnections()
	}
	if s.write == nil {
		return nil
	}
	if err := s.inPlace(); err != nil {
		s.write, s.read = nil, nil
		return err
	}
	if err := s.close(); err != nil {
		return err
	}
	s.reserve()
	return os.Remove(s.running())
}

// close closes without noting a clean stop.
func (s *Store) close() error {
	checkpointErr := checkpoint(s.write)
	if err := s.closeConnections(); err != nil {
		return err
	}
	return checkpointErr
}

func (s *Store) closeConnections() error {
	var err error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			err = errors.Join(err, db.Close())
		}
	}
	s.write, s.read, s.files = nil, nil, identity{}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready = map[string]*sql.Stmt{}
	return err
}

type txKey struct{}

type openTx struct {
	tx *sql.Tx
}

// InTx runs fn in one immediate transaction; every store method given fn's
// context is part of it. An error or panic undoes everything. Inside another
// InTx it joins that one. Nothing is committed to a file that is no longer in
// its place (ErrMoved). After any error but store.in_doubt nothing of it is
// there, now or after a restart.
func (s *Store) InTx(ctx context.Context, fn func(ctx context.Context) error) (err error) {
	if _, ok := ctx.Value(txKey{}).(*openTx); ok {
		return fn(ctx)
	}
	db := s.write
	if s.reading {
		db = s.read
	}
	if db == nil {
		return ErrUnreachable
	}
	if err := s.settle(); err != nil {
		return ErrIO.WithCause(err)
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return translate(err)
	}
	done := false
	defer func() {
		if !done {
			_ = tx.Rollback()
		}
	}()
	if err := fn(context.WithValue(ctx, txKey{}, &openTx{tx: tx})); err != nil {
		return translate(err)
	}
	if err := s.inPlace(); err != nil {
		return err
	}
	done = true
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback()
		return s.notCommitted(err)
	}
	return nil
}

// notCommitted returns the fault of a failed commit. After a failure of the disk
// "not saved" has to be made true first; where that fails as well, the outcome
// is in doubt.
func (s *Store) notCommitted(err error) error {
	if !isIO(err) {
		return translate(err)
	}
	s.doubtful.Store(true)
	if unsettled := s.settle(); unsettled != nil {
		return ErrInDoubt.WithCause(errors.Join(err, unsettled))
	}
	return translate(err)
}

// settleLimit is how long settle may take. It waits for the readers of the log.
const settleLimit = 10 * time.Second

// settle removes what a failed commit may have left. Until that works nothing is
// written, and the wrappings of the data key cannot be read.
func (s *Store) settle() error {
	if !s.doubtful.Load() {
		return nil
	}
	s.settling.Lock()
	defer s.settling.Unlock()
	if !s.doubtful.Load() {
		return nil
	}
	if s.write == nil {
		return ErrUnreachable
	}
	ctx, cancel := context.WithTimeout(context.Background(), settleLimit)
	defer cancel()
	if err := dropUncommitted(ctx, s.write, s.path); err != nil {
		return err
	}
	s.doubtful.Store(false)
	return nil
}

var errNotInTx = errors.New("store: a write outside a transaction")

// stmt gives a prepared statement of the readers, prepared once.
func (s *Store) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.RLock()
	ready := s.ready[query]
	s.mu.RUnlock()
	if ready != nil {
		return ready, nil
	}
	made, err := s.read.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other := s.ready[query]; other != nil {
		_ = made.Close()
		return other, nil
	}
	s.ready[query] = made
	return made, nil
}

// exec runs a writing statement in the context's transaction and returns how many
// rows it touched.
func (s *Store) exec(ctx context.Context, query string, args ...any) (int64, error) {
	open, ok := ctx.Value(txKey{}).(*openTx)
	if !ok {
		return 0, errNotInTx
	}
	if err := s.Writable(); err != nil {
		return 0, err
	}
	res, err := open.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, translate(err)
	}
	return res.RowsAffected()
}

// rows runs a query in the context's transaction, or on a reader.
func (s *Store) rows(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if open, ok := ctx.Value(txKey{}).(*openTx); ok {
		rows, err := open.tx.QueryContext(ctx, query, args...)
		return rows, translate(err)
	}
	if s.read == nil {
		return nil, ErrUnreachable
	}
	ready, err := s.stmt(ctx, query)
	if err != nil {
		return nil, translate(err)
	}
	rows, err := ready.QueryContext(ctx, args...)
	return rows, translate(err)
}

// each calls scan for every row of a query.
func (s *Store) each(ctx context.Context, scan func(scan func(into ...any) error) error, query string, args ...any) error {
	rows, err := s.rows(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(rows.Scan); err != nil {
			return translate(err)
		}
	}
	return translate(rows.Err())
}

// one scans the only row of a query; missing is what to return when there is
// none.
func (s *Store) one(ctx context.Context, missing error, into []any, query string, args ...any) error {
	found := false
	err := s.each(ctx, func(scan func(into ...any) error) error {
		found = true
		return scan(into...)
	}, query, args...)
	if err == nil && !found {
		return missing
	}
	return err
}

// must turns "no row was touched" into the given fault.
func must(touched int64, err error, missing *fault.Error) error {
	if err != nil {
		return err
	}
	if touched == 0 {
		return missing
	}
	return nil
}
