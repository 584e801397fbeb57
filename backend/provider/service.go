package provider

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// kindWord is the word of providers in activity.
const kindWord = "provider"

// Store answers for setups that use a provider.
type Store interface {
	// ProviderUse counts setups that are not deleted, by provider id.
	ProviderUse(ctx context.Context) (map[string]int, error)
	// NameProvider renames a provider in the lists of setups. It needs a
	// transaction.
	NameProvider(ctx context.Context, id, name string) error
}

// Service is the catalogue as screens use it: what there is, and a user's own
// files in and out.
type Service struct {
	*Catalogue
	store Store
}

// NewService makes the service; it does no I/O.
func NewService(catalogue *Catalogue, store Store) *Service {
	return &Service{Catalogue: catalogue, store: store}
}

// Summary is a line of the list of providers.
type Summary struct {
	ID       string   `json:"id"`
	Version  int      `json:"version"`
	Name     string   `json:"name"`
	Service  string   `json:"service"`
	Channels []string `json:"channels"`
	Badge    Mark     `json:"badge"`
	More     bool     `json:"more"`
	BuiltIn  bool     `json:"built_in"`
	// Testable tells whether a credential can be checked without a message.
	Testable bool `json:"testable"`
	// Setups counts the setups that use it.
	Setups int `json:"setups"`
}

func (p *Provider) summary() Summary {
	return Summary{ID: p.ID, Version: p.Version, Name: p.Name, Service: p.Service, Channels: p.Channels, Badge: p.Marks.Badge,
		More: p.More, BuiltIn: p.BuiltIn, Testable: p.Probe != nil}
}

// ListInput has no fields.
type ListInput struct{}

// List is every provider by name, and what is wrong with files that were not
// loaded.
type List struct {
	Providers []Summary   `json:"providers"`
	Faults    []FileFault `json:"faults"`
	// Folder is where a user's own files lie.
	Folder string `json:"folder"`
}

// IDInput names a provider.
type IDInput struct {
	ID string `json:"id" validate:"required,max=64"`
}

// OutcomeInfo is an outcome the simulator can play.
type OutcomeInfo struct {
	ID Outcome `json:"id"`
	// Documented tells that the answer stands in the file; else a bare status
	// is played and the general rule decides.
	Documented bool `json:"documented"`
}

// Shown is a provider as screens see it: what a person reads and fills in. The
// request, the rule and the answers stay behind.
type Shown struct {
	ID            string     `json:"id"`
	Version       int        `json:"version"`
	Name          string     `json:"name"`
	Service       string     `json:"service"`
	Account       string     `json:"account"`
	Channels      []string   `json:"channels"`
	More          bool       `json:"more"`
	Marks         Marks      `json:"marks"`
	Help          string     `json:"help"`
	Page          string     `json:"page"`
	Delivery      string     `json:"delivery"`
	Fields        []Field    `json:"fields"`
	OneOf         [][]string `json:"one_of"`
	Recipient     string     `json:"recipient"`
	Rows          []Rows     `json:"rows"`
	NotDocumented []string   `json:"not_documented"`
	BuiltIn       bool       `json:"built_in"`
}

// shown gives lists of its own: a door may fill in what is missing in them,
// and the catalogue's are read by others meanwhile.
func (p *Provider) shown() Shown {
	return Shown{ID: p.ID, Version: p.Version, Name: p.Name, Service: p.Service, Account: p.Account, Channels: p.Channels, More: p.More,
		Marks: p.Marks, Help: p.Help, Page: p.Page, Delivery: p.Delivery, Fields: slices.Clone(p.Fields), OneOf: slices.Clone(p.OneOf), Recipient: p.Recipient,
		Rows: slices.Clone(p.Rows), NotDocumented: p.NotDocumented, BuiltIn: p.BuiltIn}
}

// Form is what the form and the test panel need of a provider.
type Form struct {
	Provider Shown `json:"provider"`
	// ProbeSays is what checking a credential does, in words; "" where none is
	// known.
	ProbeSays string        `json:"probe_says"`
	Outcomes  []OutcomeInfo `json:"outcomes"`
	// Simulated lists the account's fields that are secret: the simulator gets
	// stand-ins in their place.
	Simulated []string `json:"simulated"`
	// Hosts are where requests made with it go.
	Hosts []string `json:"hosts"`
	// Setups counts the setups that use it.
	Setups int `json:"setups"`
}

// ExampleInput has no fields.
type ExampleInput struct{}

// FileInput is a provider file's text; Name is what the file is called.
type FileInput struct {
	Name string `json:"name" validate:"max=200"`
	Text string `json:"text" validate:"required"`
}

