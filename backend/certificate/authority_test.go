package certificate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// newOffice makes an authority and opens it as it is sealed.
func newOffice(t *testing.T, now time.Time) *tls.Certificate {
	t.Helper()
	root, text, err := newAuthority(strings.Repeat("Büro ", 40), now)
	if err != nil {
		t.Fatal(err)
	}
	one, err := tls.X509KeyPair([]byte(text.Reveal()), []byte(text.Reveal()))
	if err != nil || !one.Leaf.Equal(root) {
		t.Fatalf("the sealed authority is another: %v", err)
	}
	return &one
}

// RULES.md, Office network: the root signs servers and nothing else, for ECDSA P-256 keys; a
// second program, in its strict mode, accepts what it signs for every host.
func TestAuthority(t *testing.T) {
	now := time.Now()
	root := newOffice(t, now)
	c := root.Leaf
	if !c.IsCA || c.MaxPathLen != 0 || !c.MaxPathLenZero || c.KeyUsage != x509.KeyUsageCertSign|x509.KeyUsageCRLSign || len(c.ExtKeyUsage) != 1 || c.ExtKeyUsage[0] != x509.ExtKeyUsageServerAuth {
		t.Errorf("the root may too much: path %d, %v, %v", c.MaxPathLen, c.KeyUsage, c.ExtKeyUsage)
	}
	if years := c.NotAfter.Sub(now).Hours() / 24 / 365; years < 9.9 || years > 10.1 {
		t.Errorf("the root is good for %.1f years", years)
	}
	if len([]rune(c.Subject.Organization[0])) != 64 {
		t.Errorf("the subject is %s", c.Subject)
	}
	hosts := Hosts{Addresses: []netip.Addr{netip.MustParseAddr("192.168.1.20"), netip.MustParseAddr("fd00::20")}, Names: []string{"keys.office.example", "keys"}}
	leaf, err := newLeaf(root, hosts, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []*x509.Certificate{c, leaf.Leaf} {
		if key, ok := one.PublicKey.(*ecdsa.PublicKey); !ok || key.Curve != elliptic.P256() {
			t.Errorf("%s has a key of %T", one.Subject, one.PublicKey)
		}
	}
	if leaf.Leaf.IsCA || leaf.Leaf.NotAfter.After(now.Add(leafLife+time.Second)) || c.Equal(leaf.Leaf) {
		t.Errorf("what it signed: %+v", leaf.Leaf.Subject)
	}
	folder := t.TempDir()
	rootFile, leafFile := filepath.Join(folder, "root.pem"), filepath.Join(folder, "leaf.pem")
	for file, raw := range map[string][]byte{rootFile: root.Certificate[0], leafFile: leaf.Certificate[0]} {
		if err := os.WriteFile(file, pemOf(raw), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, host := range [][]string{{"-verify_ip", "192.168.1.20"}, {"-verify_ip", "fd00::20"}, {"-verify_hostname", "keys.office.example"}, {"-verify_hostname", "keys"}} {
		openssl(t, "", append([]string{"verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", rootFile}, append(host, leafFile)...)...)
	}
	if said := openssl(t, "", "x509", "-noout", "-fingerprint", "-sha256", "-in", rootFile); !strings.HasSuffix(strings.TrimSpace(said), "="+fingerprint(c)) {
		t.Errorf("openssl gives the fingerprint %s, we %s", said, fingerprint(c))
	}
	for _, host := range []string{"192.168.1.21", "office.example"} {
		if leaf.Leaf.VerifyHostname(host) == nil {
			t.Errorf("it is good for %s as well", host)
		}
	}
	// An authority below it would be worth nothing.
	below, err := newLeaf(root, hosts, now)
	if err != nil {
		t.Fatal(err)
	}
	template := *below.Leaf
	template.IsCA, template.KeyUsage = true, x509.KeyUsageCertSign
	raw, err := x509.CreateCertificate(rand.Reader, &template, c, below.Leaf.PublicKey, root.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	middle, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	second, err := newLeaf(&tls.Certificate{Leaf: middle, PrivateKey: below.PrivateKey}, hosts, now)
	if err != nil {
		t.Fatal(err)
	}
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(c)
	between.AddCert(middle)
	if _, err := second.Leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between}); err == nil {
		t.Error("a second authority could be made below the root")
	}
	if _, err := leaf.Leaf.Verify(x509.VerifyOptions{Roots: roots}); err != nil {
		t.Errorf("the same check refuses everything: %v", err)
	}
}

// Nothing that is signed outlives its root.
func TestNothingOutlivesTheRoot(t *testing.T) {
	root := newOffice(t, today)
	end := root.Leaf.NotAfter
	leaf, err := newLeaf(root, office, end.Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if !leaf.Leaf.NotAfter.Equal(end) {
		t.Errorf("it is good until %v, the root until %v", leaf.Leaf.NotAfter, end)
	}
	if leaf, err = newLeaf(root, office, today); err != nil || leaf.Leaf.NotBefore.Before(root.Leaf.NotBefore) {
		t.Errorf("it is good from %v on: %v", leaf.Leaf.NotBefore, err)
	}
}
