package provider

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// kindWord is the word of providers in activity.
const kindWord = "provider"

// Store keeps users' files and knows which setups use a provider. A method that
// changes something needs a transaction.
type Store interface {
	Own
	// PutProviderFile keeps a provider's file and replaces the one before.
	PutProviderFile(ctx context.Context, id, text string, version int, updatedMs int64) error
	// DeleteProviderFile removes a provider's file; false when there is none.
	DeleteProviderFile(ctx context.Context, id string) (bool, error)
	// ProviderUse counts setups that are not deleted, by provider id.
	ProviderUse(ctx context.Context) (map[string]int, error)
	// NameProvider renames a provider in the lists of setups.
	NameProvider(ctx context.Context, id, name string) error
}

// Service is the catalogue as screens use it: it lists providers, and adds,
// exports and removes users' files.
type Service struct {
	*Catalogue
	store Store
	// folder is where a user can put files that are taken in at start; "" for
	// none.
	folder string
	now    func() time.Time
}

// NewService makes the service; it does no I/O.
func NewService(catalogue *Catalogue, store Store, folder string, now func() time.Time) *Service {
	return &Service{Catalogue: catalogue, store: store, folder: folder, now: now}
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

// List is every provider by name, and the faults of files that were not loaded.
type List struct {
	Providers []Summary   `json:"providers"`
	Faults    []FileFault `json:"faults"`
	// Waiting are files of the folder that are taken in at the next start.
	Waiting []string `json:"waiting"`
	// Folder is where a user can put files that are taken in at start.
	Folder string `json:"folder"`
}

// IDInput names a provider.
type IDInput struct {
	ID string `json:"id" validate:"required,max=64"`
}

// OutcomeInfo is an outcome that the simulator can play.
type OutcomeInfo struct {
	ID Outcome `json:"id"`
	// Documented says that the answer is in the file. Otherwise the simulator
	// plays a bare status, and the general rule decides.
	Documented bool `json:"documented"`
}

// Shown is a provider as screens get it: what a person reads and fills in, without
// the request, the rule and the answers.
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

// shown copies the lists: a door may fill in what is missing in them, while others
// read those of the catalogue.
func (p *Provider) shown() Shown {
	return Shown{ID: p.ID, Version: p.Version, Name: p.Name, Service: p.Service, Account: p.Account, Channels: p.Channels, More: p.More,
		Marks: p.Marks, Help: p.Help, Page: p.Page, Delivery: p.Delivery, Fields: slices.Clone(p.Fields), OneOf: slices.Clone(p.OneOf), Recipient: p.Recipient,
		Rows: slices.Clone(p.Rows), NotDocumented: p.NotDocumented, BuiltIn: p.BuiltIn}
}

// Form is what the form and the test panel need of a provider.
type Form struct {
	Provider Shown `json:"provider"`
	// ProbeSays is what checking a credential does, in words; "" if there is no
	// probe.
	ProbeSays string        `json:"probe_says"`
	Outcomes  []OutcomeInfo `json:"outcomes"`
	// Simulated lists the secret fields of the account: the simulator gets
	// stand-ins instead.
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

// FilePreview says what adding a file would do. A file with faults cannot be
// added.
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

// Removed is what was removed.
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
	OpImport        = access.Op[FileInput, Summary]{Name: "provider.import", Does: "added the provider", Mode: access.Write, Needs: []access.Permission{access.ManageSettings}}
	OpDelete        = access.Op[IDInput, Removed]{Name: "provider.delete", Does: "removed the provider", Mode: access.Write, Needs: []access.Permission{access.ManageSettings}}
)

// Faults of users' files.
var (
	ErrFile = fault.New(fault.Invalid, "provider.bad_file", "This file cannot be used.").
		WithHint("Correct the line named above. On the screen Providers, How to write one saves an example that explains the whole format.")
	ErrBuiltIn = fault.New(fault.Conflict, "provider.built_in", "A provider that ships with Keydesk cannot be changed or removed.").
			WithHint("Save its file, give it another id and name, and add that file.")
)

// All lists the providers, and what of the folder is not taken in.
func (s *Service) All(ctx context.Context, _ ListInput) (List, error) {
	waiting, faults, err := s.waiting(ctx)
	if err != nil {
		return List{}, err
	}
	use, err := s.store.ProviderUse(ctx)
	if err != nil {
		return List{}, err
	}
	list := List{Providers: []Summary{}, Faults: append(s.Faults(), faults...), Waiting: waiting, Folder: s.folder}
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

// Preview reads a file and says what adding it would do.
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
	p, faults := s.loadOwn(filepath.Base(name), []byte(in.Text))
	if p == nil {
		out.Faults = faults
		return nil, out
	}
	line := p.summary()
	out.Provider = &line
	if old, err := s.Get(p.ID); err == nil {
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

// Import adds a user's file. A file with the id of an earlier one replaces it;
// setups made with the earlier file keep their request.
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
	return p.summary(), s.keep(ctx, p)
}

// keep puts a file into the database and reports the change.
func (s *Service) keep(ctx context.Context, p *Provider) error {
	var before any
	if old, err := s.Get(p.ID); err == nil {
		before = old.summary()
	}
	if err := s.store.PutProviderFile(ctx, p.ID, string(p.text), p.Version, s.now().UnixMilli()); err != nil {
		return err
	}
	access.From(ctx).Changed(kindWord, p.ID, p.Name, before, p.summary())
	return s.store.NameProvider(ctx, p.ID, p.Name)
}

// Delete removes a user's file, also one that cannot be read any more. Setups made
// with it keep their request and are judged by their rule, or by the status alone.
func (s *Service) Delete(ctx context.Context, in IDInput) (Removed, error) {
	name, before := in.ID, any(nil)
	if p, err := s.Get(in.ID); err == nil {
		if p.BuiltIn {
			return Removed{}, ErrBuiltIn
		}
		name, before = p.Name, p.summary()
	}
	removed, err := s.store.DeleteProviderFile(ctx, in.ID)
	if err != nil {
		return Removed{}, err
	}
	if !removed {
		return Removed{}, ErrNotFound
	}
	access.From(ctx).Changed(kindWord, in.ID, name, before, nil)
	return Removed(in), nil
}
