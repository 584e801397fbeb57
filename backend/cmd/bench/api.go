package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/apikey"
	"keydesk/backend/host"
	"keydesk/backend/localapi"
	"keydesk/backend/organisation"
	"keydesk/backend/process"
	"keydesk/backend/secret"
	"keydesk/backend/setup"
	"keydesk/backend/user"
)

const (
	allKeys    = 100_000
	activeKeys = 500
	// asked is how many requests one round makes, over loadConns connections.
	asked     = 20_000
	loadConns = 4
	// fromOne is how many requests come from one address, below the throttle's 60 a
	// minute.
	fromOne = 50
	// noRoute is a path that the door does not have.
	noRoute = "/v1/none"
	// overhead is how many calls one round of call_overhead makes.
	overhead = 50
)

// served is an office as keydeskd runs it: a host with its door on a real port.
type served struct {
	host *host.Host
	door *localapi.Door
	base string
}

// newServed makes an office and opens its local API.
func (b *bench) newServed(name string) (*served, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &served{base: fmt.Sprintf("http://127.0.0.1:%d", port)}
	logFile := host.NewLogFile(io.Discard)
	options := backend.Options{
		Folder: filepath.Join(b.folder, name), Version: "bench", Log: logFile.Logger(), Hash: user.Params{MemoryKiB: 64, Time: 1, Threads: 1},
		Changed: func(kinds []string) { s.door.Changed(kinds) }, LocalAPI: func() organisation.Listening { return s.door.Listening() },
	}
	s.host = host.New(host.Options{Folder: options.Folder, Version: "bench", Log: logFile, Make: func() host.Backend { return backend.New(options) }})
	s.door = localapi.ForHost(s.host, logFile.Logger(), nil)
	s.host.Start()
	err = s.host.Opened(b.ctx)
	if err == nil {
		err = s.door.Apply(b.ctx)
	}
	if err == nil {
		err = s.firstRun(b.ctx, port)
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *served) firstRun(ctx context.Context, port int) error {
	begun, err := s.host.Ops.Organisation.Begin(ctx, organisation.BeginInput{
		Organisation: "Bench", Country: "IN", TimeZone: "Asia/Kolkata", UserName: "admin", FullName: "Ada Admin",
		Password: secret.New("correct-horse-battery-9"), Passphrase: secret.New("six words that only benchmarks know"),
	})
	if err != nil {
		return err
	}
	code := begun.RecoveryCode
	if _, err := s.host.Ops.Organisation.Confirm(ctx, organisation.ConfirmInput{StartID: begun.StartID, LastFour: code[len(code)-4:]}); err != nil {
		return err
	}
	state, err := s.host.Ops.Organisation.LocalAPI(ctx, organisation.Nothing{})
	if err != nil {
		return err
	}
	state.Settings.On, state.Settings.Port, state.Settings.PerMinute = true, port, 100_000
	if _, err = s.host.Ops.Organisation.SaveLocalAPI(ctx, organisation.SaveLocalAPIInput{Settings: state.Settings, Version: state.Version}); err != nil {
		return err
	}
	if state := s.door.State(); state.Problem != nil {
		return state.Problem
	}
	return nil
}

func (s *served) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	s.door.Close(ctx)
	return s.host.Close(ctx)
}

// keys makes keys through the operation a person uses, and gives the secrets of the
// last ones.
func (s *served) keys(ctx context.Context, count, last int) ([]string, error) {
	secrets := []string{}
	for n := range count {
		made, err := s.host.Ops.Apikey.Create(ctx, apikey.CreateInput{
			RequestID: rand.Text(), Title: fmt.Sprintf("System %06d", n), Expires: apikey.Term{Days: 90},
			Grants: apikey.Grants{Scopes: access.AnyScope()},
		})
		if err != nil {
			return nil, err
		}
		if n >= count-last {
			secrets = append(secrets, made.Secret)
		}
	}
	return secrets, nil
}

