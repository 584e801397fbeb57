package setup

import (
	"context"
	"slices"

	"keydesk/backend/access"
	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/secret"
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
	OpPreview = access.Op[PreviewInput, PreviewOutput]{Name: "setup.preview", Mode: access.Read, Any: mayLook}
	OpCurl    = access.Op[CurlInput, CurlOutput]{Name: "setup.curl", Mode: access.Read, Any: mayLook}
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
	return PreviewOutput{Preview: preview, Fields: fields}, nil
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
		if fields, err = s.places.Fields(ctx, draft.PlaceID, draft.StageID); err != nil {
			fields = []process.Field{}
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
	draft := one.Draft
	normalise(&draft)
	if err := s.reveal(ctx, id, &draft.Request, map[string]bool{}); err != nil {
		return Ready{}, err
	}
	fields, err := s.places.Fields(ctx, draft.PlaceID, draft.StageID)
	if err != nil {
		return Ready{}, err
	}
	return Ready{Setup: one, Draft: draft, Fields: fields}, nil
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
	if _, err := s.check(ctx, m.draft, skipped); err != nil {
		return Ready{}, err
	}
	fields, err := s.places.Fields(ctx, draft.PlaceID, draft.StageID)
	if err != nil {
		return Ready{}, err
	}
	ready := Ready{Draft: m.draft, Fields: fields, IsDraft: true}
	if base != nil && !isPaste(base.ID) {
		ready.Setup = *base
	}
	return ready, nil
}

// SetLastResult keeps the verdict of a setup's newest call for the list.
func (s *Service) SetLastResult(ctx context.Context, id, verdict string, atMs int64) error {
	return s.store.SetLastResult(ctx, id, verdict, atMs)
}
