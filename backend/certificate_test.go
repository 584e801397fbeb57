package backend_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net/netip"
	"strings"
	"testing"
	"time"

	"keydesk/backend"
	"keydesk/backend/access"
	"keydesk/backend/activity"
	"keydesk/backend/certificate"
	"keydesk/backend/fault"
	"keydesk/backend/organisation"
	"keydesk/backend/secret"
	"keydesk/backend/user"
)

const officeName = "keys.office.example"

var officeAddress = netip.MustParseAddr("192.168.1.20")

// network switches the office network on, or changes it.
func (d *desk) network(t testing.TB, change func(*organisation.LocalAPI)) error {
	t.Helper()
	state, err := d.Ops.Organisation.LocalAPI(atWindow(t), organisation.Nothing{})
	if err != nil {
		t.Fatal(err)
	}
	state.Settings.On, state.Settings.Network = true, true
	state.Settings.Addresses, state.Settings.Names = []string{officeAddress.String()}, []string{officeName}
	if change != nil {
		change(&state.Settings)
	}
	_, err = d.Ops.Organisation.SaveLocalAPI(atWindow(t), organisation.SaveLocalAPIInput{Settings: state.Settings, Version: state.Version})
	return err
}

func (d *desk) fresh(t testing.TB) {
	t.Helper()
	if _, err := d.Ops.User.ConfirmPassword(atWindow(t), user.PasswordInput{Password: secret.New(adminPassword)}); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) certificate(t testing.TB) certificate.State {
	t.Helper()
	state, err := d.Ops.Certificate.Get(atWindow(t), certificate.Nothing{})
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// roots are what a caller trusts that was given the office's root.
func (d *desk) roots(t testing.TB) (*x509.CertPool, certificate.Root) {
	t.Helper()
	root, err := d.Ops.Certificate.Root(atWindow(t), certificate.Nothing{})
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(root.Text)) {
		t.Fatalf("this is no root certificate: %s", root.Text)
	}
	return pool, root
}

// present is what a handshake gets.
func (d *desk) present(t testing.TB) (*tls.Certificate, error) {
	shown, err := d.Ops.Certificate.Present(from(t, access.API, ""), certificate.Hosts{Addresses: []netip.Addr{officeAddress}, Names: []string{officeName}})
	return shown.Certificate(), err
}

// accepted makes a handshake over a connection, as a caller that trusts these
// roots.
func (d *desk) accepted(t testing.TB, roots *x509.CertPool, host string) error {
	t.Helper()
	socket, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return d.present(t) }})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	go func() {
		if conn, err := socket.Accept(); err == nil {
			_ = conn.(*tls.Conn).HandshakeContext(t.Context())
		}
	}()
	client, err := tls.Dial("tcp", socket.Addr().String(), &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, ServerName: host, Time: func() time.Time { return d.now }})
	if err != nil {
		return err
	}
	return client.Close()
}

// elsewhere is a certificate of another authority with its key, as PEM.
func elsewhere(t testing.TB, now time.Time, days int, names ...string) (in certificate.GiveInput, roots *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: "given"}, DNSNames: names,
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, days), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	chain := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM(chain)
	return certificate.GiveInput{Chain: string(chain), Key: secret.New(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))}, roots
}

