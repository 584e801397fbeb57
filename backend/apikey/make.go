package apikey

import (
	"context"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/typed"
)

// CreateInput makes a key.
type CreateInput struct {
	// RequestID is made by the form before it calls: sent twice, it makes one key.
	RequestID string `json:"request_id" validate:"required,max=64"`
	Title     string `json:"title" validate:"required,max=200"`
	Expires   Term   `json:"expires"`
	Grants    Grants `json:"grants"`
	// FullAccess gives every scope that exists today; only Org Admins may.
	FullAccess bool `json:"full_access"`
}

// ReplaceInput makes a new key in place of another, which stops at StopsMs; 0 is
// now.
type ReplaceInput struct {
	RequestID string `json:"request_id" validate:"required,max=64"`
	ID        string `json:"id" validate:"required,max=64"`
	StopsMs   int64  `json:"stops_ms" validate:"min=0,max=253402300799999"`
}

// Issued is a key that was just made. Secret is the whole key, shown this once.
type Issued struct {
	Key    Key    `json:"key"`
	Secret string `json:"secret"`
	// SameTitle is how many other keys have this title.
	SameTitle int `json:"same_title"`
}

// Operations that make keys.
var (
	OpCreate  = access.Op[CreateInput, Issued]{Name: "apikey.create", Does: "made the API key", Mode: access.Write, Needs: []access.Permission{access.CreateKey}, AsksHeld: true}
	OpReplace = access.Op[ReplaceInput, Issued]{Name: "apikey.replace", Does: "replaced the API key", Mode: access.Write, Needs: []access.Permission{access.CreateKey, access.EditKey}, AsksHeld: true}
)

// Create makes a key and returns it once. Faults: apikey.invalid at the fields,
// user.beyond_you, apikey.made_already.
func (s *Service) Create(ctx context.Context, in CreateInput) (Issued, error) {
	record, err := s.draft(ctx, in)
	if err != nil {
		return Issued{}, err
	}
	key, publicID := generate()
	record.Mask = maskOf(publicID)
	issued, err := s.insert(ctx, record, digestOf(key))
	if err != nil {
		return Issued{}, err
	}
	issued.Secret = key.Reveal()
	access.From(ctx).Changed(Kind, record.ID, record.Title, nil, shown(issued.Key))
	access.From(ctx).Emit(access.KeyCreated, record.ID, event(issued.Key))
	return issued, nil
}

// Replace makes a key that may do the same, for as long as the old one was made
// for, and ends the old one at StopsMs. Faults: apikey.not_found, apikey.ended,
// user.beyond_you, access.forbidden for a long life, apikey.made_already.
func (s *Service) Replace(ctx context.Context, in ReplaceInput) (Issued, error) {
	old, err := s.live(ctx, in.ID)
	if err != nil {
		return Issued{}, err
	}
	if err := s.requireHeld(ctx, old.Key); err != nil {
		return Issued{}, err
	}
	now := s.now()
	before := old
	next := s.begin(ctx, in.RequestID, old.Title, old.Grants, old.FullAccess)
	if old.ExpiresMs > 0 {
		next.ExpiresMs = now.UnixMilli() + max(old.ExpiresMs-old.CreatedMs, 24*time.Hour.Milliseconds())
	}
	if err := s.requireAdmin(ctx, next.Key); err != nil {
		return Issued{}, fault.From(err).WithHint("Ask an Org Admin to replace it, or make another key with an end within a year.")
	}
	key, publicID := generate()
	next.Mask = maskOf(publicID)
	issued, err := s.insert(ctx, next, digestOf(key))
	if err != nil {
		return Issued{}, err
	}
	issued.Secret = key.Reveal()
	old.ReplacedBy = next.ID
	if in.StopsMs <= now.UnixMilli() {
		old.RevokedMs, old.EndedBy = now.UnixMilli(), access.From(ctx).Caller.Name
	} else if old.ExpiresMs == 0 || in.StopsMs < old.ExpiresMs {
		old.ExpiresMs = in.StopsMs
	}
	if _, err := s.update(ctx, before, old); err != nil {
		return Issued{}, err
	}
	access.From(ctx).Changed(Kind, next.ID, next.Title, nil, shown(issued.Key))
	access.From(ctx).Emit(access.KeyReplaced, old.ID, event(issued.Key))
	return issued, nil
}

// begin is a new record by the current caller.
func (s *Service) begin(ctx context.Context, requestID, title string, grants Grants, full bool) Record {
	caller := access.From(ctx).Caller
	return Record{RequestID: requestID, Key: Key{
		ID: uuid.Must(uuid.NewV7()).String(), Title: title, Grants: grants, FullAccess: full,
		CreatedMs: s.now().UnixMilli(), CreatorID: caller.ID, Creator: caller.Name, Version: 1,
	}}
}

