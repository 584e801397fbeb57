package localapi

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // the database is edited as another program does

	"keydesk/backend/apikey"
	"keydesk/backend/certificate"
	"keydesk/backend/organisation"
	"keydesk/backend/store"
)

// insideNetwork is set where the test runs in a network of its own.
const insideNetwork = "KEYDESK_TEST_NETWORK"

// The two computers of the network.
const (
	officeIPv4, callerIPv4 = "10.73.7.1", "10.73.7.2"
	officeIPv6             = "fd00:73::1"
	notChosen              = "10.73.7.3"
	networkName            = "keys.office.example"
)

// alone runs the same test once more in a network of its own, where it may make
// interfaces. It needs root, or a system that gives user namespaces.
func alone(t *testing.T) {
	t.Helper()
	flags := "-rn"
	if exec.Command("unshare", flags, "true").Run() != nil {
		flags = "-n"
	}
	cmd := exec.Command("unshare", flags, "/proc/self/exe", "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=4m")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Args[2] = self
	cmd.Env = append(os.Environ(), insideNetwork+"=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Fatalf("in a network of its own (which needs root or user namespaces): %v\n%s", err, out)
	}
}

// caller is another computer in the network: a network namespace that is joined to
// ours by a cable.
type caller struct {
	t   *testing.T
	pid int
}

func shell(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v: %s", name, strings.Join(args, " "), err, out)
	}
}

// ipCommand is where Debian puts it, which is not on everybody's path.
func ipCommand() string {
	if path, err := exec.LookPath("ip"); err == nil {
		return path
	}
	return "/usr/sbin/ip"
}

func newCaller(t *testing.T) caller {
	t.Helper()
	there := exec.Command("unshare", "-n", "sleep", "1000")
	if err := there.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = there.Process.Kill()
		_ = there.Wait()
	})
	c := caller{t, there.Process.Pid}
	ours, err := os.Readlink("/proc/self/ns/net")
	if err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if theirs, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", c.pid)); err == nil && theirs != ours {
			break
		}
		if time.Now().After(until) {
			t.Fatal("the caller has no network of its own")
		}
	}
	shell(t, ipCommand(), "link", "set", "lo", "up")
	shell(t, ipCommand(), "link", "add", "office0", "type", "veth", "peer", "name", "caller0", "netns", strconv.Itoa(c.pid))
	for _, address := range []string{officeIPv4 + "/24", notChosen + "/24"} {
		shell(t, ipCommand(), "address", "add", address, "dev", "office0")
	}
	shell(t, ipCommand(), "address", "add", officeIPv6+"/64", "dev", "office0", "nodad")
	shell(t, ipCommand(), "link", "set", "office0", "up")
	for _, args := range [][]string{{"address", "add", callerIPv4 + "/24", "dev", "caller0"}, {"address", "add", "fd00:73::2/64", "dev", "caller0", "nodad"}, {"link", "set", "caller0", "up"}, {"link", "set", "lo", "up"}} {
		shell(t, "nsenter", append([]string{"-t", strconv.Itoa(c.pid), "-n", ipCommand()}, args...)...)
	}
	return c
}

// curl runs the real curl at the other computer. status is 0 where no answer came,
// exit is curl's own code.
func (c caller) curl(args ...string) (status, exit int, said string) {
	c.t.Helper()
	cmd := exec.Command("nsenter", append([]string{"-t", strconv.Itoa(c.pid), "-n", "curl", "-sS", "--max-time", "20", "--noproxy", "*", "-w", "\n%{http_code}"}, args...)...)
	out, err := cmd.CombinedOutput()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		exit = failed.ExitCode()
	} else if err != nil {
		c.t.Fatal(err)
	}
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	for _, line := range lines {
		if n, err := strconv.Atoi(string(line)); err == nil {
			status = n
		}
	}
	return status, exit, string(out)
}

