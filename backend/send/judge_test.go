package send

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// refusal is a problem document of the API.
func refusal(status int, code string, retryAfter int, more string) answer {
	return answer{status, http.Header{"Content-Type": {"application/problem+json"}},
		fmt.Appendf(nil, `{"type":"/docs#x","title":"X","status":%d,"detail":"Because of %s.","code":%q,"retry_after":%d%s}`, status, code, code, retryAfter, more)}
}

func called(verdict string) answer {
	return answer{200, http.Header{}, fmt.Appendf(nil, `{"call_id":"c1","mode":"live","verdict":%q,"words":"In words.","ignored_fields":["Colour"]}`, verdict)}
}

// H08: what each answer of the API means for a row and for the run. In live mode
// nothing is taken for not sent that may have been.
func TestJudge(t *testing.T) {
	t.Parallel()
	several, alone := circumstances{mode: Live}, circumstances{mode: Live, alone: true}
	try, maybe := circumstances{mode: Simulate, alone: true}, circumstances{mode: Live, maybe: true}
	html := answer{200, http.Header{"Content-Type": {"text/html"}}, []byte("<html>")}
	for name, c := range map[string]struct {
		got     answer
		in      circumstances
		do      next
		result  Result
		notSent bool
	}{
		"accepted":             {called("accepted"), several, settle, Accepted, false},
		"refused":              {called("refused"), several, settle, Failed, false},
		"throttled":            {called("throttled"), several, settle, Failed, false},
		"failed":               {called("failed"), several, settle, Failed, false},
		"unclear":              {called("unclear"), several, settle, Unclear, false},
		"unclear in a try-out": {called("unclear"), try, settle, Failed, false},
		"a verdict to come":    {called("delayed"), several, settle, Unclear, false},
		"a web page":           {html, several, again, "", false},
		"half an answer":       {answer{200, http.Header{}, []byte(`{"call_id":"c1","ver`)}, several, again, "", false},
		"502 of a proxy":       {answer{502, http.Header{"Content-Type": {"text/html"}}, nil}, several, again, "", false},

		"a faulty value":  {refusal(422, "call.fields", 0, ""), alone, settle, Failed, false},
		"a faulty body":   {refusal(422, "localapi.body", 0, ""), maybe, settle, Failed, false},
		"a large body":    {refusal(413, "localapi.body_too_large", 0, ""), alone, settle, Failed, false},
		"a wrong key":     {refusal(401, "apikey.unknown", 0, ""), several, stop, "", true},
		"no scope":        {refusal(403, "gate.forbidden", 0, ""), several, stop, "", true},
		"from elsewhere":  {refusal(403, "apikey.source", 0, ""), several, stop, "", true},
		"an unknown host": {refusal(421, "localapi.unknown_host", 0, ""), several, stop, "", true},
		"paused":          {refusal(503, "organisation.paused", 60, ""), several, stop, "", true},

		"an unknown stage":             {refusal(404, "process.unknown_stage", 0, ""), several, settle, Failed, false},
		"an unknown stage, everyone's": {refusal(404, "process.unknown_stage", 0, ""), alone, stop, "", true},
		"an unknown process":           {refusal(404, "process.unknown_place", 0, ""), several, settle, Failed, false},
		"an unknown process, of all":   {refusal(404, "process.unknown_place", 0, ""), circumstances{mode: Live, onePlace: true}, stop, "", true},
		"a stage of one place":         {refusal(404, "process.unknown_stage", 0, ""), circumstances{mode: Live, onePlace: true}, settle, Failed, false},
		"an unknown stage meanwhile":   {refusal(404, "process.unknown_stage", 0, ""), maybe, settle, Unclear, false},
		"no setup":                     {refusal(404, "call.no_setup", 0, ""), alone, stop, "", true},
		"out of reach":                 {refusal(403, "call.out_of_reach", 0, ""), several, settle, Failed, false},
		"no simulator":                 {refusal(422, "setup.no_simulator", 0, ""), try, stop, "", true},

		"too fast":            {refusal(429, "localapi.rate_limited", 12, ""), several, wait, "", true},
		"too fast, no time":   {refusal(429, "localapi.rate_limited", 0, ""), several, wait, "", true},
		"a setup's day":       {refusal(429, "call.daily_limit", 30000, ""), several, later, "", true},
		"a setup's day, all":  {refusal(429, "call.daily_limit", 30000, ""), alone, stop, "", true},
		"a key's day":         {refusal(429, "call.key_daily_limit", 30000, ""), several, stop, "", true},
		"before midnight":     {refusal(429, "call.daily_limit", 60, ""), several, wait, "", true},
		"being sent":          {refusal(409, "call.key_running", 1, ""), several, again, "", false},
		"another message":     {refusal(409, "call.key_reused", 0, ""), several, settle, Unclear, false},
		"another, tried out":  {refusal(409, "call.key_reused", 0, ""), try, settle, Failed, false},
		"handed over":         {refusal(503, "keydesk.released", 1, ""), several, again, "", true},
		"opening":             {refusal(503, "keydesk.opening", 1, ""), several, again, "", true},
		"locked":              {refusal(503, "vault.locked", 1, ""), several, again, "", true},
		"busy":                {refusal(503, "localapi.busy", 1, ""), several, again, "", true},
		"closing":             {refusal(503, "keydesk.closed", 1, ""), several, again, "", false},
		"our mistake":         {refusal(500, "keydesk.internal", 0, ""), several, again, Unclear, false},
		"our mistake, trying": {refusal(500, "keydesk.internal", 0, ""), try, again, Failed, false},
	} {
		j := judge(c.got, c.in)
		if j.do != c.do || j.outcome.Result != c.result || j.notSent != c.notSent {
			t.Errorf("%s: %d %q %v, want %d %q %v", name, j.do, j.outcome.Result, j.notSent, c.do, c.result, c.notSent)
		}
		if j.do == settle && j.outcome.Result != Accepted && (j.outcome.Reason == nil || j.outcome.Message == "") {
			t.Errorf("%s has no reason", name)
		}
		if j.do != settle && j.why == nil {
			t.Errorf("%s has no reason", name)
		}
	}
	if j := judge(called("accepted"), several); j.outcome.CallID != "c1" || fmt.Sprint(j.ignored) != "[Colour]" {
		t.Errorf("%+v", j)
	}
	if j := judge(refusal(429, "localapi.rate_limited", 12, ""), several); j.wait != 12*time.Second {
		t.Errorf("%+v", j)
	}
	j := judge(refusal(422, "call.fields", 0, `,"fields":[{"name":"fields.Mobile","message":"Fill in Mobile."}]`), several)
	if j.outcome.Field != "Mobile" || j.outcome.Message != "Fill in Mobile." || j.outcome.Code != "call.fields" {
		t.Errorf("%+v", j.outcome.Reason)
	}
	j = judge(refusal(422, "call.fields", 0, `,"fields":[{"name":"fields.A","message":"Fill in A."},{"name":"channel","message":"B."}]`), several)
	if j.outcome.Field != "A" || j.outcome.Message != "A: Fill in A. channel: B." {
		t.Errorf("%+v", j.outcome.Reason)
	}
	if why := judge(refusal(401, "apikey.unknown", 0, ""), several).why; !strings.Contains(why.Message, "refuses the API key: Because of") || !strings.Contains(why.Hint, "KEYDESK_API_KEY") {
		t.Errorf("%v", why)
	}
}

