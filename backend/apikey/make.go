package apikey

import (
	"context"
	"encoding/hex"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"keydesk/backend/access"
	"keydesk/backend/fault"
	"keydesk/backend/secret"
	"keydesk/backend/typed"
)

// Term says when a key expires: after Days, at the end of Date (YYYY-MM-DD in the
// office's time zone), or never. Exactly one is given.
type Term struct {
	Days  int    `json:"days" validate:"min=0,max=36500"`
	Date  string `json:"date" validate:"omitempty,datetime=2006-01-02"`
	Never bool   `json:"never"`
}

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

// TakeOverInput takes over a key that was made elsewhere: by Value, or by the
// SHA-256 of it in hexadecimal.
type TakeOverInput struct {
	New    CreateInput `json:"new"`
	Value  secret.Text `json:"value" ts_type:"string" validate:"max=500"`
	SHA256 string      `json:"sha256" validate:"max=200"`
	// Random says that the key is long and random, which Keydesk cannot see of a
	// hash and doubts of a short one.
	Random bool `json:"random"`
}

// ReplaceInput makes a new key in place of another, which stops at Stops: a
// moment in milliseconds; 0 is now.
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
	OpCreate   = access.Op[CreateInput, Issued]{Name: "apikey.create", Does: "made the API key", Mode: access.Write, Needs: []access.Permission{access.CreateKey}, AsksHeld: true}
	OpTakeOver = access.Op[TakeOverInput, Issued]{Name: "apikey.take_over", Does: "took over the API key", Mode: access.Write, Needs: []access.Permission{access.CreateKey}, AsksHeld: true}
	OpReplace  = access.Op[ReplaceInput, Issued]{Name: "apikey.replace", Does: "replaced the API key", Mode: access.Write, Needs: []access.Permission{access.CreateKey, access.EditKey}, AsksHeld: true}
)

