package apikey

import (
	"context"
	"slices"
	"strings"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// CheckInput asks what is wrong with a key, or whether it may do something.
type CheckInput struct {
	Key secret.Text `json:"key" ts_type:"string" validate:"required,max=1000"`
	// Scope is what it is to do; "" asks only whether it is good.
	Scope access.Scope `json:"scope" validate:"max=64"`
	// Source is the address it is used from; "" does not ask.
	Source string `json:"source" validate:"omitempty,ip"`
}

// Result is what is found out about a key.
type Result string

// The results of a check.
const (
	Good         Result = "good"
	IsMistyped   Result = "mistyped"
	IsUnknown    Result = "unknown"
	IsExpired    Result = "expired"
	IsRevoked    Result = "revoked"
	IsDeleted    Result = "deleted"
	IsDisabled   Result = "disabled"
	IsDamaged    Result = "damaged"
	OtherScope   Result = "scope"
	OtherAddress Result = "source"
)

// Checked is what Check a key says. Key is nil where none was found.
type Checked struct {
	Result  Result `json:"result"`
	Message string `json:"message"`
	Hint    string `json:"hint"`
	Key     *Key   `json:"key"`
}

// VerifyInput is a check by another system.
type VerifyInput = CheckInput

// Verified is what another system is told of a key. Seen is nil where none was
// found.
type Verified struct {
	Result  Result `json:"result"`
	Message string `json:"message"`
	Seen    *Seen  `json:"seen"`
}

// Operations that check keys.
var (
	OpCheck  = access.Op[CheckInput, Checked]{Name: "apikey.check", Does: "checked an API key", Mode: access.Read, Needs: []access.Permission{access.ViewKey}}
	OpVerify = access.Op[VerifyInput, Verified]{Name: "apikey.verify", Does: "checked an API key", Mode: access.Read, Needs: []access.Permission{access.ViewKey}, Scope: []access.Scope{access.VerifyKeys}, Door: access.API}
)

// Check says in words what is wrong with a key (E18). A key in quotes, with blanks
// around it or with the name of its header before it is read without them. Another system (OpVerify) learns neither
// who made a key nor who ended it.
func (s *Service) Check(ctx context.Context, in CheckInput) (Checked, error) {
	if in.Scope != "" && !in.Scope.Known() {
		var fields fault.Fields
		fields.Add("scope", "This scope is not known.")
		return Checked{}, fields.Err("apikey.invalid")
	}
	text := strings.Trim(strings.TrimSpace(in.Key.Reveal()), `"'`)
	for _, scheme := range []string{"authorization:", "x-api-key:", "x-api-key", "bearer"} {
		if len(text) > len(scheme) && strings.EqualFold(text[:len(scheme)], scheme) {
			text = strings.TrimSpace(text[len(scheme):])
		}
	}
	if formOf(text) == mistyped {
		return Checked{Result: IsMistyped, Message: "This key has a typing error: its checksum does not fit.", Hint: "Copy it again as a whole. It has 61 characters and begins with kd_."}, nil
	}
	stored, err := s.verifierOf(ctx, digestOf(secret.New(text)))
	if err != nil {
		return Checked{}, err
	}
	record, found, err := s.store.APIKeyByVerifier(ctx, stored[:])
	if err != nil {
		return Checked{}, err
	}
	if !found {
		return Checked{Result: IsUnknown, Message: "This office did not issue this key.", Hint: "It may belong to another program or another office."}, nil
	}
	if err := s.judge(ctx, &record); err != nil {
		return Checked{}, err
	}
	zone, err := s.limits.Zone(ctx)
	if err != nil {
		return Checked{}, err
	}
	s.fill(&record.Key)
	if access.From(ctx).Caller.Kind == access.Key {
		record.Creator, record.CreatorID, record.EndedBy = "", "", ""
	}
	checked := s.explain(record, in, zone)
	checked.Key = &record.Key
	return checked, nil
}

// Verify is Check for another system.
func (s *Service) Verify(ctx context.Context, in VerifyInput) (Verified, error) {
	checked, err := s.Check(ctx, in)
	if err != nil {
		return Verified{}, err
	}
	verified := Verified{Result: checked.Result, Message: checked.Message}
	if checked.Key != nil {
		seen, err := s.seen(ctx, *checked.Key)
		if err != nil {
			return Verified{}, err
		}
		verified.Seen = &seen
	}
	return verified, nil
}

// explain says what is wrong with a known key, with days in the office's time zone.
func (s *Service) explain(record Record, in CheckInput, zone *time.Location) Checked {
	day := func(ms int64) string { return time.UnixMilli(ms).In(zone).Format("2 January 2006") }
	by := ""
	if record.EndedBy != "" {
		by = " by " + record.EndedBy
	}
	switch {
	case record.DeletedMs > 0:
		return Checked{Result: IsDeleted, Message: "“" + record.Title + "” was deleted on " + day(record.DeletedMs) + by + ".", Hint: "Make a new key for this system."}
	case record.Damaged:
		return Checked{Result: IsDamaged, Message: "“" + record.Title + "” can no longer be checked, so it is refused.", Hint: "Delete it and make a new one."}
	}
	switch record.statusAt(s.now()) {
	case Revoked:
		return Checked{Result: IsRevoked, Message: "“" + record.Title + "” was revoked on " + day(record.RevokedMs) + by + ".", Hint: "Make a new key for this system."}
	case Expired:
		return Checked{Result: IsExpired, Message: "“" + record.Title + "” expired on " + day(record.ExpiresMs) + ".", Hint: "Edit it to give it a later end, or replace it."}
	case Disabled:
		return Checked{Result: IsDisabled, Message: "“" + record.Title + "” has been disabled since " + day(record.DisabledMs) + ".", Hint: "Enable it to let it be used again."}
	case Active, Expiring:
	}
	if in.Scope != "" && !slices.Contains(record.Grants.Scopes, in.Scope) {
		return Checked{Result: OtherScope, Message: "“" + record.Title + "” is good, but it may not do this: it lacks the scope " + string(in.Scope) + ".", Hint: "Scopes never change. Make a key that holds it."}
	}
	if in.Source != "" && !allowed(record.Grants.Sources, in.Source) {
		return Checked{Result: OtherAddress, Message: "“" + record.Title + "” is good, but may not be used from " + in.Source + ".", Hint: "It may be used from " + sourcesOf(record.Key) + "."}
	}
	return Checked{Result: Good, Message: "“" + record.Title + "” is good.", Hint: ""}
}

func sourcesOf(k Key) string {
	if len(k.Grants.Sources) == 0 {
		return "this computer alone"
	}
	return strings.Join(k.Grants.Sources, ", ")
}