// FilePreview says what taking a file in would do. With faults it cannot be
// taken.
type FilePreview struct {
	Provider *Summary    `json:"provider"`
	Faults   []FileFault `json:"faults"`
	// Replaces is the version it would replace; 0 when it is new.
	Replaces int `json:"replaces"`
	// Hosts are where requests made with it go.
	Hosts []string `json:"hosts"`
}

// File is a provider file to save.
type File struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Removed is what was taken out.
type Removed struct {
	ID string `json:"id"`
}

var (
	mayLook = []access.Permission{access.ViewSetup, access.CreateSetup, access.EditSetup, access.ManageSettings}

	OpList          = access.Op[ListInput, List]{Name: "provider.list", Does: "looked at the providers", Mode: access.Read, Any: mayLook}
	OpGet           = access.Op[IDInput, Form]{Name: "provider.get", Does: "looked at a provider", Mode: access.Read, Any: mayLook}
	OpExport        = access.Op[IDInput, File]{Name: "provider.export", Does: "looked at the file of a provider", Mode: access.Read, Needs: []access.Permission{access.ExportData}}
	OpExample       = access.Op[ExampleInput, File]{Name: "provider.example", Does: "looked at the example of a provider file", Mode: access.Read, Needs: []access.Permission{access.ManageSettings}}
	OpPreviewImport = access.Op[FileInput, FilePreview]{Name: "provider.preview_import", Does: "looked at a provider file", Mode: access.Read, Needs: []access.Permission{access.ManageSettings}}
	OpImport        = access.Op[FileInput, Summary]{Name: "provider.import", Does: "took in the provider", Mode: access.Long, Needs: []access.Permission{access.ManageSettings}}
	OpDelete        = access.Op[IDInput, Removed]{Name: "provider.delete", Does: "removed the provider", Mode: access.Long, Needs: []access.Permission{access.ManageSettings}}
)

// Faults of a user's own files.
var (
	ErrFile = fault.New(fault.Invalid, "provider.bad_file", "This file cannot be used.").
		WithHint("Mend the named line. On the screen Providers, How to write one saves an example that explains the whole format.")
	ErrBuiltIn = fault.New(fault.Conflict, "provider.built_in", "A provider that ships with Keydesk cannot be changed or removed.").
			WithHint("Save its file, give it an id and a name of its own and add that.")
	errWrite = fault.New(fault.Unavailable, "provider.not_written", "The file could not be written to the data folder.").
			WithHint("Look whether the disk is full or the folder may be written to.")
)

// All lists what there is, also what somebody put into the folder by hand
// since the last look.
func (s *Service) All(ctx context.Context, _ ListInput) (List, error) {
	s.Refresh()
	use, err := s.store.ProviderUse(ctx)
	if err != nil {
		return List{}, err
	}
	list := List{Providers: []Summary{}, Faults: s.Faults(), Folder: s.Folder()}
	for _, p := range s.List() {
		line := p.summary()
		line.Setups = use[p.ID]
		list.Providers = append(list.Providers, line)
	}
	return list, nil
}

// Form gives one provider for the form and the test panel.
func (s *Service) Form(ctx context.Context, in IDInput) (Form, error) {
	p, err := s.Get(in.ID)
	if err != nil {
		return Form{}, err
	}
	use, err := s.store.ProviderUse(ctx)
	if err != nil {
		return Form{}, err
	}
	form := Form{Provider: p.shown(), Outcomes: []OutcomeInfo{}, Simulated: []string{}, Hosts: p.hosts(), Setups: use[p.ID]}
	if p.Probe != nil {
		form.ProbeSays = p.Probe.Says
	}
	for _, outcome := range Outcomes {
		_, known := p.Simulator[outcome]
		form.Outcomes = append(form.Outcomes, OutcomeInfo{outcome, known})
	}
	if _, known := p.Simulator[Partial]; known {
		form.Outcomes = append(form.Outcomes, OutcomeInfo{Partial, true})
	}
	for _, f := range p.Fields {
		if f.Secret {
			form.Simulated = append(form.Simulated, f.ID)
		}
	}
	return form, nil
}

// Export gives a provider's file as it is. It holds no secret.
func (s *Service) Export(_ context.Context, in IDInput) (File, error) {
	p, err := s.Get(in.ID)
	if err != nil {
		return File{}, err
	}
	return File{Name: p.ID + ".yaml", Text: string(p.text)}, nil
}

// Example gives a file to start from; it explains the format.
func (s *Service) Example(context.Context, ExampleInput) (File, error) {
	return File{Name: ExampleName, Text: Example()}, nil
}

// Preview reads a file and says what taking it in would do.
func (s *Service) Preview(ctx context.Context, in FileInput) (FilePreview, error) {
	p, preview := s.read(in)
	if p == nil {
		return preview, nil
	}
	use, err := s.store.ProviderUse(ctx)
	preview.Provider.Setups = use[p.ID]
	return preview, err
}