// The key's limit is kept to by what the answers say of it: no request goes out
// without room, and after a wait one finds out how much there is.
func TestPace(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	told := func(left, reset int) http.Header {
		return http.Header{"Ratelimit": {fmt.Sprintf(`"key";r=%d;t=%d`, left, reset)}}
	}
	var p pace
	takes := func(step string, want time.Duration) (one ticket) {
		t.Helper()
		one, got := p.take(now)
		if got != want {
			t.Errorf("%s: waits %s, want %s", step, got, want)
		}
		return one
	}
	const more = 10 * time.Millisecond // until others are answered
	first, second := takes("nothing is known", 0), takes("nothing is known", 0)
	p.done(first, told(3, 60), now) // the second is on its way
	third, fourth := takes("two are left", 0), takes("one is left", 0)
	takes("none is left, and others will tell", more)
	p.done(third, told(1, 60), now)
	p.done(second, told(2, 60), now) // an old answer, after which two went out
	takes("what an old answer says is no longer true", more)
	p.done(fourth, told(0, 42), now)
	takes("the limit is reached", 42*time.Second)
	now = now.Add(42 * time.Second)
	probe := takes("one finds out", 0)
	takes("the others wait for it", more)
	p.done(probe, told(5, 60), now)
	var five []ticket
	for range 5 {
		five = append(five, takes("there is room", 0))
	}
	takes("no more", more)
	for _, one := range five {
		p.done(one, nil, now) // no answer says nothing
	}
	probe = takes("one finds out again", 0)
	p.done(probe, http.Header{}, now)
	p.hold(now.Add(time.Second))
	p.hold(now)
	takes("a longer wait stays", time.Second)

	for _, text := range []string{"", "key", `"key";r=x;t=1`, `"key";r=-1;t=1`, `"key";t=1`} {
		if _, _, told := rateLimit(text); told {
			t.Errorf("%q says something", text)
		}
	}
	if left, reset, told := rateLimit(`"key";r=599;t=61`); left != 599 || reset != 61*time.Second || !told {
		t.Errorf("%d %s %v", left, reset, told)
	}
}

// However answers are delayed and overtake one another, no request goes out beyond
// the limit.
func TestPaceUnderDelays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		limit, workers := rapid.IntRange(1, 40).Draw(t, "limit"), rapid.IntRange(1, 8).Draw(t, "workers")
		now := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
		var p pace
		counted, unknown := 0, workers // before the first answer each worker sends one
		type flight struct {
			ticket
			said int // what the server counted it says, -1 before it is counted
		}
		var flying []flight
		for range 200 {
			one := -1
			if len(flying) > 0 {
				one = rapid.IntRange(0, len(flying)-1).Draw(t, "which")
			}
			switch rapid.IntRange(0, 2).Draw(t, "step") {
			case 0:
				if len(flying) == workers {
					continue
				}
				if turn, wait := p.take(now); wait == 0 {
					flying = append(flying, flight{turn, -1})
				}
			case 1: // the server counts one of them
				if one >= 0 && flying[one].said < 0 {
					counted++
					flying[one].said = max(limit-counted, 0)
					if counted > max(limit, unknown) {
						t.Fatalf("request %d of %d", counted, limit)
					}
				}
			case 2: // its answer comes
				if one >= 0 && flying[one].said >= 0 {
					header := http.Header{"Ratelimit": {fmt.Sprintf(`"key";r=%d;t=60`, flying[one].said)}}
					p.done(flying[one].ticket, header, now)
					flying = slices.Delete(flying, one, one+1)
				}
			}
		}
	})
}
