package setup

import (
	"context"
	"slices"
	"strings"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/provider"
	"keydesk/backend/request"
)

// Providers gives a provider by id, finds the one a request goes to, and tells
// whether two belong to different accounts.
type Providers interface {
	Get(id string) (*provider.Provider, error)
	Recognise(ctx context.Context, spec request.Spec) (provider.Recognised, bool)
	OtherAccount(before, now string) bool
}

// ApplyInput asks for the request of a provider. Draft is what the form holds;
// its Entered is what its request was made from, so that changes by hand can be
// recognised. Provider is the one to apply: one that is not the draft's starts
// over, and "" leaves the request to the person, without a provider. What is
// entered now comes separately from the draft: Entered (nil keeps the draft's)
// and Channel ("" keeps it). With Reset nothing that was changed by hand stays.
type ApplyInput struct {
	Draft    Draft             `json:"draft" validate:"-"`
	Provider string            `json:"provider" validate:"max=64"`
	Channel  Channel           `json:"channel" validate:"max=64"`
	Entered  *provider.Entered `json:"entered" validate:"-"`
	Reset    bool              `json:"reset"`
}

// Applied is a draft with the provider's request. Typed secrets are not in it:
// the page keeps them by the name of the field.
type Applied struct {
	Draft Draft `json:"draft"`
	// Faults are at "draft.request.fixed[2].value" or
	// "draft.rows.variables[0].name".
	Faults []fault.Field `json:"faults"`
	// Newer says that the file is newer than the request, and Changes what the
	// file makes differently (RULES.md, Providers).
	Newer   bool              `json:"newer"`
	Changes []provider.Change `json:"changes"`
}

// OpApply applies a provider.
var OpApply = access.Op[ApplyInput, Applied]{Name: "setup.apply", Does: "looked at the request of a provider", Mode: access.Read, Any: []access.Permission{access.CreateSetup, access.EditSetup, access.ViewSetup}}

// Apply copies a provider's request into a draft. What the person changed by
// hand stays, row by row.
func (s *Service) Apply(_ context.Context, in ApplyInput) (Applied, error) {
	for _, draft := range []Draft{in.Draft, {Entered: in.Entered}} {
		if err := tooLong(draft); err != nil {
			return Applied{}, err
		}
	}
	out := Applied{Draft: s.CarriedOver(in.Draft), Faults: []fault.Field{}, Changes: []provider.Change{}}
	now := out.Draft.applied()
	next := provider.Next{Channel: now.Channel, Entered: now.Entered, Fresh: in.Reset}
	if in.Entered != nil {
		next.Entered = *in.Entered
	}
	if in.Provider == "" {
		if p := s.provider(out.Draft); p != nil {
			done, _ := p.Apply(now, next)
			out.Draft.take(done)
		}
		out.Draft.Request = provider.Detached(out.Draft.Request)
		out.Draft.Provider, out.Draft.ProviderVersion, out.Draft.Entered, out.Draft.ByHand = "", 0, nil, nil
		forget(&out.Draft)
		return out, nil
	}
	p, err := s.providers.Get(in.Provider)
	if err != nil {
		return Applied{}, err
	}
	if in.Channel != "" {
		next.Channel = string(in.Channel)
	}
	next.Channel = channelOf(p, next.Channel)
	var applied provider.Applied
	if in.Draft.Provider != in.Provider {
		applied, err = p.Start(next.Channel, s.carriedTo(p, out.Draft, next.Entered))
		applied.Spec.StageParams = now.Spec.StageParams
	} else {
		applied, err = p.Apply(now, next)
		out.Changes = p.Changes(now)
		out.Newer = applied.Version < p.Version
	}
	out.Faults = at(applied.Spec, err)
	out.Draft.Provider = p.ID
	out.Draft.take(applied)
	forget(&out.Draft)
	return out, nil
}

// carriedTo is what was entered for one provider, reduced to what another may
// get: the credentials of one account are never carried over to another.
func (s *Service) carriedTo(p *provider.Provider, before Draft, entered provider.Entered) provider.Input {
	in := entered.Input("")
	if before.Entered == nil {
		in = p.Read("", before.Request)
	}
	if s.provider(before) != nil && !s.providers.OtherAccount(before.Provider, p.ID) {
		return in
	}
	for _, f := range p.Fields {
		if f.Belongs == provider.OfAccount {
			delete(in.Values, f.ID)
		}
	}
	return in
}

