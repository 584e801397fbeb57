// Package simulate plays providers on loopback, from their files alone: it
// checks what it receives as the provider would, says what was wrong, and gives
// the answer the chosen outcome has in the file. It needs no network.
//
// Use Play for an address and Direct to send a built request there: its bytes
// stay unchanged, real Host included. Only the dialled address is the
// simulator's, and TLS is left out. Secrets are replaced before that by stand-ins
// (provider.WithStandIns), which the simulator accepts as right.
//
// Each play has a separate port, so that equal requests can be given different
// outcomes at the same time.
package simulate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/librarylog"
	"keydesk/backend/provider"
	"keydesk/backend/verdict"
)

// Outcomes that need no file: answers of servers between Keydesk and a provider.
const (
	ProxyPage    provider.Outcome = "proxy_page"     // an HTML page with status 502
	HTMLPage     provider.Outcome = "html_page"      // an HTML page with status 200
	Redirect     provider.Outcome = "redirect"       // to another host
	RefusedIn200 provider.Outcome = "refused_in_200" // the refusal of a bad number, with status 200
)

// ErrOutcome is returned for an outcome that the provider's file does not have.
var ErrOutcome = fault.New(fault.Invalid, "simulate.unknown_outcome", "The simulator cannot play that outcome.")

// maxBody limits what is read of a request's body.
const maxBody = 2 << 20

// Server is the simulator. The zero value is ready for Start.
type Server struct {
	// Delay, when not nil, replaces how long a slow answer waits. For tests.
	Delay func(time.Duration) time.Duration
	// Log is told the kinds of what net/http writes; nil drops them.
	Log *slog.Logger

	mu     sync.Mutex
	server *http.Server
	plays  map[key]*play
	done   chan struct{}
	served sync.WaitGroup
	count  int
}

type key struct {
	id      string
	outcome provider.Outcome
}

// play is one port: a provider and how it answers.
type play struct {
	mu       sync.Mutex
	provider *provider.Provider
	outcome  provider.Outcome
	listener net.Listener
}

type playKey struct{}

// Start makes the server ready; ports are opened by Play.
func (s *Server) Start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil {
		return errors.New("simulate: already started")
	}
	s.plays, s.done = map[key]*play{}, make(chan struct{})
	s.server = &http.Server{
		Handler:           http.HandlerFunc(s.handle),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    1 << 20,
		ErrorLog:          librarylog.For(s.Log),
		BaseContext: func(l net.Listener) context.Context {
			return context.WithValue(context.Background(), playKey{}, l.(*listener).play)
		},
	}
	return nil
}

// listener carries its play to the handler.
type listener struct {
	net.Listener
	play *play
}

// Play gives the address, such as "127.0.0.1:40123", at which a provider answers
// with an outcome. Equal arguments give the same address until Close.
func (s *Server) Play(p *provider.Provider, outcome provider.Outcome) (addr string, err error) {
	if _, known := answer(p, outcome); !known {
		return "", ErrOutcome
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server == nil {
		return "", errors.New("simulate: not started")
	}
	k := key{p.ID, outcome}
	if old := s.plays[k]; old != nil {
		old.mu.Lock()
		old.provider = p // a newer file
		old.mu.Unlock()
		return old.listener.Addr().String(), nil
	}
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("simulate: %w", err)
	}
	one := &play{provider: p, outcome: outcome, listener: socket}
	s.plays[k] = one
	server := s.server
	s.served.Go(func() { _ = server.Serve(&listener{socket, one}) })
	return socket.Addr().String(), nil
}

// Close frees every port and ends answers that wait. The server can be
// started again.
func (s *Server) Close() error {
	s.mu.Lock()
	server := s.server
	if server == nil {
		s.mu.Unlock()
		return nil
	}
	close(s.done)
	s.server = nil
	s.mu.Unlock()
	err := server.Close()
	s.served.Wait()
	return err
}

// Direct makes a built request go to the simulator. What is sent stays the same,
// Host included.
func Direct(req *http.Request, addr string) {
	if req.Host == "" {
		req.Host = req.URL.Host
	}
	u := *req.URL
	u.Scheme, u.Host = "http", addr
	req.URL = &u
}

// The headers that an answer of the simulator has in addition to the provider's.
const (
	outcomeHeader = "Keydesk-Simulator"
	findingHeader = "Keydesk-Simulator-Finding"
)

// Findings are the simulator's sentences about what was wrong with a request,
// read from the headers of its answer; none when all was right.
func Findings(headers []verdict.Header) []string {
	found := []string{}
	for _, h := range headers {
		if http.CanonicalHeaderKey(h.Name) == findingHeader {
			found = append(found, h.Value)
		}
	}
	return found
}

func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	one, _ := r.Context().Value(playKey{}).(*play)
	one.mu.Lock()
	p, outcome := one.provider, one.outcome
	one.mu.Unlock()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "the simulator takes no more than 2 MiB", http.StatusRequestEntityTooLarge)
		return
	}
	findings := inspect(p, r, body)
	chosen, _ := answer(p, outcome)
	if len(findings) > 0 && succeeds(outcome) {
		chosen, _ = answer(p, findings[0].refusal())
	}
	s.mu.Lock()
	s.count++
	number, done := s.count, s.done
	s.mu.Unlock()
	if !s.wait(r, done, time.Duration(chosen.DelayMs)*time.Millisecond) {
		return
	}
	write(w, chosen.Fill(number), outcome, findings)
}

// succeeds tells whether only a request without faults can have this outcome.
func succeeds(o provider.Outcome) bool {
	return o == provider.Accepted || o == provider.Slow || o == provider.Partial
}

// wait holds an answer back; false when nobody waits for it any more.
func (s *Server) wait(r *http.Request, done chan struct{}, delay time.Duration) bool {
	if delay == 0 {
		return true
	}
	if s.Delay != nil {
		delay = s.Delay(delay)
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
	case <-done:
	}
	return false
}

func write(w http.ResponseWriter, a provider.Answer, outcome provider.Outcome, findings []finding) {
	h := w.Header()
	for name, value := range a.Headers {
		h.Set(name, value)
	}
	h.Set(outcomeHeader, string(outcome))
	for _, f := range findings {
		h.Add(findingHeader, ascii(f.text))
	}
	if a.Body == "" && h.Get("Content-Type") == "" {
		h["Content-Type"] = nil // net/http must not guess one
	}
	w.WriteHeader(a.Status)
	_, _ = io.WriteString(w, a.Body)
}

// ascii makes a sentence fit for a header and not too long.
func ascii(text string) string {
	out := []byte{}
	for _, r := range text {
		if r < 0x20 || r > 0x7e {
			r = '?'
		}
		out = append(out, byte(r))
		if len(out) == 300 {
			break
		}
	}
	return string(out)
}
