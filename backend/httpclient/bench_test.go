package httpclient_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"testing"
	"time"

	"keydesk/backend/httpclient"
)

// BenchmarkFire is the client's share of fire_1000: compare with
// BenchmarkPlain.
func BenchmarkFire(b *testing.B) {
	server := serve(b, answerSmall)
	e := newClient(b)
	for b.Loop() {
		req := request(b, "POST", server.URL, `{"to":"+15551234"}`)
		if answer := e.Do(context.Background(), req, httpclient.Limits{}); answer.Status != 201 || len(answer.Body) == 0 {
			b.Fatal(answer)
		}
	}
}

// BenchmarkPlain is net/http with a trace and a time limit, the reference
// (RULES.md, Speed).
func BenchmarkPlain(b *testing.B) {
	server := serve(b, answerSmall)
	transport := &http.Transport{DisableCompression: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	for b.Loop() {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {}, GotFirstResponseByte: func() {}})
		req := request(b, "POST", server.URL, `{"to":"+15551234"}`).WithContext(ctx)
		response, err := client.Do(req)
		check(b, err)
		if body, err := io.ReadAll(response.Body); err != nil || len(body) == 0 {
			b.Fatal(err)
		}
		response.Body.Close()
		cancel()
	}
}

func answerSmall(w http.ResponseWriter, req *http.Request) {
	_, _ = io.Copy(io.Discard, req.Body)
	w.WriteHeader(201)
	_, _ = io.WriteString(w, `{"sid":"SM0123456789","status":"queued","error_code":null}`)
}