// forget takes typed secrets out of a draft.
func forget(draft *Draft) {
	var none request.Value
	for _, one := range slots(draft) {
		one.Value.Typed = none.Typed
	}
	draft.mirror()
}

// applied is what the draft has of its provider.
func (d Draft) applied() provider.Applied {
	out := provider.Applied{Channel: string(d.Channel), Version: d.ProviderVersion, Spec: d.Request, ByHand: d.ByHand}
	if d.Entered != nil {
		out.Entered = d.Entered.Clone()
	}
	return out
}

func (d *Draft) take(applied provider.Applied) {
	d.Channel, d.ProviderVersion = Channel(applied.Channel), applied.Version
	d.Request, d.Entered, d.ByHand = applied.Spec, &applied.Entered, applied.ByHand
}

// mirror copies the secrets of the request to what was entered.
func (d *Draft) mirror() {
	if d.Entered == nil {
		return
	}
	entered := d.Entered.Clone()
	for i, one := range entered.Values {
		for _, f := range d.Request.Fixed {
			if f.Name == one.ID && f.Value.Secret {
				entered.Values[i].Value = f.Value
			}
		}
	}
	d.Entered = &entered
}

// CarriedOver fills in what was entered in the provider's form where the draft
// does not have it: earlier versions of Keydesk did not keep it in setups and
// files.
func (s *Service) CarriedOver(draft Draft) Draft {
	if draft.Entered != nil {
		return draft
	}
	if p := s.provider(draft); p != nil {
		draft.take(p.CarryOver(string(draft.Channel), draft.ProviderVersion, draft.Request))
	}
	return draft
}

// complete makes the request of a draft from what was entered. Without the
// provider's file it stays as it is.
func (s *Service) complete(draft Draft) Draft {
	draft = s.CarriedOver(draft)
	if p := s.provider(draft); p != nil {
		now := draft.applied()
		done, _ := p.Apply(now, provider.Next{Channel: now.Channel, Entered: now.Entered}) // check reports what is missing
		draft.take(done)
	}
	return draft
}

// channelOf keeps the channel if the provider serves it.
func channelOf(p *provider.Provider, now string) string {
	if slices.Contains(p.Channels, now) {
		return now
	}
	return p.Channels[0]
}

// at puts the faults of a provider's form where the setup's form has them.
func at(spec request.Spec, err error) []fault.Field {
	list := []fault.Field{}
	known := fault.From(err)
	if err == nil || known == nil {
		return list
	}
	for _, f := range known.Fields {
		name := "draft." + f.Name
		if id, value := strings.CutPrefix(f.Name, "values."); value {
			name = "draft.provider"
			if path := provider.FieldPath(spec, id); path != "" {
				name = "draft.request." + path
			}
		}
		list = append(list, fault.Field{Name: name, Message: f.Message})
	}
	return list
}

// checkProvider checks the provider's fields against its file. Where the file
// was removed there is nothing to check against. Of a file newer than the
// request only the fields that the request names count.
func (s *Service) checkProvider(draft Draft) []fault.Field {
	p := s.provider(draft)
	if p == nil || draft.Entered == nil {
		return nil
	}
	spec, err := p.Draft(draft.Entered.Input(string(draft.Channel)))
	if err == nil {
		return nil
	}
	found, named := []fault.Field{}, provider.Mentioned(draft.Request)
	for _, f := range at(spec, err) {
		// A message names the row of the file's request; here it is the draft's.
		for _, field := range spec.Fixed {
			if f.Name != "draft.request."+provider.FieldPath(spec, field.Name) {
				continue
			}
			f.Name = "draft.provider"
			if path := provider.FieldPath(draft.Request, field.Name); path != "" {
				f.Name = "draft.request." + path
			}
			if draft.ProviderVersion < p.Version && !named[field.Name] {
				f.Name = "" // the older request does without it
			}
			break
		}
		if f.Name != "" {
			found = append(found, f)
		}
	}
	return found
}

// provider is the draft's, nil where it has none or its file is gone.
func (s *Service) provider(draft Draft) *provider.Provider {
	if draft.Provider == "" {
		return nil
	}
	p, err := s.providers.Get(draft.Provider)
	if err != nil {
		return nil
	}
	return p
}
