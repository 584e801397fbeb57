package setup

import (
	"context"
	"slices"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/process"
	"keydesk/backend/request"
	"keydesk/backend/sms"
)

// PreviewInput asks how a draft goes out. Source is what it keeps its secrets
// from. An empty Record means the fields' sample values.
type PreviewInput struct {
	// Draft may be unfinished: the pane shows it from the first letter on.
	Draft  Draft             `json:"draft" validate:"-"`
	Source Source            `json:"source"`
	Record map[string]string `json:"record"`
}

// PreviewOutput is the request as it will go out, with a mark in place of each
// secret.
type PreviewOutput struct {
	Preview request.Preview `json:"preview"`
	// Fields are the stage fields in reach, with their sample values.
	Fields []process.Field `json:"fields"`
	// Service is who gets it, as a call names it: the provider, or the host.
	Service string `json:"service"`
	// Message counts the SMS that the sample values make; nil where the text
	// is not known.
	Message *sms.Count `json:"message"`
	// Advice says what to change before a message is paid for.
	Advice []fault.Field `json:"advice"`
}

// CurlInput asks for a preview as a curl line. Shell is posix, powershell or
// cmd.
type CurlInput struct {
	Draft  Draft             `json:"draft" validate:"-"`
	Source Source            `json:"source"`
	Record map[string]string `json:"record"`
	Shell  string            `json:"shell" validate:"required,oneof=posix powershell cmd"`
}

// CurlOutput is the line, with placeholders for secrets.
type CurlOutput struct {
	Text string `json:"text"`
}

var (
	mayLook = []access.Permission{access.ViewSetup, access.CreateSetup, access.EditSetup}
	// mayDraft are the permissions of which a draft needs one. Others look at
	// what is saved.
	mayDraft = []access.Permission{access.CreateSetup, access.EditSetup}
)

// Operations that show the request without sending it.
var (
	OpPreview = access.Op[PreviewInput, PreviewOutput]{Name: "setup.preview", Does: "looked at a request", Mode: access.Read, Any: mayLook}
	OpCurl    = access.Op[CurlInput, CurlOutput]{Name: "setup.curl", Does: "copied the API Key Setup as curl", Mode: access.Read, Any: mayLook}
)

// Preview renders a draft, as far as it is filled in.
func (s *Service) Preview(ctx context.Context, in PreviewInput) (PreviewOutput, error) {
	var unfit error
	in.Record, unfit = s.cleanRecord(ctx, in.Draft, in.Record)
	rendered, draft, fields, err := s.look(ctx, in.Source, in.Draft, in.Record)
	if err != nil {
		return PreviewOutput{}, err
	}
	preview := rendered.Preview()
	if unfit != nil {
		preview.Notes = append(preview.Notes, fault.From(unfit).Message)
	}
	out := PreviewOutput{Preview: preview, Fields: fields, Advice: []fault.Field{}}
	_, out.Service, _ = rendered.Host()
	if p := s.provider(draft); p != nil {
		out.Service = p.Service
		env, err := s.env(ctx)
		if err != nil {
			return PreviewOutput{}, err
		}
		record := in.Record
		if len(record) == 0 {
			record = samples(fields)
		}
		out.Message, out.Advice = beforePaying(p, draft, record, env)
	}
	return out, nil
}

// Curl gives the same request as a line for a shell (RULES.md, Import and export).
func (s *Service) Curl(ctx context.Context, in CurlInput) (CurlOutput, error) {
	var err error
	if in.Record, err = s.cleanRecord(ctx, in.Draft, in.Record); err != nil {
		return CurlOutput{}, err
	}
	rendered, _, _, err := s.look(ctx, in.Source, in.Draft, in.Record)
	if err != nil {
		return CurlOutput{}, err
	}
	return CurlOutput{Text: rendered.Curl(request.Shell(in.Shell))}, nil
}

// look renders a draft, or for a caller who may not make drafts the saved setup
// that source names. No secret is opened for it, and those that were typed are
// sealed first (R6).
func (s *Service) look(ctx context.Context, source Source, draft Draft, record map[string]string) (*request.Rendered, Draft, []process.Field, error) {
	if err := tooLong(draft); err != nil {
		return nil, Draft{}, nil, err
	}
	base, err := s.source(ctx, source)
	if err != nil {
		return nil, Draft{}, nil, err
	}
	if caller := access.From(ctx).Caller; !slices.ContainsFunc(mayDraft, caller.Can) {
		if base == nil {
			return nil, Draft{}, nil, ErrNotFound
		}
		draft = base.setup.Draft
	}
	m, err := s.merge(base, draft, false)
	if err != nil {
		// The form says which secret has to be typed again; the pane still
		// shows the rest.
		m = merged{draft: s.complete(draft)}
		normalise(&m.draft)
	}
	fields := []process.Field{}
	if draft.PlaceID != "" {
		// Without a place and stage there are no fields yet.
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
		return nil, Draft{}, nil, err
	}
	env.Sample = sample
	m.draft.Request = request.Sealed(m.draft.Request)
	return request.Build(m.draft.Request, record, env), m.draft, fields, nil
}

// samples makes a record of the fields' sample values.
func samples(fields []process.Field) map[string]string {
	record := make(map[string]string, len(fields))
	for _, field := range fields {
		record[field.Name] = field.Sample
	}
	return record
}

// LastResult is the verdict of a setup's newest call.
type LastResult struct {
	Verdict   string
	AtMs      int64
	Simulated bool
}

// SetLastResult keeps the verdict of a setup's newest call for the list.
func (s *Service) SetLastResult(ctx context.Context, id string, last LastResult) error {
	return s.store.SetLastResult(ctx, id, last, s.now().UnixMilli())
}

// SetCheck keeps what a check of a saved setup's credential said.
func (s *Service) SetCheck(ctx context.Context, one Setup, check CredentialCheck) error {
	return s.store.SetCheck(ctx, one.ID, one.Version, &check)
}