// H21: the authority is made when the office network is first
// switched on, once; with its root a caller accepts the local API at each of its
// hosts, and without it nowhere. What it shows is renewed in time without a restart,
// and the end of the root is told.
func TestTheOfficesOwnCertificate(t *testing.T) {
	d := newDesk(t)
	if state := d.certificate(t); state.Origin != certificate.None || state.HasRoot || state.Code != "" {
		t.Errorf("before: %+v", state)
	}
	if _, err := d.Ops.Certificate.Root(atWindow(t), certificate.Nothing{}); codeOf(err) != "certificate.none" {
		t.Errorf("a root before: %v", err)
	}
	if _, err := d.present(t); codeOf(err) != "certificate.none" {
		t.Errorf("a certificate before: %v", err)
	}
	if err := d.network(t, func(s *organisation.LocalAPI) { s.Network = false }); err != nil || d.certificate(t).HasRoot {
		t.Fatalf("switched on for this computer alone: %v, %+v", err, d.certificate(t))
	}
	if err := d.network(t, nil); err != nil {
		t.Fatal(err)
	}
	roots, root := d.roots(t)
	state := d.certificate(t)
	if state.Origin != certificate.Office || !state.HasRoot || state.Fingerprint != root.Fingerprint || len(root.Fingerprint) != 95 || state.Code != "" || !strings.Contains(state.Subject, "Acme") {
		t.Errorf("the state is %+v", state)
	}
	for _, host := range []string{officeName, officeAddress.String()} {
		if err := d.accepted(t, roots, host); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	if d.accepted(t, roots, "192.168.1.21") == nil || d.accepted(t, x509.NewCertPool(), officeName) == nil {
		t.Error("another host, or a caller without the root, accepts it")
	}
	first, err := d.present(t)
	if err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(23 * time.Hour)
	if again, err := d.present(t); err != nil || again != first {
		t.Errorf("the same day it is another: %v", err)
	}
	for _, wait := range []time.Duration{2 * time.Hour, 20 * 24 * time.Hour, -10 * 24 * time.Hour} { // the clock may be put back
		d.now = d.now.Add(wait)
		again, err := d.present(t)
		if err != nil || again == first || d.now.Before(again.Leaf.NotBefore) || !d.now.Before(again.Leaf.NotAfter.Add(-6*24*time.Hour)) {
			t.Fatalf("after %v: %v", wait, err)
		}
		first = again
	}
	if err := d.accepted(t, roots, officeName); err != nil {
		t.Errorf("a renewed one: %v", err)
	}
	// Switched off and on again, and with another name, the root is the same.
	begin(t, d.Backend, d.admin(t))
	d.fresh(t)
	if err := d.network(t, func(s *organisation.LocalAPI) { s.Network = false }); err != nil {
		t.Fatal(err)
	}
	if err := d.network(t, func(s *organisation.LocalAPI) { s.Names = nil }); err != nil || d.certificate(t).Fingerprint != root.Fingerprint {
		t.Errorf("the root changed: %v", err)
	}
	end := time.UnixMilli(state.UntilMs)
	for before, code := range map[time.Duration]string{200 * 24 * time.Hour: "", 100 * 24 * time.Hour: "certificate.root_expires", 0: "certificate.root_expired"} {
		d.now = end.Add(-before)
		begin(t, d.Backend, d.admin(t))
		if state := d.certificate(t); state.Code != code || (code == "") != (state.Message+state.Hint == "") {
			t.Errorf("%v before its end: %+v", before, state)
		}
	}
	d.now = end
	if _, err := d.present(t); codeOf(err) != "certificate.root_expired" {
		t.Errorf("after its end: %v", err)
	}
	begin(t, d.Backend, d.admin(t))
	// Another root ends that, and the one before is worth nothing.
	d.fresh(t)
	if state, err := d.Ops.Certificate.RenewRoot(atWindow(t), certificate.Nothing{}); err != nil || state.Fingerprint == root.Fingerprint || state.Code != "" {
		t.Errorf("a new root: %+v, %v", state, err)
	}
	renewed, _ := d.roots(t)
	if err := d.accepted(t, renewed, officeName); err != nil {
		t.Error(err)
	}
	if d.accepted(t, roots, officeName) == nil {
		t.Error("the old root is still enough")
	}
}

// admin is the id of the Org Admin of the first run.
func (d *desk) admin(t testing.TB) string {
	t.Helper()
	list, err := d.Store.Users(t.Context())
	if err != nil || len(list) == 0 {
		t.Fatal(err)
	}
	return list[0].ID
}

// The key of the authority and one that was given are in the data folder only
// sealed, and nothing that is shown or recorded holds a piece of them.
func TestKeysOfCertificatesStaySealed(t *testing.T) {
	d := newDesk(t)
	if err := d.network(t, nil); err != nil {
		t.Fatal(err)
	}
	in, _ := elsewhere(t, d.now, 60, officeName)
	if _, err := d.Ops.Certificate.Give(atWindow(t), in); err != nil {
		t.Fatal(err)
	}
	var pieces []string
	for _, slot := range []string{"authority", "given"} {
		text, err := d.Vault.Get(atWindow(t), "certificate", "office", slot)
		if err != nil {
			t.Fatal(err)
		}
		// Long parts of the lines of the key in PEM, and its bytes.
		_, private, _ := strings.Cut(text.Reveal(), "-----BEGIN PRIVATE KEY-----\n")
		body, _, _ := strings.Cut(private, "\n-----END")
		for line := range strings.Lines(body) {
			if line = strings.TrimSpace(line); len(line) >= 20 {
				pieces = append(pieces, line)
			}
		}
		raw, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(body, "\n", ""))
		if err != nil {
			t.Fatal(err)
		}
		pieces = append(pieces, string(raw[36:68]))
	}
	if len(pieces) < 6 {
		t.Fatalf("only %d pieces are looked for", len(pieces))
	}
	_, root := d.roots(t)
	page, err := d.Ops.Activity.List(atWindow(t), activity.ListInput{})
	if err != nil {
		t.Fatal(err)
	}
	shown, err := json.Marshal([]any{page, root, d.certificate(t), in})
	if err != nil {
		t.Fatal(err)
	}
	for _, piece := range pieces {
		if bytes.Contains(shown, []byte(piece)) {
			t.Error("what is shown holds a piece of a key")
		}
	}
	noneOnDisk(t, d.folder, pieces...)
}