// H21, C37: the local API from another computer of the office
// network, by the real curl in a network namespace. With the office's root over TLS
// it works; without the root, in plain HTTP, with an old TLS, with a key without a
// source list or with one of another address it does not.
func TestOfficeNetwork(t *testing.T) {
	if os.Getenv(insideNetwork) == "" {
		alone(t)
		return
	}
	there := newCaller(t)
	o := newRealOffice(t)
	found := run(o, o.host.Ops.Organisation.Addresses, organisation.Nothing{})
	if len(found) != 3 || found[0].Interface != "office0" || !found[0].Private {
		t.Errorf("the addresses to choose from are %+v", found)
	}
	with := func(sources ...string) []string {
		made := o.issue(func(in *apikey.CreateInput) { in.Grants.Sources = sources })
		return []string{"-H", "Authorization: x-api-key " + made.Secret}
	}
	good, listless, elsewhere := with("10.73.7.0/24", "fd00:73::/64"), with(), with("10.73.7.9", "192.168.0.0/16")
	at := func(scheme, host string) string { return fmt.Sprintf("%s://%s:%d/v1/key", scheme, host, o.port) }
	whole := func(settings *organisation.LocalAPI) {
		settings.Network, settings.Addresses, settings.Names = true, []string{officeIPv4, officeIPv6}, []string{networkName}
	}

	// Before it is switched on, nobody there reaches anything.
	for _, scheme := range []string{"http", "https"} {
		if status, exit, said := there.curl(append(good, "-k", at(scheme, officeIPv4))...); exit != 7 || status != 0 {
			t.Errorf("before, %s: %d %d %s", scheme, status, exit, said)
		}
	}
	state := o.listen(whole)
	if listening := strings.Join(state.Listening.Addresses, " "); state.Listening.Code != "" || !strings.Contains(listening, "https://"+officeIPv4) || strings.Contains(listening, "http://"+officeIPv4) {
		t.Fatalf("it listens on %+v", state.Listening)
	}
	root := saveRoot(o, "root.pem")
	byName := []string{"--resolve", fmt.Sprintf("%s:%d:%s", networkName, o.port, officeIPv4)}
	trusted := func(args ...string) []string { return append([]string{"--cacert", root}, args...) }
	for name, test := range map[string]struct {
		args         []string
		status, exit int
		says         string
	}{
		"by its address":            {trusted(append(good, at("https", officeIPv4))...), 200, 0, `"title":"CRM"`},
		"by IPv6":                   {trusted(append(good, at("https", "["+officeIPv6+"]"))...), 200, 0, `"title":"CRM"`},
		"by its name":               {trusted(append(append(byName, good...), at("https", networkName))...), 200, 0, `"title":"CRM"`},
		"TLS 1.2":                   {trusted(append(good, "--tls-max", "1.2", at("https", officeIPv4))...), 200, 0, `"title":"CRM"`},
		"without the root":          {append(good, at("https", officeIPv4)), 0, 60, ""},
		"plain HTTP":                {append(good, at("http", officeIPv4)), 400, 0, "HTTPS server"},
		"TLS 1.1":                   {trusted(append(good, "--tlsv1.0", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0", at("https", officeIPv4))...), 0, 35, "protocol version"},
		"TLS 1.0":                   {trusted(append(good, "--tlsv1.0", "--tls-max", "1.0", "--ciphers", "DEFAULT@SECLEVEL=0", at("https", officeIPv4))...), 0, 35, "protocol version"},
		"no key":                    {trusted(at("https", officeIPv4)), 401, 0, "localapi.no_key"},
		"a key without a list":      {trusted(append(listless, at("https", officeIPv4))...), 403, 0, "apikey.source"},
		"a key of another address":  {trusted(append(elsewhere, at("https", officeIPv4))...), 403, 0, "apikey.source"},
		"an address as if of here":  {trusted(append(listless, "-H", "X-Forwarded-For: 127.0.0.1", "-H", "Forwarded: for=127.0.0.1", "-H", "X-Real-IP: 127.0.0.1", at("https", officeIPv4))...), 403, 0, "apikey.source"},
		"another name of ours":      {trusted(append(good, "-H", "Host: evil.test", at("https", officeIPv4))...), 421, 0, "localapi.unknown_host"},
		"loopback's name":           {trusted(append(good, "-H", fmt.Sprintf("Host: 127.0.0.1:%d", o.port), at("https", officeIPv4))...), 421, 0, "localapi.unknown_host"},
		"the name of a web page":    {trusted(append(good, "-H", "Origin: https://"+networkName, at("https", officeIPv4))...), 403, 0, "localapi.origin"},
		"an address not chosen":     {append(good, "-k", at("https", notChosen)), 0, 7, ""},
		"not chosen, in plain HTTP": {append(good, at("http", notChosen)), 0, 7, ""},
		"its own loopback":          {append(good, at("http", "127.0.0.1")), 0, 7, ""},
	} {
		if status, exit, said := there.curl(test.args...); status != test.status || exit != test.exit || !strings.Contains(said, test.says) {
			t.Errorf("%s: status %d, exit %d: %s", name, status, exit, said)
		}
	}
	// What the log keeps of it is the address of the caller.
	from := 0
	for _, row := range o.accesses() {
		if row.Source == callerIPv4 && row.Status == 200 {
			from++
		}
	}
	if from < 3 {
		t.Errorf("%d rows of the access log name the caller", from)
	}
	t.Run("renewed without a restart", func(t *testing.T) { renewed(t, o, root) })
	t.Run("another root", func(t *testing.T) {
		run(o, o.host.Ops.Certificate.RenewRoot, certificate.Nothing{})
		if _, exit, said := there.curl(trusted(append(good, at("https", officeIPv4))...)...); exit != 60 {
			t.Errorf("the root before is still enough: %d %s", exit, said)
		}
		again := saveRoot(o, "again.pem")
		if status, _, said := there.curl(append(good, "--cacert", again, at("https", officeIPv4))...); status != 200 {
			t.Errorf("with the new root: %s", said)
		}
	})
	t.Run("edited settings", func(t *testing.T) { editedSettings(t, o, there, good) })
	t.Run("switched off", func(t *testing.T) {
		o.listen(func(settings *organisation.LocalAPI) { settings.Network = false })
		for _, scheme := range []string{"http", "https"} {
			if _, exit, said := there.curl(append(good, "-k", at(scheme, officeIPv4))...); exit != 7 {
				t.Errorf("%s: %d %s", scheme, exit, said)
			}
		}
	})
}

// saveRoot writes the office's root certificate as the settings screen does.
func saveRoot(o *realOffice, name string) string {
	o.t.Helper()
	path := filepath.Join(o.t.TempDir(), name)
	o.must(os.WriteFile(path, []byte(run(o, o.host.Ops.Certificate.Root, certificate.Nothing{}).Text), 0o600))
	return path
}

// renewed looks at what a listener shows as days pass, by the clock of the office.
func renewed(t *testing.T, o *realOffice, root string) {
	text, err := os.ReadFile(root)
	o.must(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	defer o.wait(-15 * 24 * time.Hour)
	serials := map[string]bool{}
	for range 16 {
		conn, err := tls.Dial("tcp", fmt.Sprintf("%s:%d", officeIPv4, o.port), &tls.Config{RootCAs: roots, Time: o.now, MinVersion: tls.VersionTLS12})
		if err != nil {
			t.Fatalf("after %d days: %v", len(serials), err)
		}
		serials[conn.ConnectionState().PeerCertificates[0].SerialNumber.String()] = true
		_ = conn.Close()
		if len(serials) < 16 {
			o.wait(24 * time.Hour)
		}
	}
	if len(serials) != 16 {
		t.Errorf("in 15 days it showed %d certificates", len(serials))
	}
}

// editedSettings writes settings into the database file as another program does.
// Whatever they say, beyond this computer nothing is open but TLS with our key.
func editedSettings(t *testing.T, o *realOffice, there caller, good []string) {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(o.folder, store.FileName)+"?_busy_timeout=5000")
	o.must(err)
	defer db.Close()
	edit := func(query string, args ...any) {
		t.Helper()
		_, err := db.Exec(query, args...)
		o.must(err)
		// A change of the organisation makes the program read its settings again.
		run(o, o.host.Ops.Organisation.Pause, organisation.PauseInput{Paused: true})
		run(o, o.host.Ops.Organisation.Pause, organisation.PauseInput{Paused: false})
		o.must(o.door.Apply(t.Context()))
	}
	var before string
	o.must(db.QueryRow("SELECT data FROM setting WHERE name = 'local_api'").Scan(&before))
	document := func(addresses string) string {
		return fmt.Sprintf(`{"on":true,"port":%d,"per_minute":600,"network":true,"addresses":%s,"names":["evil.test"],"tls":false,"plain":true,"certificate":null}`, o.port, addresses)
	}
	for _, addresses := range []string{`["0.0.0.0"]`, `["::"]`, `["` + notChosen + `"]`, `["` + officeIPv4 + `","10.73.7.3%office0"]`, `["::ffff:` + notChosen + `"]`, `[""]`, `["224.0.0.1"]`, `[]`} {
		edit("UPDATE setting SET data = ? WHERE name = 'local_api'", document(addresses))
		for _, one := range o.door.State().Listening {
			if strings.HasPrefix(one, "http://") && !strings.HasPrefix(one, "http://127.0.0.1:") && !strings.HasPrefix(one, "http://[::1]:") {
				t.Errorf("%s: it listens on %s", addresses, one)
			}
		}
		for _, host := range []string{officeIPv4, notChosen, "[" + officeIPv6 + "]"} {
			if status, exit, said := there.curl(append(good, fmt.Sprintf("http://%s:%d/v1/key", host, o.port))...); status == 200 || exit == 0 && !strings.Contains(said, "HTTPS server") {
				t.Errorf("%s: plain HTTP to %s: %d %d %s", addresses, host, status, exit, said)
			}
		}
	}
	// Without the authority the office network is not open at all.
	var sealed []byte
	o.must(db.QueryRow("SELECT sealed FROM secret WHERE owner_kind = 'certificate' AND slot = 'authority'").Scan(&sealed))
	for _, other := range [][]byte{bytes.Repeat([]byte{1}, len(sealed)), nil} {
		_, err := db.Exec("UPDATE secret SET sealed = ? WHERE owner_kind = 'certificate' AND slot = 'authority'", append([]byte{}, other...))
		o.must(err)
		// Memory forgets what it showed when the settings change.
		o.wait(25 * time.Hour)
		edit("UPDATE setting SET data = ? WHERE name = 'local_api'", document(`["`+notChosen+`"]`))
		if state := o.door.State(); state.Problem == nil || state.Problem.Code != certificate.ErrDamaged.Code || strings.Contains(strings.Join(state.Listening, " "), "https") {
			t.Errorf("with another certificate: %+v", state)
		}
		o.wait(-25 * time.Hour)
	}
	_, err = db.Exec("UPDATE secret SET sealed = ? WHERE owner_kind = 'certificate' AND slot = 'authority'", sealed)
	o.must(err)
	edit("UPDATE setting SET data = ? WHERE name = 'local_api'", before)
	if state := o.door.State(); state.Problem != nil || !strings.Contains(strings.Join(state.Listening, " "), "https://"+officeIPv4) {
		t.Errorf("put back: %+v", state)
	}
}
