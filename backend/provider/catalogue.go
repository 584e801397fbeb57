package provider

import (
	"context"
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"keydesk/backend/fault"
)

//go:embed builtin/*.yaml
var builtin embed.FS

// ErrNotFound is returned for an id that no loaded file has.
var ErrNotFound = fault.New(fault.NotFound, "provider.not_found", "This provider is not known here.").
	WithHint("Its file may be missing or faulty. Providers lists the files that could not be read.")

// Own gives the files that users added: their texts by the ids of their providers.
type Own interface {
	ProviderFiles(ctx context.Context) (map[string]string, error)
}

// Catalogue holds all providers: the built-in ones and those that users added.
// They are read at the first use. It is safe for concurrent use.
type Catalogue struct {
	own     Own
	builtIn func() *loaded

	mu   sync.RWMutex
	held *loaded
	// changes counts the calls of Forget, so that what was read before a call is
	// not kept after it.
	changes int
}

// loaded are files that were read. They never change after that.
type loaded struct {
	byID   map[string]*Provider
	faults []FileFault
}

// New makes a catalogue of the built-in files and those of own, which may be nil.
// It does no I/O.
func New(own Own) *Catalogue { return &Catalogue{own: own, builtIn: sync.OnceValue(loadBuiltIn)} }

func loadBuiltIn() *loaded {
	all := &loaded{byID: map[string]*Provider{}}
	for _, entry := range must(builtin.ReadDir("builtin")) {
		data := must(builtin.ReadFile("builtin/" + entry.Name()))
		p, faults := Load(entry.Name(), data)
		all.faults = append(all.faults, faults...)
		if p == nil {
			continue
		}
		p.BuiltIn, p.text = true, data
		if all.byID[p.ID] != nil {
			all.faults = append(all.faults, FileFault{entry.Name(), 0, fmt.Sprintf("Another file already has the id %s.", p.ID)})
			continue
		}
		all.byID[p.ID] = p
	}
	return all
}

// must is for files compiled into the program.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// look gives the providers and reads them if they were not read yet.
func (c *Catalogue) look() *loaded {
	c.mu.RLock()
	held, changes := c.held, c.changes
	c.mu.RUnlock()
	if held != nil {
		return held
	}
	all, err := c.read()
	if err == nil {
		c.mu.Lock()
		if c.changes == changes {
			c.held = all
		}
		c.mu.Unlock()
	}
	return all
}

// read loads the users' files in addition to the built-in ones. If the users'
// files cannot be read, there are the built-in ones and a fault.
func (c *Catalogue) read() (*loaded, error) {
	shipped := c.builtIn()
	all := &loaded{byID: maps.Clone(shipped.byID), faults: slices.Clone(shipped.faults)}
	if c.own == nil {
		return all, nil
	}
	// Not the context of the first caller: what is read is for all.
	texts, err := c.own.ProviderFiles(context.Background())
	if err != nil {
		all.faults = append(all.faults, FileFault{"Own files", 0, "They cannot be read at the moment."})
		return all, err
	}
	for _, id := range slices.Sorted(maps.Keys(texts)) {
		p, faults := c.loadOwn(id+".yaml", []byte(texts[id]))
		for _, one := range faults {
			one.Reason += " An earlier Keydesk accepted this file; add a corrected one."
			all.faults = append(all.faults, one)
		}
		if p != nil {
			all.byID[p.ID] = p
		}
	}
	return all, nil
}

// loadOwn reads a user's file. It cannot have the id of a built-in provider.
func (c *Catalogue) loadOwn(name string, data []byte) (*Provider, []FileFault) {
	p, faults := Load(name, data)
	if p == nil {
		return nil, faults
	}
	if c.builtIn().byID[p.ID] != nil {
		return nil, []FileFault{{name, 0, fmt.Sprintf("The id %s belongs to a built-in provider. Choose another.", p.ID)}}
	}
	p.text = data
	return p, nil
}

// Forget makes the next use read the users' files again. The wiring calls it after
// each commit that changed one.
func (c *Catalogue) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = nil
	c.changes++
}

// Loaded tells whether the files were read yet. They are read when a provider is
// asked for, so that the window does not wait for them.
func (c *Catalogue) Loaded() bool {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.held != nil
}

// List gives every provider by name; of equal names, verified ones come first.
func (c *Catalogue) List() []*Provider {
	list := slices.Collect(maps.Values(c.look().byID))
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
	if p := c.look().byID[id]; p != nil {
		return p, nil
	}
	return nil, ErrNotFound
}

// Faults lists what is wrong with files that were not loaded; never nil.
func (c *Catalogue) Faults() []FileFault { return append([]FileFault{}, c.look().faults...) }