// H21: a certificate that is given is shown instead, until an Org Admin goes back.
func TestACertificateIsGiven(t *testing.T) {
	d := newDesk(t)
	if err := d.network(t, nil); err != nil {
		t.Fatal(err)
	}
	own, _ := d.roots(t)
	in, roots := elsewhere(t, d.now, 60, officeName)
	state, err := d.Ops.Certificate.Give(atWindow(t), in)
	if err != nil || state.Origin != certificate.Given || !state.HasRoot || strings.Join(state.Uncovered, " ") != officeAddress.String() || state.Code != "certificate.uncovered" {
		t.Fatalf("given: %+v, %v", state, err)
	}
	if err := d.accepted(t, roots, officeName); err != nil {
		t.Error(err)
	}
	if d.accepted(t, own, officeName) == nil {
		t.Error("the office's own is still shown")
	}
	// Names that it lacks are refused where they are entered.
	err = d.network(t, func(s *organisation.LocalAPI) { s.Names = []string{"other.example"} })
	if f := fault.From(err); f.Code != "organisation.invalid" || f.Fields[0].Name != "settings.names" {
		t.Errorf("another name: %v", err)
	}
	err = d.network(t, func(s *organisation.LocalAPI) { s.Names = nil })
	if f := fault.From(err); f.Code != "organisation.invalid" || f.Fields[0].Name != "settings.addresses" {
		t.Errorf("no name: %v", err)
	}
	bad, _ := elsewhere(t, d.now, 60, "other.example")
	if _, err := d.Ops.Certificate.Give(atWindow(t), bad); codeOf(err) != "certificate.invalid" || d.certificate(t).Fingerprint != state.Fingerprint {
		t.Errorf("one for another name: %v", err)
	}
	// Its end is told, and it is not shown after it.
	start := d.now
	for days, code := range map[int]string{20: "certificate.uncovered", 31: "certificate.expires", 59: "certificate.expires", 60: "certificate.expired"} {
		d.now = start.AddDate(0, 0, days)
		begin(t, d.Backend, d.admin(t))
		if state := d.certificate(t); state.Code != code {
			t.Errorf("after %d days: %+v", days, state)
		}
	}
	d.now = start.AddDate(0, 0, 60)
	begin(t, d.Backend, d.admin(t))
	if _, err := d.present(t); codeOf(err) != "certificate.expired" {
		t.Errorf("after its end: %v", err)
	}
	d.fresh(t)
	if state, err := d.Ops.Certificate.UseOffice(atWindow(t), certificate.Nothing{}); err != nil || state.Origin != certificate.Office || state.Code != "" {
		t.Errorf("back to the office's own: %+v, %v", state, err)
	}
	if err := d.accepted(t, own, officeName); err != nil {
		t.Error(err)
	}
	if _, err := d.Vault.Get(atWindow(t), "certificate", "office", "given"); codeOf(err) != "vault.secret_missing" {
		t.Errorf("the key that was given is still there: %v", err)
	}
	if _, err := d.Ops.Certificate.UseOffice(atWindow(t), certificate.Nothing{}); codeOf(err) != "certificate.not_given" {
		t.Errorf("back once more: %v", err)
	}
}

