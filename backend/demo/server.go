package demo

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// Server answers the demo office's own requests on loopback.
type Server struct {
	server   *http.Server
	listener net.Listener
}

// Start listens on a free port of 127.0.0.1.
func Start() (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("demo server: %w", err)
	}
	s := &Server{listener: listener, server: &http.Server{Handler: answers(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second}}
	go func() { _ = s.server.Serve(listener) }()
	return s, nil
}

// URL is the server's address without a slash at the end.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Close stops answering.
func (s *Server) Close() error {
	ctx, stop := context.WithTimeout(context.Background(), time.Second)
	defer stop()
	if err := s.server.Shutdown(ctx); err != nil {
		return s.server.Close()
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