// measureVerify: GET /v1/key with limit, usage and access log on, 100,000 keys of
// which 500 are active, against the same door that gives the same answer to
// everybody without looking at the key. wrong_keys compares unknown keys with good
// ones at the same door, both from many addresses of loopback, none of which asks
// often enough to be throttled. There is no such route, so that both are answered
// with a problem once the key is known: what is compared is the key.
func measureVerify(b *bench) error {
	office, err := b.newServed("verify")
	if err != nil {
		return err
	}
	defer func() { _ = office.close() }()
	began := time.Now()
	good, err := office.keys(b.ctx, allKeys, activeKeys)
	if err != nil {
		return err
	}
	b.note("%d keys were made in %.0f s", allKeys, time.Since(began).Seconds())
	open, err := openToAll(office, good[0])
	if err != nil {
		return err
	}
	defer open.Close(context.Background())
	wrong := make([]string, activeKeys)
	for n := range wrong {
		wrong[n] = unknownKey()
	}
	load := func(base, path string, keys []string, status, each int) func() error {
		return func() error { return loadFrom(b.ctx, base, path, keys, status, each) }
	}
	right, anybody := load(office.base, "/v1/key", good, http.StatusOK, asked), load(open.State().Listening[0], "/v1/key", good, http.StatusOK, asked)
	// The server has one core and the client the other, so that the server decides.
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if err := b.profile("verify", right); err != nil {
		return err
	}
	rounds, err := inTurn(b.rounds, right, anybody)
	if err != nil {
		return err
	}
	b.print(rateFigure("verify", rounds, asked, 0.85, 0))
	rounds, err = inTurn(b.rounds, load(office.base, noRoute, wrong, http.StatusUnauthorized, fromOne), load(office.base, noRoute, good, http.StatusNotFound, fromOne))
	if err != nil {
		return err
	}
	b.print(rateFigure("wrong_keys", rounds, asked, 0.9, 1.1))
	return nil
}

// openToAll is a door with the same routes, limits and answer that looks at no key.
func openToAll(office *served, key string) (*localapi.Door, error) {
	var answer localapi.Key
	req, err := http.NewRequest(http.MethodGet, office.base+"/v1/key", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "x-api-key "+key)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	err = json.NewDecoder(res.Body).Decode(&answer)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	caller := localapi.Caller{KeyID: "anybody", RequestsAMinute: 1_000_000_000}
	door := localapi.New(localapi.Options{
		Ops: localapi.Operations{
			Authenticate: func(context.Context, secret.Text, netip.Addr) (localapi.Caller, error) { return caller, nil },
			NoteAccess:   func(context.Context, localapi.Access) {},
			Key:          func(context.Context) (localapi.Key, error) { return answer, nil },
		},
		Enter:    func(ctx context.Context) (context.Context, func(), error) { return ctx, func() {}, nil },
		Settings: func(context.Context) (localapi.Settings, error) { return localapi.Settings{On: true, Port: port}, nil },
	})
	if err := door.Apply(context.Background()); err != nil {
		return nil, err
	}
	if problem := door.State().Problem; problem != nil {
		return nil, problem
	}
	return door, nil
}

// unknownKey has the form and the checksum of a key of this office, which never
// issued it.
func unknownKey() string {
	const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	random := rand.Text() + rand.Text()
	body := "kd_" + random[:8] + "_" + random[8:51]
	check, sum := make([]byte, 6), crc32.ChecksumIEEE([]byte(body))
	for n := len(check) - 1; n >= 0; n-- {
		check[n], sum = base62[sum%62], sum/62
	}
	return body + string(check)
}

// loadFrom makes the requests of one round from another process, each of them so
// many from one address and connection.
func loadFrom(ctx context.Context, base, path string, keys []string, status, each int) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	child := exec.CommandContext(ctx, self, "load", strings.TrimPrefix(base, "http://"), path, strconv.Itoa(asked), strconv.Itoa(status), strconv.Itoa(each))
	child.Stdin, child.Stderr = strings.NewReader(strings.Join(keys, "\n")), os.Stderr
	return child.Run()
}