// One that was given before the office network was ever open needs no authority;
// going back makes one.
func TestACertificateIsGivenFirst(t *testing.T) {
	d := newDesk(t)
	in, roots := elsewhere(t, d.now, 60, officeName)
	if state, err := d.Ops.Certificate.Give(atWindow(t), in); err != nil || state.HasRoot {
		t.Fatalf("%+v, %v", state, err)
	}
	if err := d.network(t, nil); err != nil || d.certificate(t).HasRoot {
		t.Fatalf("%+v, %v", d.certificate(t), err)
	}
	if err := d.accepted(t, roots, officeName); err != nil {
		t.Error(err)
	}
	if state, err := d.Ops.Certificate.UseOffice(atWindow(t), certificate.Nothing{}); err != nil || !state.HasRoot || state.Origin != certificate.Office {
		t.Errorf("%+v, %v", state, err)
	}
	own, _ := d.roots(t)
	if err := d.accepted(t, own, officeName); err != nil {
		t.Error(err)
	}
}

// Only an Org Admin who entered the password just now changes who callers trust.
func TestWhoMayChangeTheCertificate(t *testing.T) {
	d := newDesk(t)
	if err := d.network(t, nil); err != nil {
		t.Fatal(err)
	}
	in, _ := elsewhere(t, d.now, 60, officeName)
	changes := map[string]func(ctx context.Context) error{
		"give": func(ctx context.Context) error { _, err := d.Ops.Certificate.Give(ctx, in); return err },
		"use_office": func(ctx context.Context) error {
			_, err := d.Ops.Certificate.UseOffice(ctx, certificate.Nothing{})
			return err
		},
		"renew_root": func(ctx context.Context) error {
			_, err := d.Ops.Certificate.RenewRoot(ctx, certificate.Nothing{})
			return err
		},
	}
	before := d.certificate(t)
	manager := from(t, access.Window, d.asRole(t, user.Manager))
	d.now = d.now.Add(6 * time.Minute)
	for name, change := range changes {
		if err := change(manager); codeOf(err) != "access.forbidden" {
			t.Errorf("a manager, %s: %v", name, err)
		}
		if err := change(atWindow(t)); codeOf(err) != "access.password_needed" {
			t.Errorf("without the password, %s: %v", name, err)
		}
	}
	if after := d.certificate(t); after.Fingerprint != before.Fingerprint {
		t.Error("it changed")
	}
}

