package main

import (
	"fmt"
	"strings"
	"time"

	"keydesk/backend/curl"
	"keydesk/backend/provider"
	"keydesk/backend/request"
)

// measureCurlLine: one line of 2 KB parsed and rendered, as "Paste an example"
// does it.
func measureCurlLine(b *bench) error {
	const repeat = 200
	line := curlLine()
	env := request.Env{Country: "IN", Now: time.Now(), Location: time.UTC, UUID: "u", Boundary: "b", UserAgent: "Keydesk/bench"}
	times := []time.Duration{}
	for range b.rounds + 1 {
		began := time.Now()
		for range repeat {
			read, err := curl.Read(line)
			if err != nil {
				return err
			}
			rendered := request.Build(read.Spec, nil, env)
			if err := rendered.Err(); err != nil || !strings.Contains(string(rendered.Wire()), "Tom & Jerry") {
				return fmt.Errorf("the line was not rendered: %w", err)
			}
		}
		times = append(times, time.Since(began)/repeat)
	}
	b.print(spanFigure("curl_line", times[1:], 0, time.Millisecond))
	return nil
}

// curlLine is a line of 2 KB with what pasted ones have: headers, a credential
// and a body of nested JSON.
func curlLine() string {
	line := `curl --request POST 'https://api.example.test/v1/accounts/AC0123456789/messages?region=in' \
  --header 'Content-Type: application/json' -H 'X-Office: bench' \
  --header 'Authorization: Bearer ` + fireToken + `' \
  --data-raw '{"to":["+919812345678"],"template":{"name":"order_shipped","values":{"order":"A-1001"}},"text":"`
	const end = `"}'`
	return line + strings.Repeat("Tom & Jerry ", (2048-len(line)-len(end))/len("Tom & Jerry ")) + end
}

// measureProvidersLoad: all built-in files read and checked, as their first
// use does it. That none of it happens before the first paint is held by a
// test (TestProvidersAreNotReadAtStart).
func measureProvidersLoad(b *bench) error {
	times := []time.Duration{}
	for range b.rounds + 1 {
		began := time.Now()
		catalogue := provider.New(nil)
		list := catalogue.List()
		times = append(times, time.Since(began))
		if faults := catalogue.Faults(); len(list) == 0 || len(faults) > 0 {
			return fmt.Errorf("%d providers, faults %v", len(list), faults)
		}
	}
	b.print(spanFigure("providers_load", times[1:], 0, 50*time.Millisecond))
	return nil
}
