// Package dashboard gathers what the first screen shows: what needs somebody, and
// what happened (H07). It reads figures that are kept as things happen and scans no
// history.
package dashboard

import (
	"cmp"
	"context"
	"slices"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/apikey"
	"keydesk/backend/call"
	"keydesk/backend/certificate"
	"keydesk/backend/fault"
	"keydesk/backend/organisation"
	"keydesk/backend/setup"
)

// How far back the pictures go, and how many lines a list has.
const (
	shownDays = 30
	firstWeek = 7
	shownOf   = 5
)

// What can need somebody.
const (
	KeysUnavailable  = "keys_unavailable"
	KeyDamaged       = "key_damaged"
	KeyExpired       = "key_expired"
	KeyExpiring      = "key_expiring"
	SetupUnreadable  = "setup_unreadable"
	SetupFailing     = "setup_failing"
	LocalAPIStopped  = "local_api"
	SendingPaused    = "sending_paused"
	CertificateFault = "certificate"
)

// Item is one thing that needs somebody.
type Item struct {
	// Kind is one of the words above.
	Kind string `json:"kind"`
	// ID and Name are those of the key or setup; "" for what there is once.
	ID   string `json:"id"`
	Name string `json:"name"`
	// AtMs is when a key expires, or when a setup was last tried; 0 otherwise.
	AtMs int64 `json:"at_ms"`
	// Verdict is that of the setup's last call.
	Verdict string `json:"verdict"`
	// Text is a sentence that says what is wrong, where there is one.
	Text string `json:"text"`
}

// Day is the calls of one day, by verdict.
type Day struct {
	// Day is YYYY-MM-DD in the office's time zone.
	Day  string        `json:"day"`
	Live call.Verdicts `json:"live"`
	Test call.Verdicts `json:"test"`
}

// Stage is how many live messages went out for one stage in a month.
type Stage struct {
	PlaceID string `json:"place_id"`
	// Places are the names from the process down. Stage is "" for setups of a whole
	// place.
	Places []string `json:"places"`
	Stage  string   `json:"stage"`
	Calls  int      `json:"calls"`
}

// Report is the first screen. A part that the caller may not see is empty, and its
// Sees is false.
type Report struct {
	SeesCalls  bool `json:"sees_calls"`
	SeesKeys   bool `json:"sees_keys"`
	SeesSetups bool `json:"sees_setups"`
	// Attention is what needs somebody, the most urgent first, at most 5 of a kind;
	// More counts the others by kind.
	Attention []Item         `json:"attention"`
	More      map[string]int `json:"more"`
	// Days are the last 30 days, oldest first.
	Days []Day                `json:"days"`
	Keys []apikey.StatusCount `json:"keys"`
	// Stages are the busiest of Month, YYYY-MM: this month, and in its first week the one
	// before, which tells more.
	Stages []Stage `json:"stages"`
	Month  string  `json:"month"`
}

// Nothing is the input of the report.
type Nothing struct{}

// mayLook are the rights of which each opens a part.
var mayLook = []access.Permission{access.ViewCall, access.ViewKey, access.ViewSetup}

// OpGet is the first screen's one read.
var OpGet = access.Op[Nothing, Report]{Name: "dashboard.get", Does: "looked at the dashboard", Mode: access.Read, Any: mayLook}

// Store reads the figures.
type Store interface {
	// CallDays gives the figures of the days since one, in order.
	CallDays(ctx context.Context, from string) ([]call.DayCount, error)
	// BusiestStages gives those with most live calls of a month.
	BusiestStages(ctx context.Context, month string, limit int) ([]Stage, error)
	// FailingSetups gives enabled setups whose last call was refused or failed, the
	// latest first, and how many there are, at most 1,000.
	FailingSetups(ctx context.Context, limit int) ([]Item, int, error)
	// SetupNames gives the names of these setups that are not deleted.
	SetupNames(ctx context.Context, ids []string) ([]Item, error)
}

// Keys counts API keys.
type Keys interface {
	Overview() (apikey.Overview, error)
}

// Office says what runs and where midnight is.
type Office interface {
	Current(ctx context.Context) (organisation.Settings, error)
	Running(ctx context.Context, in organisation.Nothing) (organisation.Running, error)
	LocalAPISettings(ctx context.Context) (organisation.LocalAPI, error)
}

// Certificates says what is wrong with the certificate.
type Certificates interface {
	Get(ctx context.Context, in certificate.Nothing) (certificate.State, error)
}

// Secrets says which setups hold a secret that does not open.
type Secrets interface {
	Damaged(ownerKind string) map[string][]string
}

// Parts are what the service is made of.
type Parts struct {
	Store        Store
	Keys         Keys
	Office       Office
	Certificates Certificates
	Secrets      Secrets
	Now          func() time.Time
}

// Service is the use case.
type Service struct{ Parts }

// New makes the service; it does no I/O.
func New(parts Parts) *Service { return &Service{parts} }

