package provider

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"keydesk/backend/fault"
)

//go:embed builtin/*.yaml
var builtin embed.FS

// ErrNotFound is given for an id no loaded file has.
var ErrNotFound = fault.New(fault.NotFound, "provider.not_found", "This provider is not known here.").
	WithHint("Its file may be missing or faulty; Providers lists what could not be read.")

// Catalogue holds the providers there are. Built-in files are read at the
// first use, not before. Safe for concurrent use.
type Catalogue struct {
	mu     sync.RWMutex
	once   sync.Once
	folder string
	// seen is how the folder looked when it was read.
	seen   string
	byID   map[string]*Provider
	faults []FileFault
}

// New makes a catalogue of the built-in files and those of a user's folder;
// "" is none. It does no I/O.
func New(folder string) *Catalogue { return &Catalogue{folder: folder} }

func (c *Catalogue) open() { c.once.Do(c.Reload) }

// Loaded tells whether the files were read yet. They are not before somebody
// asks for a provider, so that the window does not wait for them.
func (c *Catalogue) Loaded() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.byID != nil
}

// Reload reads all files again. A faulty one is listed by Faults and the
// others load.
func (c *Catalogue) Reload() {
	byID := map[string]*Provider{}
	var faults []FileFault
	take := func(name string, data []byte, own bool) {
		p, wrong := Load(name, data)
		if p != nil {
			if other := byID[p.ID]; other != nil && other.BuiltIn && own {
				wrong = []FileFault{{name, 0, fmt.Sprintf("The id %s belongs to a built-in provider. Choose another.", p.ID)}}
			} else if other != nil {
				wrong = []FileFault{{name, 0, fmt.Sprintf("Another file already has the id %s.", p.ID)}}
			} else {
				p.BuiltIn, p.file, p.text = !own, name, data
				byID[p.ID] = p
			}
		}
		faults = append(faults, wrong...)
	}
	for _, entry := range must(builtin.ReadDir("builtin")) {
		take(entry.Name(), must(builtin.ReadFile("builtin/"+entry.Name())), false)
	}
	// Looked at before it is read: what changes meanwhile is read again.
	seen := look(c.folder)
	faults = append(faults, loadFolder(c.folder, func(name string, data []byte) { take(name, data, true) })...)
	c.mu.Lock()
	c.byID, c.faults, c.seen = byID, faults, seen
	c.mu.Unlock()
}

// must is for files compiled into the program.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// Folder is where a user's own files lie; "" for nowhere.
func (c *Catalogue) Folder() string { return c.folder }

// Refresh reads all files again if the folder looks different from when it was
// read: a file that was put there, mended or taken out by hand.
func (c *Catalogue) Refresh() {
	c.open()
	c.mu.RLock()
	folder, seen := c.folder, c.seen
	c.mu.RUnlock()
	if look(folder) != seen {
		c.Reload()
	}
}

// look sums up a folder by the names, sizes and times of what is in it.
func look(dir string) string {
	entries, _ := os.ReadDir(dir)
	var out strings.Builder
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil {
			fmt.Fprintln(&out, info.Name(), info.Mode(), info.Size(), info.ModTime().UnixNano())
		}
	}
	return out.String()
}

// loadFolder gives each provider file of a folder in the order of names.
// Nothing but plain files is read, and of a large one only enough to see that
// it is too large.
func loadFolder(dir string, take func(name string, data []byte)) (faults []FileFault) {
	if dir == "" {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return []FileFault{{filepath.Base(dir), 0, "The folder cannot be read."}}
	}
	for _, entry := range entries {
		name := entry.Name()
		ext := strings.ToLower(filepath.Ext(name))
		if strings.HasPrefix(name, ".") || ext != ".yaml" && ext != ".yml" {
			continue
		}
		if !entry.Type().IsRegular() {
			faults = append(faults, FileFault{name, 0, "This is not a plain file."})
			continue
		}
		data, err := readSome(filepath.Join(dir, name))
		if err != nil {
			faults = append(faults, FileFault{name, 0, "The file cannot be read."})
			continue
		}
		take(name, data)
	}
	return faults
}

func readSome(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, MaxFile+1))
}

// List gives every provider by name, verified ones first among equals.
func (c *Catalogue) List() []*Provider {
	c.open()
	c.mu.RLock()
	defer c.mu.RUnlock()
	list := make([]*Provider, 0, len(c.byID))
	for _, p := range c.byID {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *Provider) int {
		if order := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)); order != 0 {
			return order
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list
}

// Get gives a provider by id, or ErrNotFound.
func (c *Catalogue) Get(id string) (*Provider, error) {
	c.open()
	c.mu.RLock()
	defer c.mu.RUnlock()
	if p := c.byID[id]; p != nil {
		return p, nil
	}
	return nil, ErrNotFound
}

// Faults lists what is wrong with files that were not loaded; never nil.
func (c *Catalogue) Faults() []FileFault {
	c.open()
	c.mu.RLock()
	defer c.mu.RUnlock()
	return append([]FileFault{}, c.faults...)
}
