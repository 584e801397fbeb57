// Package alert warns before something ends: before an API key expires, 14, 3 and 0
// days ahead, once each (RULES.md, Alerts; C29). A warning is a row that the page
// lists, an event for other systems, a notification of the desktop and, where the
// office chose a setup for it, a message to a person. Nobody has to be signed in.
package alert

import (
	"context"
	"time"

	"github.com/google/uuid"

	"keydesk/backend/access"
	"keydesk/backend/apikey"
	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/setup"
)

// Kind is the word of alerts in activity.
const Kind = "alert"

// KeyEnds is the kind of an alert about an API key.
const KeyEnds = "key"

// What became of the message about an alert, besides the verdicts of its call.
const (
	NoMessage = ""
	Waiting   = "waiting"
	// Sending is noted before a message goes out, so that a crash is known afterwards.
	Sending = "sending"
	// NotSent is a message that could not go out for a day.
	NotSent = "not_sent"
)

// Alert is one warning.
type Alert struct {
	ID   string `json:"id"`
	Seq  int64  `json:"seq"`
	AtMs int64  `json:"at_ms"`
	// Kind is what it is about; today that is KeyEnds.
	Kind     string `json:"kind"`
	ObjectID string `json:"object_id"`
	// Object is the name of that day.
	Object string `json:"object"`
	EndsMs int64  `json:"ends_ms"`
	// LastDay is the last day on which it works, YYYY-MM-DD in the office's time zone.
	LastDay string `json:"last_day"`
	// LeadDays is the lead time that was reached, -1 when it had ended. DaysLeft are
	// the days that were left, fewer where Keydesk did not run before.
	LeadDays int `json:"lead_days"`
	DaysLeft int `json:"days_left"`
	// ShownMs is when the desktop showed it; 0 is not yet.
	ShownMs int64 `json:"-"`
	// Message is what became of the message about it: "", waiting, sending, not_sent, or
	// the verdict of its call.
	Message string `json:"message"`
	CallID  string `json:"call_id"`
	// Tries are the calls made for it, and NextMs is when the next is due.
	Tries  int   `json:"-"`
	NextMs int64 `json:"-"`
}

// Told is what the events about a key's end tell outside.
type Told struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	ExpiresMs int64  `json:"expires_ms"`
	DaysLeft  int    `json:"days_left"`
}

// Faults of alerts.
var (
	ErrStale   = fault.New(fault.Conflict, "alert.stale", "Somebody else changed these settings meanwhile.").WithHint("Reload them and make your change again.")
	ErrNoSetup = fault.New(fault.Invalid, "alert.no_setup", "Choose an API Key Setup that is enabled.").WithField("message.setup_id", "Choose an API Key Setup that is enabled.")
)

// Store keeps alerts. What changes something needs a transaction.
type Store interface {
	// Alerts gives a page, the newest first, before a number; 0 is the newest.
	Alerts(ctx context.Context, before int64, limit int) ([]Alert, error)
	// AlertsOf gives those about a kind of things that end after a moment.
	AlertsOf(ctx context.Context, kind string, endsAfterMs int64) ([]Alert, error)
	// AlertsToShow and AlertsToSend give those that the desktop has not shown, or whose
	// message is due or was cut short, the oldest first.
	AlertsToShow(ctx context.Context) ([]Alert, error)
	AlertsToSend(ctx context.Context, nowMs int64) ([]Alert, error)
	// InsertAlert gives it the next number. UpdateAlert writes what became of it.
	InsertAlert(ctx context.Context, one Alert) error
	UpdateAlert(ctx context.Context, one Alert) error
	DeleteAlert(ctx context.Context, id string) error
	DeleteAlertsBefore(ctx context.Context, atMs int64) (int, error)
	// Seen is the number up to which a person has read them, and Unseen counts the
	// newer ones.
	Seen(ctx context.Context, userID string) (int64, error)
	Unseen(ctx context.Context, userID string) (int, error)
	KeepSeen(ctx context.Context, userID string, seq int64) error
	// Setting and PutSetting read and write a document of settings.
	Setting(ctx context.Context, name string) (data string, version int, err error)
	PutSetting(ctx context.Context, name, data string, version int) error
}

// Keys says which keys end.
type Keys interface {
	// Ending gives keys that end after a moment and not after another.
	Ending(from, to time.Time) ([]apikey.Key, error)
}

// Calls sends the message about an alert.
type Calls interface {
	SendOwn(ctx context.Context, in call.OwnInput) (call.Detail, error)
	// CheckOwn says what such a message lacks, without sending it.
	CheckOwn(ctx context.Context, in call.OwnInput) error
}

// Setups finds the setup that was chosen.
type Setups interface {
	Get(ctx context.Context, in setup.IDInput) (setup.Setup, error)
}

// Office says where midnight is.
type Office interface {
	Zone(ctx context.Context) (*time.Location, error)
}

// Parts are what the service is made of.
type Parts struct {
	Store  Store
	Keys   Keys
	Calls  Calls
	Setups Setups
	Office Office
	Now    func() time.Time
}

// Service is the use cases.
type Service struct{ Parts }

// New makes the service; it does no I/O.
func New(parts Parts) *Service { return &Service{parts} }