// A database file that another program changed makes the door show nobody else's
// key: rows bound to their place do not open elsewhere, and what does not open is
// not shown. The settings say so, and an Org Admin can go on from there.
func TestAnEditedFileShowsNobodyElsesKey(t *testing.T) {
	theirs := newDesk(t)
	if err := theirs.network(t, nil); err != nil {
		t.Fatal(err)
	}
	var foreign []byte
	if err := openRaw(t, theirs.folder).QueryRow("SELECT sealed FROM secret WHERE owner_kind = 'certificate'").Scan(&foreign); err != nil {
		t.Fatal(err)
	}
	plain, _ := elsewhere(t, theirs.now, 60, officeName)
	for name, edit := range map[string]func(t *testing.T, d *desk, folder string){
		"another office's": func(t *testing.T, _ *desk, folder string) {
			edited(t, folder, "UPDATE secret SET sealed = ? WHERE owner_kind = 'certificate' AND slot = 'authority'", foreign)
		},
		"one in the clear": func(t *testing.T, _ *desk, folder string) {
			edited(t, folder, "UPDATE secret SET sealed = ? WHERE owner_kind = 'certificate' AND slot = 'authority'", []byte(plain.Chain+plain.Key.Reveal()))
		},
		"one given in the clear": func(t *testing.T, _ *desk, folder string) {
			edited(t, folder, "INSERT INTO secret (owner_kind, owner_id, slot, version, sealed, about) VALUES ('certificate', 'office', 'given', 1, ?, '')", []byte(plain.Chain+plain.Key.Reveal()))
		},
		"the authority as what was given": func(t *testing.T, _ *desk, folder string) {
			edited(t, folder, "UPDATE secret SET slot = 'given' WHERE owner_kind = 'certificate'")
		},
		"a secret of this office": func(t *testing.T, d *desk, folder string) {
			edited(t, folder, "UPDATE secret SET sealed = (SELECT sealed FROM secret WHERE owner_kind = 'office' LIMIT 1) WHERE owner_kind = 'certificate'")
		},
		"none": func(t *testing.T, _ *desk, folder string) {
			edited(t, folder, "DELETE FROM secret WHERE owner_kind = 'certificate'")
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			if err := d.network(t, nil); err != nil {
				t.Fatal(err)
			}
			edit(t, d, d.folder)
			want := "certificate.damaged"
			if name == "none" {
				want = "certificate.none"
			}
			if one, err := d.present(t); codeOf(err) != want {
				t.Errorf("it shows %v, %v", one, err)
			}
			state := d.certificate(t)
			if want == "certificate.damaged" && (state.Code != want || state.Hint == "") {
				t.Errorf("the settings say %+v", state)
			}
			if state.Origin == certificate.Given {
				if _, err := d.Ops.Certificate.UseOffice(atWindow(t), certificate.Nothing{}); err != nil {
					t.Fatal(err)
				}
			} else if _, err := d.Ops.Certificate.RenewRoot(atWindow(t), certificate.Nothing{}); err != nil {
				t.Fatal(err)
			}
			roots, _ := d.roots(t)
			if err := d.accepted(t, roots, officeName); err != nil {
				t.Errorf("after a new root: %v", err)
			}
		})
	}
}

// edited changes the database file as another program does.
func edited(t *testing.T, folder, statement string, args ...any) {
	t.Helper()
	result, err := openRaw(t, folder).Exec(statement, args...)
	if err != nil {
		t.Fatal(err)
	}
	if touched, err := result.RowsAffected(); err != nil || touched != 1 {
		t.Fatalf("%d rows: %v", touched, err)
	}
}

// A change of the data key, and a restart, leave the certificate as it is.
func TestCertificatesOutliveTheDataKey(t *testing.T) {
	d := newDesk(t)
	if err := d.network(t, nil); err != nil {
		t.Fatal(err)
	}
	roots, _ := d.roots(t)
	begun, err := d.Ops.Organisation.ChangeKey(atWindow(t), organisation.ChangeKeyInput{Passphrase: secret.New(passphrase)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Ops.Organisation.ConfirmChange(atWindow(t), organisation.ConfirmInput{StartID: begun.StartID, LastFour: begun.RecoveryCode[len(begun.RecoveryCode)-4:]}); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d.Backend = opened(t, d.folder, func(o *backend.Options) { o.Now = func() time.Time { return d.now } })
	if _, err := d.present(t); codeOf(err) != "vault.locked" {
		t.Errorf("while the data key is closed: %v", err)
	}
	if _, err := d.Ops.Organisation.Unlock(atWindow(t), organisation.UnlockInput{Passphrase: secret.New(passphrase)}); err != nil {
		t.Fatal(err)
	}
	if err := d.accepted(t, roots, officeName); err != nil {
		t.Error(err)
	}
}

// The end of the root is in the log before it comes, for an office that nobody looks
// at: keydeskd runs for months.
func TestTheEndOfTheRootIsLogged(t *testing.T) {
	d := newDesk(t)
	if err := d.network(t, nil); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	var log lockedBuffer
	d.now = d.now.AddDate(9, 9, 0)
	d.Backend = opened(t, d.folder, func(o *backend.Options) {
		o.Now, o.Log = func() time.Time { return d.now }, slog.New(slog.NewTextHandler(&log, nil))
	})
	if _, err := d.Ops.Organisation.Unlock(atWindow(t), organisation.UnlockInput{Passphrase: secret.New(passphrase)}); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(10 * time.Second); !strings.Contains(log.String(), "certificate.root_expires"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("the log says only %s", log.String())
		}
	}
}