func (s *Service) read(in FileInput) (*Provider, FilePreview) {
	name := in.Name
	if name == "" {
		name = "file"
	}
	out := FilePreview{Faults: []FileFault{}, Hosts: []string{}}
	p, faults := Load(filepath.Base(name), []byte(in.Text))
	if p == nil {
		out.Faults = faults
		return nil, out
	}
	line := p.summary()
	out.Provider = &line
	if old, err := s.Get(p.ID); err == nil {
		if old.BuiltIn {
			out.Faults = append(out.Faults, FileFault{filepath.Base(name), 0, "The id " + p.ID + " belongs to a built-in provider. Choose another."})
			return nil, out
		}
		out.Replaces = old.Version
	}
	out.Hosts = p.hosts()
	return p, out
}

// hosts are where the provider's requests go; variables stay as they are.
func (p *Provider) hosts() []string {
	list := []string{hostOf(p.Request.URL)}
	if p.Probe != nil {
		if host := hostOf(p.Probe.Request.URL); host != list[0] {
			list = append(list, host)
		}
	}
	return list
}

// Import takes a user's file into the data folder. One with the id of an
// earlier own file replaces it; setups made with that keep their request.
func (s *Service) Import(ctx context.Context, in FileInput) (Summary, error) {
	p, preview := s.read(in)
	if p == nil {
		e := ErrFile
		for _, one := range preview.Faults {
			e = ErrFile.WithMessage("This file cannot be used: %s", one)
			break
		}
		return Summary{}, e
	}
	var before any
	if old, err := s.Get(p.ID); err == nil {
		before = old.summary()
	}
	undo, err := s.put(p.ID, []byte(in.Text))
	if err != nil {
		return Summary{}, err
	}
	err = s.commit(ctx, undo, func(ctx context.Context) error {
		access.From(ctx).Changed(kindWord, p.ID, p.Name, before, p.summary())
		return s.store.NameProvider(ctx, p.ID, p.Name)
	})
	return p.summary(), err
}

// Delete removes a user's own file. Setups made with it keep their request and
// are judged by their own rule, or by the status alone.
func (s *Service) Delete(ctx context.Context, in IDInput) (Removed, error) {
	p, err := s.Get(in.ID)
	if err != nil {
		return Removed{}, err
	}
	if p.BuiltIn {
		return Removed{}, ErrBuiltIn
	}
	path := filepath.Join(s.folder, p.file)
	undo, err := remembered(path)
	if err == nil {
		err = os.Remove(path)
	}
	if err != nil && !os.IsNotExist(err) {
		return Removed{}, errWrite.WithCause(err)
	}
	err = s.commit(ctx, undo, func(ctx context.Context) error {
		access.From(ctx).Changed(kindWord, p.ID, p.Name, p.summary(), nil)
		return nil
	})
	return Removed{ID: p.ID}, err
}

// commit records a change of the folder that was just made. Where that fails
// the change is undone.
func (s *Service) commit(ctx context.Context, undo func() error, fn func(ctx context.Context) error) error {
	err := access.From(ctx).Commit(ctx, fn)
	if err != nil {
		err = errors.Join(err, undo())
	}
	s.Reload()
	return err
}

// put puts the file in its place whole or not at all. An older file with the
// same id but another name gives way. undo brings back what was there.
func (s *Service) put(id string, data []byte) (undo func() error, err error) {
	if s.folder == "" {
		return nil, errWrite
	}
	if err := os.MkdirAll(s.folder, 0o700); err != nil {
		return nil, errWrite.WithCause(err)
	}
	name := id + ".yaml"
	for _, other := range s.List() {
		if !other.BuiltIn && other.ID != id && other.file == name {
			name = id + "-own.yaml" // that one was put there by hand
		}
	}
	path := filepath.Join(s.folder, name)
	old := path
	if known, err := s.Get(id); err == nil && !known.BuiltIn {
		old = filepath.Join(s.folder, known.file)
	}
	back, err := remembered(old)
	if err != nil {
		return nil, errWrite.WithCause(err)
	}
	if err := replaceFile(path, data); err != nil {
		return nil, errWrite.WithCause(err)
	}
	if old == path {
		return back, nil
	}
	_ = os.Remove(old)
	return func() error { return errors.Join(os.Remove(path), back()) }, nil
}

// remembered reads a file, which may be absent; back makes it again as it was.
func remembered(path string) (back func() error, err error) {
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return func() error {
			if err := os.Remove(path); !os.IsNotExist(err) {
				return err
			}
			return nil
		}, nil
	}
	return func() error { return replaceFile(path, data) }, err
}

func replaceFile(path string, data []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }()
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	return err
}
