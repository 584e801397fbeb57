package alert

import (
	"context"
	"errors"
	"fmt"
	"time"

	"keydesk/backend/apikey"
	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/verdict"
)

// setDays says which day is the last, and counts those that were left when it was told.
func (a *Alert) setDays(zone *time.Location) {
	end := endingOf(apikey.Key{ExpiresMs: a.EndsMs}, zone)
	a.LastDay, a.DaysLeft = end.lastDay().Format(time.DateOnly), max(0, end.daysLeft(time.UnixMilli(a.AtMs)))
}

// Words are what an alert says in a notification or a message.
type Words struct {
	// Title is short, Text one sentence.
	Title, Text string
	// Date is the last day, Days the days that are left.
	Date, Days string
}

// wordsOf says an alert.
func wordsOf(a Alert, zone *time.Location) Words {
	a.setDays(zone)
	end := endingOf(apikey.Key{ExpiresMs: a.EndsMs}, zone)
	date := end.lastDay().Format("2 January 2006")
	w := Words{Date: date, Days: fmt.Sprint(a.DaysLeft)}
	switch {
	case a.LeadDays == ended:
		w.Title = "An API key has expired"
		w.Text = fmt.Sprintf("The API key “%s” has expired, on %s. Whatever uses it is refused.", a.Object, date)
	case a.DaysLeft == 0:
		w.Title = "An API key expires today"
		w.Text = fmt.Sprintf("The API key “%s” expires today, %s.", a.Object, date)
	case a.DaysLeft == 1:
		w.Title = "An API key expires tomorrow"
		w.Text = fmt.Sprintf("The API key “%s” expires tomorrow, on %s.", a.Object, date)
	default:
		w.Title = "An API key expires soon"
		w.Text = fmt.Sprintf("The API key “%s” expires in %d days, on %s.", a.Object, a.DaysLeft, date)
	}
	return w
}

// Notice is what the desktop shows of some alerts.
type Notice struct {
	Title, Text string
	Alerts      []Alert
}

// shownFor is how old an alert may be and still be shown by the desktop: one of last
// week, found on waking, is in the list.
const shownFor = 3 * 24 * time.Hour

// most is how many notifications come at once; more are one.
const most = 3

// ToShow gives what the desktop has to show now. What is too old is among the alerts
// of a notice without a title.
func (s *Service) ToShow(ctx context.Context) ([]Notice, error) {
	found, err := s.Store.AlertsToShow(ctx)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	zone, err := s.Office.Zone(ctx)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	var old Notice
	var fresh []Alert
	for _, one := range found {
		one.ShownMs = now.UnixMilli()
		if now.Sub(time.UnixMilli(one.AtMs)) > shownFor {
			old.Alerts = append(old.Alerts, one)
			continue
		}
		fresh = append(fresh, one)
	}
	var notices []Notice
	if len(old.Alerts) > 0 {
		notices = append(notices, old)
	}
	if len(fresh) > most {
		return append(notices, Notice{Title: fmt.Sprintf("%d API keys expire soon or have expired", len(fresh)), Text: "Open Keydesk to see which.", Alerts: fresh}), nil
	}
	for _, one := range fresh {
		words := wordsOf(one, zone)
		notices = append(notices, Notice{Title: words.Title, Text: words.Text, Alerts: []Alert{one}})
	}
	return notices, nil
}

// waits are the times between the tries to send a message about an alert, after one
// that did not go out. Together they are about a day.
var waits = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour}

// unclear is the verdict of a message of which nobody knows whether it went out.
const unclear = string(verdict.Unclear)

// Message is a message about an alert that is due. The alert says that it is being
// sent, which has to be kept before it is.
type Message struct {
	Alert Alert
	Ask   call.OwnInput
}

// askable is for how long a message that was cut short by a crash is asked for again
// under its idempotency key, and gives what became of it. Later it might go out twice.
const askable = 23 * time.Hour

// ToSend gives the messages that are due. Settled is what is not to be sent: where the
// office wants no message any more, and where nobody can know whether it went out.
func (s *Service) ToSend(ctx context.Context) (send []Message, settled []Alert, err error) {
	due, err := s.Store.AlertsToSend(ctx, s.Now().UnixMilli())
	if err != nil || len(due) == 0 {
		return nil, nil, err
	}
	settings, _, err := s.settings(ctx)
	if err != nil {
		return nil, nil, err
	}
	zone, err := s.Office.Zone(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, one := range due {
		switch {
		case one.Message == Sending && (!settings.Message.On || s.Now().Sub(time.UnixMilli(one.NextMs)).Abs() > askable):
			one.Message = unclear
		case one.Message == Waiting && !settings.Message.On:
			one.Message = NoMessage
		default:
			ask := settings.Message.ask(wordsOf(one, zone), one.Object, fmt.Sprintf("alert:%s:%d", one.ID, one.Tries))
			if one.Message == Waiting {
				one.Message, one.NextMs = Sending, s.Now().UnixMilli()
			}
			send = append(send, Message{Alert: one, Ask: ask})
			continue
		}
		settled = append(settled, one)
	}
	return send, settled, nil
}

// Sent is an alert after a try to send its message. What may have gone out is never
// sent again; what did not is tried for a day.
func (s *Service) Sent(m Message, detail call.Detail, err error) Alert {
	one := m.Alert
	became, open := detail.Call.Verdict, false
	switch {
	case errors.Is(err, call.ErrKeyReused):
		// A try before the settings were changed, of which nobody noted the end.
		became = unclear
	case err != nil:
		// Nothing went out. A limit or a pause ends; a setup can be put right.
		became, open = NotSent, true
	default:
		one.CallID = detail.Call.ID
		open = became == string(verdict.Failed) || became == string(verdict.Throttled)
	}
	one.Message = became
	if open && one.Tries < len(waits) {
		one.Message = Waiting
		one.NextMs = s.Now().Add(waits[one.Tries]).UnixMilli()
		if err != nil {
			one.NextMs = max(one.NextMs, s.Now().UnixMilli()+fault.From(err).RetryAfterMs)
		}
		one.Tries++
	}
	return one
}
