package setup

import (
	"context"
	"slices"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/sms"
)

// PreviewInput asks how a draft goes out. Source is the setup whose stored
// secrets it keeps. An empty Record means the fields' sample values.
type PreviewInput struct {
	// Draft may be unfinished: the pane shows it from the first letter typed.
	Draft  Draft             `json:"draft" validate:"-"`
	Source string            `json:"source" validate:"max=64"`
	Record map[string]string `json:"record"`
}

// PreviewOutput is the request as it will go out, secrets masked.
type PreviewOutput struct {
	Preview request.Preview `json:"preview"`
	// Fields are the stage fields in reach, with their sample values.
	Fields []process.Field `json:"fields"`
	// Message counts the SMS that the sample values make; nil where the text
	// is not known.
	Message *sms.Count `json:"message"`
	// Advice says what to mend before a message is paid for.
	Advice []fault.Field `json:"advice"`
}

// CurlInput asks for a preview as a curl line. Shell is posix, powershell or
// cmd.
type CurlInput struct {
	Draft  Draft             `json:"draft" validate:"-"`
	Source string            `json:"source" validate:"max=64"`
	Record map[string]string `json:"record"`
	Shell  string            `json:"shell" validate:"required,oneof=posix powershell cmd"`
}

// CurlOutput is the line, with placeholders for secrets.
type CurlOutput struct {
	Text string `json:"text"`
}

var mayLook = []access.Permission{access.ViewSetup, access.CreateSetup, access.EditSetup}

// Operations that show the request without sending it.
var (
	OpPreview = access.Op[PreviewInput, PreviewOutput]{Name: "setup.preview", Does: "looked at a request", Mode: access.Read, Any: mayLook}
	OpCurl    = access.Op[CurlInput, CurlOutput]{Name: "setup.curl", Does: "copied the API Key Setup as curl", Mode: access.Read, Any: mayLook}
)

// Preview renders a draft, as far as it is filled in.
func (s *Service) Preview(ctx context.Context, in PreviewInput) (PreviewOutput, error) {
	rendered, fields, err := s.look(ctx, in.Source, in.Draft, in.Record)
	if err != nil {
		return PreviewOutput{}, err
	}
	preview := rendered.Preview()
	if slices.ContainsFunc(rendered.Secrets(), secret.TooShort) {
		preview.Notes = append(preview.Notes, "A secret here is shorter than 6 characters. Keydesk cannot hide it where an answer repeats it.")
	}
	out := PreviewOutput{Preview: preview, Fields: fields, Advice: []fault.Field{}}
	if p := s.provider(in.Draft); p != nil {
		env, err := s.env(ctx)
		if err != nil {
			return PreviewOutput{}, err
		}
		record := in.Record
		if len(record) == 0 {
			record = samples(fields)
		}
		out.Message, out.Advice = beforePaying(p, in.Draft, record, env)
	}
	return out, nil
}

// Curl gives the same request as a line for a shell.
func (s *Service) Curl(ctx context.Context, in CurlInput) (CurlOutput, error) {
	rendered, _, err := s.look(ctx, in.Source, in.Draft, in.Record)
	if err != nil {
		return CurlOutput{}, err
	}
	return CurlOutput{Text: rendered.Curl(request.Shell(in.Shell))}, nil
}

func (s *Service) look(ctx context.Context, source string, draft Draft, record map[string]string) (*request.Rendered, []process.Field, error) {
	base, err := s.source(ctx, source)
	if err != nil {
		return nil, nil, err
	}
	m, err := s.merge(ctx, base, draft, false)
	if err != nil {
		// A secret that has to be typed again is the form's to say; the pane
		// goes on showing the rest.
		normalise(&draft)
		m = merged{draft: draft}
	}
	fields := []process.Field{}
	if draft.PlaceID != "" {
		// Where it does not stand yet there are no fields.
		if at, err := s.places.At(ctx, draft.PlaceID, draft.StageID); err == nil {
			fields = at.Fields
		}
	}
	sample := len(record) == 0
	if sample {
		record = samples(fields)
	}
	env, err := s.env(ctx)
	if err != nil {
		return nil, nil, err
	}
	env.Sample = sample
	return request.Build(m.draft.Request, record, env), fields, nil
}

// samples makes a record of the fields' sample values.
func samples(fields []process.Field) map[string]string {
	record := make(map[string]string, len(fields))
	for _, field := range fields {
		record[field.Name] = field.Sample
	}
	return record
}

// Ready is a setup or draft with its secrets at hand, checked, for firing.
type Ready struct {
	Setup  Setup
	Draft  Draft
	Fields []process.Field
	// Provider is the setup's, nil without one or where its file is gone.
	Provider *provider.Provider
	// IsDraft tells that it differs from what is saved.
	IsDraft bool
}

// Prepare gives what the firing of a saved setup needs. For the call feature;
// the caller's right was checked by its own operation.
func (s *Service) Prepare(ctx context.Context, id string) (Ready, error) {
	one, err := s.store.Setup(ctx, id)
	if err != nil {
		return Ready{}, err
	}
	if one.DeletedMs > 0 {
		return Ready{}, ErrNotFound
	}
	texts, err := s.texts(ctx, id)
	if err != nil {
		return Ready{}, err
	}
	draft := one.Draft
	normalise(&draft)
	reveal(texts, &draft.Request, map[string]bool{})
	spot, err := s.places.At(ctx, draft.PlaceID, draft.StageID)
	if err != nil {
		return Ready{}, err
	}
	return Ready{Setup: one, Draft: draft, Fields: spot.Fields, Provider: s.provider(draft)}, nil
}

