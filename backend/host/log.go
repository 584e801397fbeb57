package host

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
)

// logLimit is the size in bytes at which the log file is rotated; one old file
// is kept.
const logLimit = 5 << 20

// The log file's place in the data folder.
const (
	logFolder = "log"
	logName   = "keydesk.log"
)

// LogFile writes to stderr and, once open, to keydesk.log in the data folder's
// log folder. A log that cannot be written never stops the program.
type LogFile struct {
	stderr io.Writer
	limit  int64

	mu   sync.Mutex
	path string
	file *os.File
	size int64
}

// NewLogFile makes a log that writes to stderr until a host opens its file.
func NewLogFile(stderr io.Writer) *LogFile { return &LogFile{stderr: stderr, limit: logLimit} }

// Logger returns the log that writes to this file.
func (l *LogFile) Logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

// open starts writing to dir/log/keydesk.log as well, readable by its owner
// only.
func (l *LogFile) open(dir string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	folder := filepath.Join(dir, logFolder)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	l.path = filepath.Join(folder, logName)
	return l.reopen()
}

func (l *LogFile) reopen() error {
	file, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	l.file, l.size = file, info.Size()
	return file.Chmod(0o600)
}

// Write takes one line. It never fails: there is nobody to tell.
func (l *LogFile) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = l.stderr.Write(line)
	if l.file == nil {
		return len(line), nil
	}
	if l.size+int64(len(line)) > l.limit {
		l.rotate()
	}
	if l.file != nil {
		n, _ := l.file.Write(line)
		l.size += int64(n)
	}
	return len(line), nil
}

// rotate keeps the full file as keydesk.log.1 and begins a new one.
func (l *LogFile) rotate() {
	_ = l.file.Close()
	l.file = nil
	_ = os.Rename(l.path, l.path+".1")
	if err := l.reopen(); err != nil {
		_, _ = fmt.Fprintln(l.stderr, "keydesk: the log file cannot be reopened:", err)
	}
}

// close ends writing to the file; writing to stderr goes on.
func (l *LogFile) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	return err
}
