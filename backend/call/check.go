package call

import (
	"context"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/provider"
	"keydesk/backend/request"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/verdict"
)

// CheckInput asks whether a credential is valid: that of a saved setup or, with
// Draft, the one in the form. Source is what the draft keeps its secrets from.
type CheckInput struct {
	OperationID string       `json:"operation_id" validate:"max=64"`
	SetupID     string       `json:"setup_id" validate:"max=64"`
	Source      setup.Source `json:"source"`
	Draft       *setup.Draft `json:"draft" validate:"-"`
}

// Operation names the run for Cancel.
func (in CheckInput) Operation() string { return in.OperationID }

// Checked is what is known of a credential now, and why.
type Checked struct {
	Validity provider.Validity `json:"validity"`
	Reason   string            `json:"reason"`
	AtMs     int64             `json:"at_ms"`
	// Says is what was asked, in the provider file's words; "" when nothing was.
	Says    string  `json:"says"`
	Status  int     `json:"status"`
	TotalMs float64 `json:"total_ms"`
	Fix     *Fix    `json:"fix"`
}

// OpCheck checks a credential without sending a message.
var OpCheck = access.Op[CheckInput, Checked]{Name: "call.check", Does: "checked the credential of the API Key Setup", Mode: access.Long, Needs: []access.Permission{access.TestSetup}, Asks: append(drafts, access.ManageSettings), AsksFresh: true}

var errNoProvider = fault.New(fault.Invalid, "call.no_provider", "Keydesk cannot check this credential, because the setup has no provider.").
	WithHint("Choose a provider, or send a test.")

// Check sends the provider's probe. It never says valid without an answer that
// proves it.
func (s *Service) Check(ctx context.Context, in CheckInput) (Checked, error) {
	if in.Draft != nil {
		if err := askDraftPermission(ctx); err != nil {
			return Checked{}, err
		}
	}
	ask := setup.Ask{Source: in.Source, Draft: in.Draft, For: setup.Credential}
	if in.Draft == nil {
		ask.Source = setup.Source{SetupID: in.SetupID}
	}
	ready, err := s.setups.Prepare(ctx, ask)
	if err != nil {
		return Checked{}, err
	}
	if ready.Provider == nil {
		return Checked{}, errNoProvider
	}
	checked, err := s.probe(ctx, ready)
	if err != nil {
		return Checked{}, err
	}
	invocation := access.From(ctx)
	return checked, invocation.Commit(context.WithoutCancel(ctx), func(ctx context.Context) error {
		if in.Draft == nil {
			kept := setup.CredentialCheck{Validity: checked.Validity, Reason: checked.Reason, AtMs: checked.AtMs}
			if err := s.setups.SetCheck(ctx, ready.Setup, kept); err != nil {
				return err
			}
		}
		title := ready.Setup.Title
		if title == "" {
			title = "Unsaved setup, " + ready.Provider.Name
		}
		invocation.Changed(setup.Kind, ready.Setup.ID, title, nil, map[string]string{"credential": string(checked.Validity), "reason": checked.Reason})
		return nil
	})
}

func (s *Service) probe(ctx context.Context, ready setup.Ready) (Checked, error) {
	p := ready.Provider
	out := Checked{AtMs: s.now().UnixMilli()}
	values := map[string]request.Value{}
	for _, f := range ready.Draft.Request.Fixed {
		values[f.Name] = f.Value
	}
	spec, _, testable := p.ProbeRequest(values)
	say := func(check provider.Check) Checked {
		out.Validity, out.Reason = check.Validity, check.Reason
		if f, known := p.Field(check.Field); known {
			if path := provider.FieldPath(ready.Draft.Request, f.ID); path != "" {
				out.Fix = &Fix{Path: "draft.request." + path, Label: f.Label}
			}
		}
		return out
	}
	if !testable {
		return say(p.Untestable()), nil
	}
	// A file that a user added could name any host for its probe, and the
	// setup's address can be changed by hand. A secret goes only where the
	// setup's messages go.
	if place(spec) != place(ready.Draft.Request) {
		return say(provider.Check{Validity: provider.NotTestable,
			Reason: "The provider's file checks a credential at another address than this setup's messages go to, so Keydesk does not send it there."}), nil
	}
	spec, same := p.ProbeAs(spec, ready.Draft.Request.Auth)
	if !same {
		return say(provider.Check{Validity: provider.NotTestable,
			Reason: "Authentication was changed by hand, so the provider's check would not prove what is sent."}), nil
	}
	env, err := s.envOf(ctx, p)
	if err != nil {
		return Checked{}, err
	}
	rendered := request.Build(spec, map[string]string{}, env)
	if err := rendered.Err(); err != nil {
		return Checked{}, inDraft(err)
	}
	limits := limits(ready.Draft.Options)
	limits.Redirects = 0 // the credential goes nowhere else
	answer := s.send(ctx, rendered, limits, "")
	judging, cancel := context.WithTimeout(ctx, limits.Left(answer))
	defer cancel()
	hide := secret.NewRedactor(rendered.Secrets()...)
	hide.Add(ready.Secrets...)
	check := p.ReadProbe(judging, redacted(answer, hide).Outcome())
	out.AtMs, out.Says, out.Status, out.TotalMs = s.now().UnixMilli(), p.Probe.Says, answer.Status, answer.Timings.TotalMs
	if answer.Failure != nil && answer.Failure.Phase == verdict.PhaseCancelled {
		return Checked{}, ctx.Err()
	}
	return say(check), nil
}

// place is scheme, host and port of a request, or the URL itself if it cannot be
// read.
func place(spec request.Spec) string {
	scheme, host, port, err := request.Target(spec)
	if err != nil {
		return "?" + spec.URL
	}
	return scheme + "://" + host + ":" + port
}
