package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/call"
)

// apiOffice is an office whose clients send through the local API.
type apiOffice struct {
	*office
	address, key string
}

func newAPIOffice(t *testing.T) *apiOffice {
	t.Helper()
	o := &apiOffice{office: newOffice(t)}
	o.address, o.key = openLocalAPI(t, o.folder)
	return o
}

// ask sends an order once and returns the call's id, "" where it was not answered.
func (o *apiOffice) ask(client *http.Client, stage int, order string) (id string) {
	body, err := json.Marshal(map[string]any{
		"process": "Orders", "stage": fmt.Sprint("Stage ", stage), "channel": "sms", "mode": "live", "fields": map[string]string{"Order": order},
	})
	if err != nil {
		o.t.Error(err)
		return ""
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, o.address+"/v1/calls", bytes.NewReader(body))
	if err != nil {
		o.t.Error(err)
		return ""
	}
	req.Header.Set("Authorization", "x-api-key "+o.key)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", order)
	res, err := client.Do(req)
	if err != nil {
		return ""
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return ""
	}
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusConflict, http.StatusServiceUnavailable: // still running, or ending
		return ""
	default:
		o.t.Errorf("%s was answered with %d %s", order, res.StatusCode, text)
		return ""
	}
	var answer struct {
		CallID string `json:"call_id"`
	}
	if err := json.Unmarshal(text, &answer); err != nil || answer.CallID == "" {
		o.t.Errorf("%s was answered with %s, %v", order, text, err)
	}
	return answer.CallID
}

// order repeats an order until it is answered, and then asks for it once more: the
// answer stays, whatever was killed between.
func (o *apiOffice) order(client *http.Client, stage int, order string) {
	first := ""
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		id := o.ask(client, stage, order)
		switch {
		case id == "":
			o.mu.Lock()
			o.refused++
			o.mu.Unlock()
		case first == "":
			first = id
			o.mu.Lock()
			o.answered[order] = id
			o.mu.Unlock()
		case id != first:
			o.t.Errorf("%s was call %s and is %s", order, first, id)
			return
		default:
			return
		}
	}
	o.t.Errorf("%s was never answered", order)
}

// G1, RULES.md, Local API: keydeskd is killed 200 times in the middle of sends through
// the local API. No message is sent twice, each that was sent is in the history, and
// each answer is given again for the same Idempotency-Key.
func TestKilledInSendsThroughTheAPI(t *testing.T) {
	const offices, kills, clients = 4, 50, 2 * stages
	for number := range offices {
		t.Run(fmt.Sprint(number), func(t *testing.T) {
			t.Parallel()
			o := newAPIOffice(t)
			random := mathrand.New(mathrand.NewPCG(uint64(number), 11))
			client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan struct{}, clients)
			for who := range clients {
				go func() {
					defer func() { done <- struct{}{} }()
					for i := 0; ctx.Err() == nil; i++ {
						o.order(client, who%stages, fmt.Sprintf("%d-%d", who, i))
					}
				}()
			}
			for range kills {
				p := serve(t, o.folder)
				p.served(1)
				time.Sleep(time.Duration(5+random.IntN(120)) * time.Millisecond)
				p.kill()
			}
			stop()
			p := serve(t, o.folder)
			p.served(1)
			for range clients {
				<-done
			}
			if code := p.stop(); code != exitOK {
				t.Errorf("exit code %d\n%s", code, p.out)
			}
			client.CloseIdleConnections()
			o.mustBeWhole(func(string) bool { return false })
			unclear := o.unclear()
			t.Logf("%d kills: %d orders answered, %d attempts without an answer, %d calls that may have been sent", kills, len(o.answered), o.refused, unclear)
			if len(o.answered) < kills || unclear == 0 {
				t.Error("too little happened to prove anything")
			}
			if found := holding(t, o.folder, o.key[len("kd_12345678_"):]); found != "" {
				t.Errorf("%s holds the key", found)
			}
		})
	}
}

// unclear counts the calls of which it is not known whether they were sent.
func (o *office) unclear() (count int) {
	signedIn(o.t, o.folder, func(ops backend.Ops) {
		for in := (call.ListInput{Limit: 200, Verdict: "unclear"}); ; {
			page, err := ops.Call.List(atWindow(o.t.Context()), in)
			if err != nil {
				o.t.Fatal(err)
			}
			count += len(page.Calls)
			if !page.More {
				return
			}
			in.Before = page.Calls[len(page.Calls)-1].ID
		}
	})
	return count
}

// holding returns a file of a folder that holds a text, "" for none.
func holding(t *testing.T, folder, text string) (found string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte(text)) {
			found = path
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