// PrepareDraft does the same for an unsaved draft; source names the setup it
// edits or copies. Stored secrets are used only while scheme, host and port
// are unchanged.
func (s *Service) PrepareDraft(ctx context.Context, source string, draft Draft) (Ready, error) {
	base, err := s.source(ctx, source)
	if err != nil {
		return Ready{}, err
	}
	m, err := s.merge(ctx, base, draft, false)
	if err != nil {
		return Ready{}, err
	}
	skipped := base != nil && base.Draft.Options.SkipTLSCheck
	spot, err := s.check(ctx, m.draft, skipped)
	if err != nil {
		return Ready{}, err
	}
	ready := Ready{Draft: m.draft, Fields: spot.fields, IsDraft: true, Provider: s.provider(m.draft)}
	if base != nil && !isPaste(base.ID) {
		ready.Setup = *base
	}
	return ready, nil
}

// PrepareSimulated gives a saved setup, or with draft what the form holds, for
// the simulator: no secret is opened, a stand-in takes the place of each
// (product.md 7).
func (s *Service) PrepareSimulated(ctx context.Context, id string, draft *Draft) (Ready, error) {
	ready := Ready{IsDraft: draft != nil}
	if id != "" && !isPaste(id) {
		one, err := s.store.Setup(ctx, id)
		if err != nil {
			return Ready{}, err
		}
		if one.DeletedMs > 0 {
			return Ready{}, ErrNotFound
		}
		ready.Setup, ready.Draft = one, one.Draft
	}
	if draft != nil {
		ready.Draft = *draft
	}
	if err := s.simulated(&ready); err != nil {
		return Ready{}, err
	}
	if draft == nil {
		spot, err := s.places.At(ctx, ready.Draft.PlaceID, ready.Draft.StageID)
		ready.Fields = spot.Fields
		return ready, err
	}
	spot, err := s.check(ctx, ready.Draft, true)
	ready.Fields = spot.fields
	return ready, err
}

// simulated gives a setup stand-ins in the place of its secrets.
func (s *Service) simulated(ready *Ready) error {
	normalise(&ready.Draft)
	ready.Provider = s.provider(ready.Draft)
	if ready.Provider == nil {
		return ErrNoSimulator
	}
	ready.Draft.Request = ready.Provider.WithStandIns(ready.Draft.Request)
	auth := &ready.Draft.Request.Auth
	if auth.Type == request.OAuth2 && auth.FetchToken {
		// Nothing is fetched from anybody: the token is a stand-in too.
		*auth = request.Auth{Type: request.OAuth2, HeaderPrefix: auth.HeaderPrefix, Token: auth.ClientSecret}
	}
	return nil
}

// PrepareCredential gives what checking a credential needs: the account's fields
// with their secrets, of a saved setup or of what the form holds. The message's
// fields may still be empty. Stored secrets are used only while scheme, host
// and port are unchanged.
func (s *Service) PrepareCredential(ctx context.Context, source string, draft *Draft) (Ready, error) {
	base, err := s.source(ctx, source)
	if err != nil {
		return Ready{}, err
	}
	if draft == nil {
		if base == nil {
			return Ready{}, ErrNotFound
		}
		return s.Prepare(ctx, source)
	}
	m, err := s.merge(ctx, base, *draft, false)
	if err != nil {
		return Ready{}, err
	}
	if err := s.checkTLS(ctx, m.draft, base != nil && base.Draft.Options.SkipTLSCheck); err != nil {
		return Ready{}, err
	}
	ready := Ready{Draft: m.draft, IsDraft: true, Provider: s.provider(m.draft)}
	if base != nil && !isPaste(base.ID) {
		ready.Setup = *base
	}
	if ready.Provider == nil {
		return ready, nil
	}
	var missing fault.Fields
	for _, f := range s.checkProvider(m.draft) {
		for _, field := range ready.Provider.Fields {
			if field.Belongs == provider.OfAccount && f.Name == "draft.request."+provider.FieldPath(m.draft.Request, field.ID) {
				missing = append(missing, f)
			}
		}
	}
	return ready, missing.Err("setup.invalid")
}

// ErrNoSimulator is given where there is no file to play.
var ErrNoSimulator = fault.New(fault.Invalid, "setup.no_simulator", "The simulator plays providers, and this setup has none.").
	WithHint("Choose a provider under Communication Settings, or test at the address itself.")

// LastResult is the verdict of a setup's newest call.
type LastResult struct {
	Verdict   string
	AtMs      int64
	Simulated bool
}

// SetLastResult keeps the verdict of a setup's newest call for the list.
func (s *Service) SetLastResult(ctx context.Context, id string, last LastResult) error {
	return s.store.SetLastResult(ctx, id, last)
}

// SetCheck keeps what a check of a saved setup's credential said.
func (s *Service) SetCheck(ctx context.Context, one Setup, check CredentialCheck) error {
	return s.store.SetCheck(ctx, one.ID, one.Version, &check)
}
