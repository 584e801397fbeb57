package httpclient_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"keydesk/backend/httpclient"
)

// authority is the only one this test process trusts: SSL_CERT_FILE names it,
// so that the client's own trust is under test.
var authority = newAuthority()

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "fire")
	if err != nil {
		panic(err)
	}
	file := filepath.Join(folder, "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.der}), 0o600); err != nil {
		panic(err)
	}
	os.Setenv("SSL_CERT_FILE", file)
	os.Setenv("SSL_CERT_DIR", folder)
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		os.RemoveAll(folder)
		os.Exit(code)
	}))
}

type issuer struct {
	der  []byte
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority() *issuer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	shape := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"},
		NotBefore: time.Now().Add(-20 * 365 * 24 * time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, shape, shape, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return &issuer{der, cert, key}
}

// issue makes a server certificate; a nil issuer signs itself.
func (i *issuer) issue(t testing.TB, name string, from, until time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	shape := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: from, NotAfter: until, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	parent, signer := shape, key
	if i != nil {
		parent, signer = i.cert, i.key
	}
	der, err := x509.CreateCertificate(rand.Reader, shape, parent, &key.PublicKey, signer)
	check(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// names is the dialler's own resolver: *.test names and DNS failures.
type names map[string][]string

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	list, found := n[host]
	switch {
	case host == "broken.test":
		return nil, &net.DNSError{Err: "server misbehaving", Name: host, IsTemporary: true}
	case !found && strings.HasSuffix(host, ".test") && !strings.HasPrefix(host, "nosuch"):
		list = []string{"127.0.0.1"}
	case !found:
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	var addresses []netip.Addr
	for _, text := range list {
		addresses = append(addresses, netip.MustParseAddr(text))
	}
	return addresses, nil
}

func newClient(t testing.TB) *httpclient.Client {
	e := httpclient.New(httpclient.Options{Resolver: names{
		"metadata.test": {"169.254.169.254"}, "mixed.test": {"fe80::1", "127.0.0.1"}, "twice.test": {"127.0.0.9", "127.0.0.1"},
	}})
	t.Cleanup(e.Close)
	return e
}

func serve(t testing.TB, handler http.HandlerFunc) *httptest.Server {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

func serveTLS(t testing.TB, certificate tls.Certificate, handler http.HandlerFunc) *httptest.Server {
	server := httptest.NewUnstartedServer(handler)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.Config.ErrorLog = quiet
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// raw serves each connection with a function and closes the socket after it. It
// returns host:port and what was received on all connections.
func raw(t testing.TB, answer func(conn net.Conn, in *bufio.Reader)) (where string, received func() string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	var mu sync.Mutex
	var log strings.Builder
	var open sync.WaitGroup
	conns := map[net.Conn]bool{}
	open.Add(1)
	go func() {
		defer open.Done()
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			conns[conn] = true
			mu.Unlock()
			open.Add(1)
			go func() {
				defer open.Done()
				defer conn.Close()
				answer(conn, bufio.NewReader(io.TeeReader(conn, writerFunc(func(p []byte) (int, error) {
					mu.Lock()
					defer mu.Unlock()
					return log.Write(p)
				}))))
			}()
		}
	}()
	t.Cleanup(func() {
		listener.Close()
		mu.Lock()
		for conn := range conns {
			conn.Close()
		}
		mu.Unlock()
		open.Wait()
	})
	return listener.Addr().String(), func() string {
		mu.Lock()
		defer mu.Unlock()
		return log.String()
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// says answers one request with fixed bytes.
func says(text string) func(net.Conn, *bufio.Reader) {
	return func(conn net.Conn, in *bufio.Reader) {
		if req, err := http.ReadRequest(in); err == nil {
			_, _ = io.Copy(io.Discard, req.Body)
			_, _ = io.WriteString(conn, text)
		}
	}
}

func request(t testing.TB, method, url, body string) *http.Request {
	t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	req, err := http.NewRequest(method, url, reader)
	check(t, err)
	req.Header.Set("Accept-Encoding", "gzip, deflate")
	return req
}

func get(t testing.TB, e *httpclient.Client, url string, limits httpclient.Limits) httpclient.Answer {
	t.Helper()
	return e.Do(context.Background(), request(t, "GET", url, ""), limits)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func whole(t testing.TB, answer httpclient.Answer) {
	t.Helper()
	if answer.Failure != nil {
		t.Fatalf("failed: %+v", *answer.Failure)
	}
}

func url(where, path string) string { return fmt.Sprintf("http://%s%s", where, path) }