// draft checks what a key is to be.
func (s *Service) draft(ctx context.Context, in CreateInput) (Record, error) {
	var fields fault.Fields
	title := cleanTitle(&fields, in.Title)
	grants := s.checkGrants(ctx, &fields, in)
	zone, err := s.limits.Zone(ctx)
	if err != nil {
		return Record{}, err
	}
	record := s.begin(ctx, in.RequestID, title, grants, in.FullAccess)
	record.ExpiresMs = in.Expires.endsAt(&fields, "expires", s.now(), zone)
	if err := fields.Err("apikey.invalid"); err != nil {
		return Record{}, err
	}
	return record, errOr(s.requireHeld(ctx, record.Key), s.requireAdmin(ctx, record.Key))
}

func errOr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// requireHeld refuses a caller who lacks a permission that the key's scopes mean.
func (s *Service) requireHeld(ctx context.Context, k Key) error {
	return access.From(ctx).RequireHeld("This API key", access.PermissionsOf(k.Grants.Scopes), k.FullAccess)
}

// adminDays is the longest life of a key that needs no Org Admin.
const adminDays = 366

// requireAdmin refuses a long life to anybody but an Org Admin.
func (s *Service) requireAdmin(ctx context.Context, k Key) error {
	if access.From(ctx).Caller.IsOrgAdmin || k.ExpiresMs > 0 && k.ExpiresMs <= s.now().AddDate(0, 0, adminDays).UnixMilli() {
		return nil
	}
	const why = "Only an Org Admin may give a key more than a year, or no end."
	return access.ErrForbidden.WithMessage(why).WithHint("Choose an end within a year.").WithField("expires", why)
}

func cleanTitle(fields *fault.Fields, text string) string {
	title := typed.Name(text)
	switch {
	case title == "":
		fields.Add("title", "Fill this in.")
	case strings.ContainsFunc(title, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) }):
		fields.Add("title", "Remove line breaks and control characters.")
	}
	return title
}

// insert writes a new key and puts it into memory after the commit.
func (s *Service) insert(ctx context.Context, record Record, digest [32]byte) (Issued, error) {
	if err := s.pepper(ctx); err != nil {
		return Issued{}, err
	}
	stored, err := s.verifierOf(ctx, digest)
	if err != nil {
		return Issued{}, err
	}
	record.Verifier = stored[:]
	if known, found, err := s.store.APIKeyByVerifier(ctx, record.Verifier); err != nil || found {
		return Issued{}, errOr(err, ErrKnown.WithMessage("This key is here already, as “%s”.", known.Title))
	}
	if record, err = s.sealRow(ctx, record); err != nil {
		return Issued{}, err
	}
	same, err := s.store.KeyTitles(ctx, record.Title)
	if err != nil {
		return Issued{}, err
	}
	if err := s.store.InsertAPIKey(ctx, record); err != nil {
		return Issued{}, err
	}
	access.From(ctx).AfterCommit(func() { s.keep(record) })
	record.Status = record.statusAt(s.now())
	return Issued{Key: record.Key, SameTitle: same}, nil
}

// pepper makes the pepper with the first key. A pepper that no longer opens is
// replaced: every key made under it is damaged already.
func (s *Service) pepper(ctx context.Context) error {
	access.From(ctx).AfterCommit(func() { s.peppers.KeyCommitted(pepperName) })
	if err := s.peppers.MakeKey(ctx, pepperName); err != nil {
		opens, unclear := s.peppers.KeyOpens(ctx, pepperName)
		if unclear != nil || opens {
			return err
		}
		return s.peppers.ReplaceKey(ctx, pepperName)
	}
	return nil
}

// shown is what activity keeps of a key.
func shown(k Key) any {
	return struct {
		Title      string `json:"title"`
		Mask       string `json:"key"`
		Grants     Grants `json:"may"`
		FullAccess bool   `json:"full_access,omitempty"`
		TakenOver  bool   `json:"taken_over,omitempty"`
		Expires    string `json:"expires,omitempty"`
		Disabled   bool   `json:"disabled,omitempty"`
		Revoked    bool   `json:"revoked,omitempty"`
		ReplacedBy string `json:"replaced_by,omitempty"`
	}{k.Title, k.Mask, k.Grants, k.FullAccess, k.TakenOver, moment(k.ExpiresMs), k.DisabledMs > 0, k.RevokedMs > 0, k.ReplacedBy}
}

func moment(ms int64) string {
	if ms == 0 {
		return ""
	}
	return time.UnixMilli(ms).UTC().Format(time.RFC3339)
}

// event is what leaves about a key.
func event(k Key) any {
	return struct {
		ID      string `json:"id"`
		Title   string `json:"title"`
		Expires string `json:"expires,omitempty"`
	}{k.ID, k.Title, moment(k.ExpiresMs)}
}