// Limits of what a key is made of.
const (
	adminDays   = 366 // a longer life needs an Org Admin
	mostDays    = 36500
	mostPlaces  = 100
	mostSources = 50
	leastChars  = 20
	mostChars   = 500 // of a key taken over by its value
	enoughBits  = 128
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

// TakeOver keeps a key that was made elsewhere; Issued.Secret is empty. Faults:
// apikey.invalid, apikey.weak until Random says otherwise, apikey.known,
// user.beyond_you.
func (s *Service) TakeOver(ctx context.Context, in TakeOverInput) (Issued, error) {
	record, err := s.draft(ctx, in.New)
	if err != nil {
		return Issued{}, err
	}
	digest, err := foreignDigest(in)
	if err != nil {
		return Issued{}, err
	}
	record.TakenOver, record.Mask = true, secret.Mask
	issued, err := s.insert(ctx, record, digest)
	if err != nil {
		return Issued{}, err
	}
	access.From(ctx).Changed(Kind, record.ID, record.Title, nil, shown(issued.Key))
	access.From(ctx).Emit(access.KeyCreated, record.ID, event(issued.Key))
	return issued, nil
}

// ErrWeak asks whether a short key is random after all.
var ErrWeak = fault.New(fault.Conflict, "apikey.weak", "This key looks easy to guess.").
	WithHint("Take it over only if it was made at random; a key made here has 256 bits.")

// foreignDigest returns the SHA-256 of a key from elsewhere.
func foreignDigest(in TakeOverInput) (digest [32]byte, err error) {
	var fields fault.Fields
	value := secret.New(strings.TrimSpace(in.Value.Reveal()))
	switch {
	case in.SHA256 == "" && value.IsEmpty():
		fields.Add("value", "Enter the key, or the SHA-256 of it.")
	case in.SHA256 != "" && !value.IsEmpty():
		fields.Add("sha256", "Enter either the key or its SHA-256.")
	case in.SHA256 != "" && !in.Random:
		fields.Add("random", "Confirm that the key behind this SHA-256 is long and random.")
	case in.SHA256 != "":
		sum, err := hex.DecodeString(strings.TrimSpace(in.SHA256))
		if err == nil && len(sum) == len(digest) {
			copy(digest[:], sum)
			return digest, nil
		}
		fields.Add("sha256", "A SHA-256 has 64 hexadecimal characters: 0 to 9 and a to f.")
	case strings.ContainsFunc(value.Reveal(), func(r rune) bool { return r > unicode.MaxASCII || r <= ' ' || r == 0x7f }):
		fields.Add("value", "A key has only letters, digits and signs, without blanks: it travels in a header.")
	case len(value.Reveal()) < leastChars:
		fields.Add("value", "A key needs at least %d characters.", leastChars)
	case formOf(value.Reveal()) == mistyped:
		fields.Add("value", "This looks like a key of Keydesk with a typing error. Copy it again.")
	}
	if err := fields.Err("apikey.invalid"); err != nil {
		return digest, err
	}
	if bits := entropy(value.Reveal()); bits < enoughBits && !in.Random {
		return digest, ErrWeak.WithMessage("This key looks easy to guess: about %d bits, where %d are enough.", bits, enoughBits)
	}
	return digestOf(value), nil
}

// entropy estimates the bits of a text from the characters it draws from and how
// often each appears, whichever is less.
func entropy(text string) int {
	counts := map[byte]int{}
	var lower, upper, digit, sign, hexOnly = false, false, false, false, true
	for i := range len(text) {
		c := text[i]
		counts[c]++
		switch {
		case c >= 'a' && c <= 'z':
			lower = true
			hexOnly = hexOnly && c <= 'f'
		case c >= 'A' && c <= 'Z':
			upper = true
			hexOnly = hexOnly && c <= 'F'
		case c >= '0' && c <= '9':
			digit = true
		default:
			sign, hexOnly = true, false
		}
	}
	alphabet := 0
	for _, has := range []struct {
		is bool
		n  int
	}{{lower, 26}, {upper, 26}, {digit, 10}, {sign, 32}} {
		if has.is {
			alphabet += has.n
		}
	}
	if hexOnly {
		alphabet = 16
	}
	shannon := 0.0
	for _, n := range counts {
		p := float64(n) / float64(len(text))
		shannon -= p * math.Log2(p)
	}
	perChar := math.Log2(float64(max(alphabet, 1)))
	// A short random text never uses every character as often, so the second
	// estimate counts only where it is far lower.
	if shannon < perChar*0.75 {
		perChar = shannon
	}
	return int(perChar * float64(len(text)))
}

// Replace makes a key that may do the same, for as long as the old one was made
// for, and ends the old one at Stops. Faults: apikey.not_found, apikey.ended,
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

// endsAt returns when the term ends, in milliseconds; 0 is never. n days later is
// the same wall time, also across a change of the clock; a date ends with its
// last moment.
func (t Term) endsAt(fields *fault.Fields, at string, now time.Time, zone *time.Location) int64 {
	given := 0
	for _, is := range []bool{t.Days > 0, t.Date != "", t.Never} {
		if is {
			given++
		}
	}
	if given != 1 {
		fields.Add(at, "Choose when the key expires.")
		return 0
	}
	if t.Never {
		return 0
	}
	end := now.In(zone).AddDate(0, 0, t.Days)
	if t.Date != "" {
		day, err := time.ParseInLocation(time.DateOnly, t.Date, zone)
		if err != nil {
			fields.Add(at, "Enter a date.")
			return 0
		}
		end = day.AddDate(0, 0, 1)
	}
	switch {
	case !end.After(now):
		fields.Add(at, "Choose a day that is not over.")
		return 0
	case end.After(now.In(zone).AddDate(0, 0, mostDays+1)):
		fields.Add(at, "Choose a day within 100 years, or no end.")
		return 0
	}
	return end.UnixMilli()
}

// checkGrants returns the grants in one order, without repeats.
func (s *Service) checkGrants(ctx context.Context, fields *fault.Fields, in CreateInput) Grants {
	g := in.Grants
	if in.FullAccess {
		g.Scopes = access.AnyScope()
	}
	g.Scopes = inOrder(g.Scopes, access.AnyScope())
	switch {
	case len(in.Grants.Scopes) == 0 && !in.FullAccess:
		fields.Add("grants.scopes", "Choose what the key may do.")
	case !in.FullAccess && len(g.Scopes) < len(unique(in.Grants.Scopes)):
		fields.Add("grants.scopes", "One of these scopes is not known.")
	}
	g.Places, g.Channels, g.Sources = unique(g.Places), unique(g.Channels), unique(g.Sources)
	if len(g.Places) > mostPlaces {
		fields.Add("grants.places", "Choose at most %d processes.", mostPlaces)
	} else {
		for _, id := range g.Places {
			if _, err := s.places.PathOf(ctx, id); err != nil {
				fields.Add("grants.places", "One of these processes is no longer there.")
				break
			}
		}
	}
	for _, one := range g.Channels {
		if !slices.Contains(channels, one) {
			fields.Add("grants.channels", "Choose SMS, WhatsApp Business or Email.")
			break
		}
	}
	if len(g.Sources) > mostSources {
		fields.Add("grants.sources", "List at most %d addresses.", mostSources)
	}
	for i, text := range g.Sources {
		text = strings.TrimSpace(text)
		g.Sources[i] = text
		if _, err := parseSource(text); err != nil {
			fields.Add("grants.sources", "%q is neither an address such as 192.168.1.20 nor a network such as 192.168.1.0/24.", text)
			break
		}
	}
	if g.LivePerDay < 0 || g.LivePerDay > 1_000_000 {
		fields.Add("grants.live_per_day", "Enter a number from 0 to 1,000,000; 0 is no limit.")
	}
	if g.PerMinute < 0 || g.PerMinute > 100_000 {
		fields.Add("grants.per_minute", "Enter a number from 0 to 100,000; 0 is the office's limit.")
	}
	return g
}

// channels are those of setups.
var channels = []string{"sms", "whatsapp_business", "email"}

func unique[T comparable](list []T) []T {
	clean := make([]T, 0, len(list))
	for _, one := range list {
		if !slices.Contains(clean, one) {
			clean = append(clean, one)
		}
	}
	return clean
}

// inOrder returns the known ones in the order of all.
func inOrder[T comparable](list, all []T) []T {
	clean := make([]T, 0, len(list))
	for _, one := range all {
		if slices.Contains(list, one) {
			clean = append(clean, one)
		}
	}
	return clean
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