// Nothing is an input without members.
type Nothing struct{}

// Raised is what OpRaise did.
type Raised struct {
	Count int `json:"count"`
}

// Operations that the program runs itself.
var (
	OpRaise = access.Op[Nothing, Raised]{Name: "alert.raise", Does: "gave a warning", Mode: access.Write, System: true}
	OpPrune = access.Op[Nothing, Raised]{Name: "alert.prune", Does: "removed old alerts", Mode: access.Write, System: true}
	OpNote  = access.Op[NoteInput, Nothing]{Name: "alert.note", Does: "noted what became of alerts", Mode: access.Write, System: true}
)

// keptAlerts is how long alerts are listed.
const keptAlerts = 400 * 24 * time.Hour

// farAhead is how far in the future an alert's time is when the clock was wrong.
const farAhead = 24 * time.Hour

// wanted is what has to be told now, and what has to be forgotten for it: what was
// told by a clock that was ahead.
func (s *Service) wanted(ctx context.Context) (tell []Alert, forget []string, err error) {
	now := s.Now()
	keys, err := s.Keys.Ending(now.Add(-tellEnded), now.AddDate(0, 0, leads[len(leads)-1]+1))
	if err != nil || len(keys) == 0 {
		return nil, nil, err
	}
	zone, err := s.Office.Zone(ctx)
	if err != nil {
		return nil, nil, err
	}
	told, err := s.Store.AlertsOf(ctx, KeyEnds, now.Add(-tellEnded).UnixMilli())
	if err != nil {
		return nil, nil, err
	}
	toldOf := map[string][]Alert{}
	for _, one := range told {
		toldOf[one.ObjectID] = append(toldOf[one.ObjectID], one)
	}
	for _, one := range keys {
		if one.DisabledMs > 0 {
			continue
		}
		end := endingOf(one, zone)
		lead, due := end.now(now)
		if !due {
			continue
		}
		known, lastDay := false, false
		var wrong []string
		for _, before := range toldOf[one.ID] {
			if before.EndsMs != one.ExpiresMs {
				continue
			}
			if before.AtMs > now.Add(farAhead).UnixMilli() {
				wrong = append(wrong, before.ID)
				continue
			}
			known = known || before.LeadDays <= lead
			lastDay = lastDay || before.LeadDays == 0
		}
		if known {
			continue
		}
		forget = append(forget, wrong...)
		next := Alert{
			ID: uuid.Must(uuid.NewV7()).String(), AtMs: now.UnixMilli(), Kind: KeyEnds, ObjectID: one.ID, Object: one.Title,
			EndsMs: one.ExpiresMs, LeadDays: lead, Message: Waiting,
		}
		next.setDays(zone)
		if lead == ended && lastDay { // who was warned on that day need not be told again
			next.ShownMs, next.Message = next.AtMs, NoMessage
		}
		tell = append(tell, next)
	}
	return tell, forget, nil
}

// IsDue reports whether there is something to tell. It is asked often and writes
// nothing.
func (s *Service) IsDue(ctx context.Context) (bool, error) {
	tell, _, err := s.wanted(ctx)
	return len(tell) > 0, err
}

// Raise keeps what has to be told, with its events, in one transaction.
func (s *Service) Raise(ctx context.Context, _ Nothing) (Raised, error) {
	tell, forget, err := s.wanted(ctx)
	if err != nil {
		return Raised{}, err
	}
	settings, _, err := s.settings(ctx)
	if err != nil {
		return Raised{}, err
	}
	for _, id := range forget {
		if err := s.Store.DeleteAlert(ctx, id); err != nil {
			return Raised{}, err
		}
	}
	invocation := access.From(ctx)
	for _, one := range tell {
		if !settings.Message.On {
			one.Message = NoMessage
		}
		if !settings.Desktop {
			one.ShownMs = one.AtMs
		}
		if err := s.Store.InsertAlert(ctx, one); err != nil {
			return Raised{}, err
		}
		name := access.KeyExpiring
		if one.LeadDays == ended {
			name = access.KeyExpired
		}
		invocation.Changed(Kind, one.ID, one.Object, nil, map[string]any{"expires_ms": one.EndsMs, "days_left": one.DaysLeft})
		invocation.Emit(name, one.ObjectID, Told{ID: one.ObjectID, Title: one.Object, ExpiresMs: one.EndsMs, DaysLeft: one.DaysLeft})
	}
	return Raised{Count: len(tell)}, nil
}

// Prune removes alerts older than 400 days.
func (s *Service) Prune(ctx context.Context, _ Nothing) (Raised, error) {
	count, err := s.Store.DeleteAlertsBefore(ctx, s.Now().Add(-keptAlerts).UnixMilli())
	return Raised{Count: count}, err
}

// NoteInput is what became of some alerts.
type NoteInput struct {
	Alerts []Alert `json:"alerts"`
}

// Note keeps it.
func (s *Service) Note(ctx context.Context, in NoteInput) (Nothing, error) {
	for _, one := range in.Alerts {
		if err := s.Store.UpdateAlert(ctx, one); err != nil {
			return Nothing{}, err
		}
	}
	return Nothing{}, nil
}
