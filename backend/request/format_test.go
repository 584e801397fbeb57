package request_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests on every machine

	"keydesk/backend/request"
)

// R1: the closed set of formats; the organisation's country completes local
// numbers. Expected numbers are those of ITU-T E.164.
func TestFormats(t *testing.T) {
	kolkata := time.FixedZone("IST", 5*3600+1800)
	for _, test := range []struct{ format, value, country, want string }{
		{"e164", "098123 45678", "IN", "+919812345678"},
		{"e164", "+44 20 7946 0958", "IN", "+442079460958"},
		{"digits", "98123-45678", "in", "919812345678"},
		{"national", "+91 98123 45678", "US", "9812345678"},
		{"country", "+91 98123 45678", "US", "91"},
		{"country", "(415) 555-0100", "US", "1"},
		{"upper", "ab é", "", "AB É"},
		{"lower", "ÄÖ Ω", "", "äö ω"},
		{"date:dd-MM-yyyy", "2026-11-05", "", "05-11-2026"},
		{"date:d.M.yy", "2026-11-05", "", "5.11.26"},
		{"date:EEE, dd MMM yyyy HH:mm:ss", "2026-11-05T20:30:01Z", "", "Fri, 06 Nov 2026 02:00:01"},
		{"date:MMMM", "2026-11-05 23:59", "", "November"},
	} {
		spec := request.Spec{Method: "POST", URL: "http://a.test/", BodyFormat: request.RawText, RawBody: "{{ v | " + test.format + " }}",
			StageParams: []request.StageParam{{Variable: "v", Field: "F"}}}
		rendered := request.Build(spec, map[string]string{"F": test.value}, request.Env{Country: test.country, Location: kolkata})
		if got := string(rendered.Body()); rendered.Err() != nil || got != test.want {
			t.Errorf("%s of %q in %s: %q, want %q (%v)", test.format, test.value, test.country, got, test.want, rendered.Err())
		}
	}
}

// R1: a date stays its day where a change of clocks left out its midnight, and
// a time of day stays itself where it was left out; only a time with an offset
// is converted.
func TestDatesWhereClocksChange(t *testing.T) {
	for _, test := range []struct{ zone, format, value, want string }{
		{"America/Santiago", "date:yyyy-MM-dd", "2026-09-06", "2026-09-06"},
		{"America/Havana", "date:yyyy-MM-dd EEEE", "2026-03-08", "2026-03-08 Sunday"},
		{"America/Havana", "date:yyyy-MM-dd HH:mm", "2026-03-08 00:30", "2026-03-08 00:30"},
		{"Europe/Berlin", "date:HH:mm", "2026-03-29T02:30", "02:30"},
		{"America/Havana", "date:yyyy-MM-dd HH:mm", "2026-03-08T05:30:00Z", "2026-03-08 01:30"},
		{"Asia/Beirut", "date:dd.MM.yyyy", "2026-03-29", "29.03.2026"},
	} {
		location, err := time.LoadLocation(test.zone)
		if err != nil {
			t.Fatal(err)
		}
		spec := request.Spec{Method: "POST", URL: "http://a.test/", BodyFormat: request.RawText, RawBody: "{{ v | " + test.format + " }}",
			StageParams: []request.StageParam{{Variable: "v", Field: "F"}}}
		rendered := request.Build(spec, map[string]string{"F": test.value}, request.Env{Location: location})
		if got := string(rendered.Body()); rendered.Err() != nil || got != test.want {
			t.Errorf("%s of %q in %s: %q, want %q (%v)", test.format, test.value, test.zone, got, test.want, rendered.Err())
		}
	}
}

func TestBuiltInsAreMadeOncePerRendering(t *testing.T) {
	spec := request.Spec{Method: "POST", URL: "http://a.test/{{$uuid}}", BodyFormat: request.RawText, RawBody: "{{$uuid}} {{$timestamp}} {{$timestamp}} {{$timestamp|date:yyyy-MM-dd}}"}
	rendered := request.Build(spec, nil, testEnv)
	if got, want := string(rendered.Body()), testEnv.UUID+" 1700000000 1700000000 2023-11-14"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