// load asks for a path so many times, with the keys of in in turn, over loadConns
// connections at a time. It writes and reads bytes, since a client that does more
// would be what is measured.
func load(in io.Reader, address, path string, numbers []string) error {
	text, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	var count, status, each int
	if _, err := fmt.Sscan(strings.Join(numbers, " "), &count, &status, &each); err != nil {
		return err
	}
	keys := strings.Fields(string(text))
	requests := make([][]byte, len(keys))
	for n, key := range keys {
		requests[n] = []byte("GET " + path + " HTTP/1.1\r\nHost: " + address + "\r\nAuthorization: x-api-key " + key + "\r\n\r\n")
	}
	want := fmt.Sprintf("HTTP/1.1 %d ", status)
	var turn, from atomic.Int64
	from.Store(mathrand.Int64N(1 << 24))
	var all sync.WaitGroup
	failed := make(chan error, loadConns)
	for range loadConns {
		all.Go(func() {
			for int(turn.Load()) < count {
				if err := loadOne(address, requests, want, &turn, from.Add(1), count, each); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	all.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// loadOne makes each requests over one connection, from an address of loopback that
// nobody else has.
func loadOne(address string, requests [][]byte, want string, turn *atomic.Int64, from int64, count, each int) error {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, byte(from>>16), byte(from>>8), byte(from))}}
	conn, err := dialer.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	reader := bufio.NewReader(conn)
	for range each {
		n := int(turn.Add(1))
		if n > count {
			return nil
		}
		if _, err := conn.Write(requests[n%len(requests)]); err != nil {
			return err
		}
		if err := readAnswer(reader, want); err != nil {
			return err
		}
	}
	return nil
}

// readAnswer reads one answer that has to begin with want.
func readAnswer(reader *bufio.Reader, want string) error {
	length := 0
	for first := true; ; first = false {
		line, err := reader.ReadSlice('\n')
		switch {
		case err != nil:
			return err
		case first && !strings.HasPrefix(string(line), want):
			return fmt.Errorf("answered %q", line)
		case len(line) == 2:
			_, err := reader.Discard(length)
			return err
		}
		if value, is := strings.CutPrefix(string(line), "Content-Length: "); is {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return err
			}
		}
	}
}

// measureCallOverhead: POST /v1/calls in mode live, one after the other, to a server
// that waits 20 ms, until the answer is read, against plain net/http that sends the
// same bytes to that server.
func measureCallOverhead(b *bench) error {
	address, stop, err := startSink()
	if err != nil {
		return err
	}
	defer stop()
	office, err := b.newServed("overhead")
	if err != nil {
		return err
	}
	defer func() { _ = office.close() }()
	ops := &office.host.Ops
	orders, err := ops.Process.CreatePlace(b.ctx, process.CreatePlaceInput{Name: "Orders"})
	if err != nil {
		return err
	}
	stage, err := ops.Process.CreateStage(b.ctx, process.CreateStageInput{PlaceID: orders.ID, Name: "Shipped"})
	if err != nil {
		return err
	}
	if _, err := ops.Process.CreateField(b.ctx, process.CreateFieldInput{StageID: stage.ID, Name: "Mobile", Type: process.Phone, Sample: "+919812345678"}); err != nil {
		return err
	}
	draft := fireDraft(orders.ID, setup.SMS, address)
	draft.StageID, draft.Request.URL = stage.ID, address+slowPath
	if _, err := ops.Setup.Create(b.ctx, setup.CreateInput{Draft: draft}); err != nil {
		return err
	}
	keys, err := office.keys(b.ctx, 1, 1)
	if err != nil {
		return err
	}
	client := &http.Transport{DisableCompression: true}
	defer client.CloseIdleConnections()
	through := plainCall{method: http.MethodPost, url: office.base + "/v1/calls",
		body:    `{"process":"Orders","stage":"Shipped","channel":"sms","mode":"live","fields":{"Mobile":"+919812345678"}}`,
		headers: http.Header{"Authorization": {"x-api-key " + keys[0]}, "Content-Type": {"application/json"}}}
	direct := plainCall{method: http.MethodPost, url: address + slowPath, body: fireBody,
		headers: http.Header{"Authorization": {"Bearer " + fireToken}, "Content-Type": {"application/json"}}}
	ours := func() error {
		for range overhead {
			status, body, err := through.send(b.ctx, client)
			if err != nil || status != http.StatusOK || !strings.Contains(body, `"verdict":"accepted"`) {
				return fmt.Errorf("answered %d %s: %w", status, body, err)
			}
		}
		return nil
	}
	reference := func() error {
		for range overhead {
			status, body, err := direct.send(b.ctx, client)
			if err != nil || status != http.StatusCreated || body != answer {
				return fmt.Errorf("answered %d %s: %w", status, body, err)
			}
		}
		return nil
	}
	if err := b.profile("call_overhead", ours); err != nil {
		return err
	}
	rounds, err := inTurn(b.rounds, ours, reference)
	if err != nil {
		return err
	}
	b.print(ratioFigure("call_overhead", rounds, overhead, 1.2))
	return nil
}
