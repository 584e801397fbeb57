package demo

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"keydesk/backend/librarylog"
)

// Server answers the demo office's requests without a provider, on loopback. The
// zero value is ready for Start. It can be started again, at the same address.
type Server struct {
	server  *http.Server
	address string
}

// Start listens on a port of 127.0.0.1, a free one the first time.
func (s *Server) Start() error {
	address := s.address
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("demo server: %w", err)
	}
	s.address = listener.Addr().String()
	server := &http.Server{Handler: answers(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, ErrorLog: librarylog.For(nil)}
	s.server = server
	go func() { _ = server.Serve(listener) }()
	return nil
}

// URL is the server's address without a slash at the end.
func (s *Server) URL() string { return "http://" + s.address }

// Close stops answering.
func (s *Server) Close() error {
	if s.server == nil {
		return nil
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Second)
	defer stop()
	server := s.server
	s.server = nil
	if err := server.Shutdown(ctx); err != nil {
		return server.Close()
	}
	return nil
}

// answers plays a messaging API that accepts, refuses with status 200, is too
// busy, gives out a token and answers in plain text.
func answers() http.Handler {
	mux := http.NewServeMux()
	say := func(path string, status int, headers map[string]string, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, 1<<20))
			w.Header().Set("Content-Type", "application/json")
			for name, value := range headers {
				w.Header().Set(name, value)
			}
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		})
	}
	say("/accepted", 201, nil, `{"id":"msg_20931","status":"queued","parts":1}`)
	say("/refused-in-body", 200, nil, `{"status":"4","error":"wrong credentials"}`)
	say("/throttled", 429, map[string]string{"Retry-After": "20"}, `{"message":"too many requests"}`)
	say("/token", 200, nil, `{"access_token":"demo-access-token","token_type":"Bearer","expires_in":3600}`)
	say("/text", 200, map[string]string{"Content-Type": "text/plain; charset=utf-8"}, "OK|20933|1")
	return mux
}