// Get gathers what the caller may see.
func (s *Service) Get(ctx context.Context, _ Nothing) (Report, error) {
	caller := access.From(ctx).Caller
	out := Report{
		SeesCalls: caller.Can(access.ViewCall), SeesKeys: caller.Can(access.ViewKey), SeesSetups: caller.Can(access.ViewSetup),
		Attention: []Item{}, More: map[string]int{}, Days: []Day{}, Keys: []apikey.StatusCount{}, Stages: []Stage{},
	}
	for _, part := range []struct {
		sees bool
		add  func(ctx context.Context, to *Report) error
	}{
		{caller.Can(access.ManageSettings) || out.SeesKeys, s.addRunning},
		{out.SeesKeys, s.addKeys},
		{out.SeesSetups, s.addSetups},
		{out.SeesCalls, s.addCalls},
	} {
		if !part.sees {
			continue
		}
		if err := part.add(ctx, &out); err != nil {
			return Report{}, err
		}
	}
	return out, nil
}

// add adds the first of these and counts the others.
func (r *Report) add(count int, items ...Item) {
	if count == 0 {
		return
	}
	shown := items[:min(shownOf, len(items))]
	r.Attention = append(r.Attention, shown...)
	if more := count - len(shown); more > 0 {
		r.More[items[0].Kind] = more
	}
}

// addRunning adds what stops the whole office.
func (s *Service) addRunning(ctx context.Context, to *Report) error {
	running, err := s.Office.Running(ctx, organisation.Nothing{})
	if err != nil {
		return err
	}
	if running.Paused {
		to.add(1, Item{Kind: SendingPaused})
	}
	if running.Problem != "" {
		to.add(1, Item{Kind: LocalAPIStopped, Text: running.Problem})
	}
	settings, err := s.Office.LocalAPISettings(ctx)
	if err != nil || !settings.On || !settings.Network {
		return err
	}
	state, err := s.Certificates.Get(ctx, certificate.Nothing{})
	if err == nil && state.Code != "" && state.Message != running.Problem {
		to.add(1, Item{Kind: CertificateFault, Text: state.Message})
	}
	return err
}

func (s *Service) addKeys(_ context.Context, to *Report) error {
	keys, err := s.Keys.Overview()
	if err != nil { // the rest is of use all the same
		to.add(1, Item{Kind: KeysUnavailable, Text: fault.From(err).Message})
		return nil
	}
	to.Keys = keys.Counts
	groups := map[string][]Item{}
	for _, one := range keys.Damaged {
		groups[KeyDamaged] = append(groups[KeyDamaged], Item{Kind: KeyDamaged, ID: one.ID, Name: one.Title})
	}
	for _, one := range keys.Ending {
		kind := KeyExpiring
		if one.Status == apikey.Expired {
			kind = KeyExpired
		}
		groups[kind] = append(groups[kind], Item{Kind: kind, ID: one.ID, Name: one.Title, AtMs: one.ExpiresMs})
	}
	slices.Reverse(groups[KeyExpired]) // what expired last is what somebody misses now
	for _, kind := range []string{KeyDamaged, KeyExpired, KeyExpiring} {
		to.add(len(groups[kind]), groups[kind]...)
	}
	return nil
}

func (s *Service) addSetups(ctx context.Context, to *Report) error {
	if damaged := s.Secrets.Damaged(setup.Kind); len(damaged) > 0 {
		ids := make([]string, 0, len(damaged))
		for id := range damaged {
			ids = append(ids, id)
		}
		named, err := s.Store.SetupNames(ctx, ids)
		if err != nil {
			return err
		}
		for i := range named {
			named[i].Kind = SetupUnreadable
		}
		slices.SortFunc(named, func(a, b Item) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
		to.add(len(named), named...)
	}
	failing, count, err := s.Store.FailingSetups(ctx, shownOf)
	for i := range failing {
		failing[i].Kind = SetupFailing
	}
	to.add(count, failing...)
	return err
}

func (s *Service) addCalls(ctx context.Context, to *Report) error {
	office, err := s.Office.Current(ctx)
	if err != nil {
		return err
	}
	today := s.Now().In(office.Location())
	days := apikey.LastDays(today, shownDays)
	counts, err := s.Store.CallDays(ctx, days[0])
	if err != nil {
		return err
	}
	to.Days = make([]Day, len(days))
	for i, day := range days {
		to.Days[i].Day = day
	}
	for _, one := range counts {
		at, known := slices.BinarySearch(days, one.Day)
		switch {
		case !known: // counted while the clock was ahead
		case one.Mode == call.Live:
			to.Days[at].Live = one.Verdicts
		default:
			to.Days[at].Test = one.Verdicts
		}
	}
	to.Month = today.AddDate(0, 0, -firstWeek).Format("2006-01")
	stages, err := s.Store.BusiestStages(ctx, to.Month, shownOf)
	to.Stages = append(to.Stages, stages...)
	return err
}
