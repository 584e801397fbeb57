package host

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"keydesk/backend/activity"
	"keydesk/backend/fault"
	"keydesk/backend/store"
)

// Why a data folder is not used: others could read what Keydesk puts in it.
var (
	ErrNotYours = fault.New(fault.Unavailable, "keydesk.not_yours", "The data folder belongs to another user of this computer.").
			WithHint("Nothing was opened or changed. Start Keydesk as that user, or choose a folder of your own with --data.")
	ErrLinked = fault.New(fault.Unavailable, "keydesk.linked", "The data folder holds a link where one of Keydesk's files belongs.").
			WithHint("Nothing was opened. Put the file itself in its place. The data folder as a whole may be a link.")
	ErrNotPrivate = fault.New(fault.Unavailable, "keydesk.not_private", "Other users of this computer can read the data folder, and Keydesk cannot change that.").
			WithHint("Nothing was opened. Choose a folder on a disk that keeps permissions with --data.")
)

// isOurs tells whether a name in the data folder is Keydesk's: the database with
// its log and its copies, the head of activity, the lock, the window's size and
// the log folder. The folder of provider files is the person's own: it holds no
// secret, and the closed data folder guards it.
func isOurs(name string) bool {
	switch name {
	case lockName, "window.json", logFolder:
		return true
	}
	return strings.HasPrefix(name, store.FileName) || strings.HasPrefix(name, activity.HeadFile)
}

// widened is a file or folder that others could read, and is private now.
type widened struct {
	path string
	was  fs.FileMode
}

// Exposed tells in sentences what of a data folder, or of Keydesk's files in it, is
// not for us alone. The next opening puts modes right and refuses the rest; this
// changes nothing.
//
// Faults: store.unreachable.
func Exposed(folder string) ([]string, error) {
	info, err := os.Stat(folder)
	if err != nil {
		return nil, store.ErrUnreachable.WithCause(err)
	}
	paths, err := ourFiles(folder)
	if err != nil {
		return nil, store.ErrUnreachable.WithCause(err)
	}
	var said []string
	note := func(path string, info fs.FileInfo) {
		if why := exposed(info); why != "" {
			said = append(said, inWords(folder, path)+" "+why+".")
		}
	}
	note(folder, info)
	for _, path := range paths {
		if info, err := os.Lstat(path); err == nil { // else it was renamed meanwhile
			note(path, info)
		}
	}
	return said, nil
}

// ourFiles lists the files and folders of Keydesk in a data folder, with what is
// in the log folder.
func ourFiles(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, entry := range entries {
		if isOurs(entry.Name()) {
			paths = append(paths, filepath.Join(folder, entry.Name()))
		}
	}
	logs, err := os.ReadDir(filepath.Join(folder, logFolder))
	if err != nil {
		return paths, nil //nolint:nilerr // none yet, or a file in its place: opening the log says so
	}
	for _, entry := range logs {
		if strings.HasPrefix(entry.Name(), logName) {
			paths = append(paths, filepath.Join(folder, logFolder, entry.Name()))
		}
	}
	return paths, nil
}

// inWords names a file as a person finds it in the data folder.
func inWords(folder, path string) string {
	if inside, err := filepath.Rel(folder, path); err == nil && inside != "." {
		return "The file " + inside + " in the data folder"
	}
	return "The data folder"
}
