package apikey

import (
	"cmp"
	"context"
	"slices"
	"time"

	"keydesk/backend/access"
	"keydesk/backend/fault"
)

// DailyInput asks for the usage of a span of days, both included, as YYYY-MM-DD in
// the office's time zone. Without To it ends today, and without From it has 30
// days.
type DailyInput struct {
	From string `json:"from" validate:"omitempty,datetime=2006-01-02"`
	To   string `json:"to" validate:"omitempty,datetime=2006-01-02"`
}

// DailyReport is the usage of the keys that were used, by title.
type DailyReport struct {
	From string     `json:"from"`
	To   string     `json:"to"`
	Keys []KeyUsage `json:"keys"`
}

// KeyUsage is the usage of one key, in all and by day.
type KeyUsage struct {
	ID         string     `json:"id"`
	Title      string     `json:"title"`
	LastUsedMs int64      `json:"last_used_ms"`
	Requests   int64      `json:"requests"`
	Refused    int64      `json:"refused"`
	Days       []DayUsage `json:"days"`
}

// DayUsage is the usage of one key on one day.
type DayUsage struct {
	Day      string `json:"day"`
	Requests int64  `json:"requests"`
	Refused  int64  `json:"refused"`
}

// OpDailyUsage is the usage for another system.
var OpDailyUsage = access.Op[DailyInput, DailyReport]{Name: "apikey.daily_usage", Does: "looked at the usage of API keys", Mode: access.Read, Needs: []access.Permission{access.ViewKey}, Scope: []access.Scope{access.ReadUsage}, Door: access.API}

// Limits of a span.
const (
	usualSpan = 30
	mostSpan  = 92
)

// DailyUsage gives how often each key was used. Faults: apikey.invalid.
func (s *Service) DailyUsage(ctx context.Context, in DailyInput) (DailyReport, error) {
	zone, err := s.limits.Zone(ctx)
	if err != nil {
		return DailyReport{}, err
	}
	from, to, err := s.span(in, zone)
	if err != nil {
		return DailyReport{}, err
	}
	report := DailyReport{From: from.Format(time.DateOnly), To: to.Format(time.DateOnly), Keys: []KeyUsage{}}
	uses, err := s.store.UsesOfDays(ctx, report.From, report.To)
	if err != nil {
		return DailyReport{}, err
	}
	at := map[string]int{}
	for _, one := range uses {
		i, known := at[one.KeyID]
		if !known {
			i = len(report.Keys)
			at[one.KeyID] = i
			report.Keys = append(report.Keys, KeyUsage{ID: one.KeyID, Days: []DayUsage{}})
		}
		report.Keys[i].add(one)
	}
	for i := range report.Keys {
		one := &report.Keys[i]
		record, err := s.store.APIKey(ctx, one.ID)
		if err != nil {
			return DailyReport{}, err
		}
		one.Title, one.LastUsedMs = record.Title, record.LastUsedMs
	}
	slices.SortFunc(report.Keys, func(a, b KeyUsage) int {
		return cmp.Or(cmp.Compare(a.Title, b.Title), cmp.Compare(a.ID, b.ID))
	})
	return report, nil
}

// add adds a day; days come in order.
func (u *KeyUsage) add(one DayUse) {
	day := DayUsage{Day: one.Day, Requests: one.Requests(), Refused: one.Refused + one.Limited}
	u.Requests += day.Requests
	u.Refused += day.Refused
	u.Days = append(u.Days, day)
}

// span reads the first and the last day.
func (s *Service) span(in DailyInput, zone *time.Location) (from, to time.Time, err error) {
	today := s.now().In(zone)
	to = time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, zone)
	if in.To != "" {
		if to, err = time.ParseInLocation(time.DateOnly, in.To, zone); err != nil {
			return from, to, err
		}
	}
	from = to.AddDate(0, 0, 1-usualSpan)
	if in.From != "" {
		if from, err = time.ParseInLocation(time.DateOnly, in.From, zone); err != nil {
			return from, to, err
		}
	}
	var fields fault.Fields
	switch {
	case from.After(to):
		fields.Add("from", "The first day is after the last.")
	case from.AddDate(0, 0, mostSpan).Before(to.AddDate(0, 0, 1)):
		fields.Add("from", "A span has at most %d days.", mostSpan)
	}
	return from, to, fields.Err("apikey.invalid")
}
