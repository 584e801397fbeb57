package certificate

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"os/exec"
	"strings"
	"testing"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

var today = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// made is a certificate of a test with its key.
type made struct {
	*x509.Certificate
	key crypto.Signer
}

// issue makes a certificate; nil for by signs it by itself.
func issue(t *testing.T, key crypto.Signer, by *made, change func(*x509.Certificate)) *made {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "keys.office.example"},
		NotBefore: today.AddDate(0, 0, -1), NotAfter: today.AddDate(0, 2, 0), BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: []string{"keys.office.example"}, IPAddresses: []net.IP{net.IPv4(192, 168, 1, 20)},
	}
	change(template)
	parent, signer := template, key
	if by != nil {
		parent, signer = by.Certificate, by.key
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	one, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return &made{one, key}
}

func authority(t *testing.T, by *made, name string) *made {
	return issue(t, ecKey(t), by, func(c *x509.Certificate) {
		c.IsCA, c.Subject.CommonName, c.KeyUsage, c.DNSNames, c.IPAddresses = true, name, x509.KeyUsageCertSign, nil, nil
	})
}

func ecKey(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func chainOf(list ...*made) string {
	raw := make([][]byte, len(list))
	for i, one := range list {
		raw[i] = one.Raw
	}
	return string(pemOf(raw...))
}

func keyText(t *testing.T, key crypto.Signer) string {
	t.Helper()
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}))
}

func openssl(t *testing.T, in string, args ...string) string {
	t.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Stdin = strings.NewReader(in)
	var problem bytes.Buffer
	cmd.Stderr = &problem
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, problem.String())
	}
	return string(out)
}

var office = Hosts{Addresses: []netip.Addr{netip.MustParseAddr("192.168.1.20")}, Names: []string{"keys.office.example"}}

// H21: what is wrong with a certificate that is given is said at its field.
func TestFaultyCertificatesAreRefused(t *testing.T) {
	root := authority(t, nil, "Root")
	middle := authority(t, root, "Middle")
	usual := func(*x509.Certificate) {}
	leaf := issue(t, ecKey(t), middle, usual)
	key := keyText(t, leaf.key)
	long, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	with := func(change func(*x509.Certificate)) string {
		return chainOf(issue(t, leaf.key, middle, change), middle)
	}
	for name, test := range map[string]struct {
		chain, key  string
		field, says string
	}{
		"no PEM":              {"hello", key, "chain", "no PEM text"},
		"cut off":             {chainOf(leaf)[:300], key, "chain", "cut off"},
		"not a certificate":   {strings.ReplaceAll(key, "PRIVATE KEY", "CERTIFICATE"), key, "chain", "Certificate 1 cannot be read"},
		"the key in it":       {chainOf(leaf) + key, key, "chain", "holds a private key"},
		"a request":           {strings.ReplaceAll(chainOf(leaf), "CERTIFICATE", "CERTIFICATE REQUEST"), key, "chain", "request for a certificate"},
		"something else":      {strings.ReplaceAll(chainOf(leaf), "CERTIFICATE", "PUBLIC KEY"), key, "chain", `"PUBLIC KEY"`},
		"too many":            {strings.Repeat(chainOf(leaf), 11), key, "chain", "at most 10"},
		"the wrong order":     {chainOf(middle, leaf), keyText(t, middle.key), "chain", "did not sign"},
		"a gap":               {chainOf(leaf, root), key, "chain", "Certificate 2 did not sign"},
		"expired":             {with(func(c *x509.Certificate) { c.NotAfter = today.Add(-time.Hour) }), key, "chain", "expired on 28 November 2026"},
		"expires now":         {with(func(c *x509.Certificate) { c.NotAfter = today }), key, "chain", "expired on"},
		"not good yet":        {with(func(c *x509.Certificate) { c.NotBefore = today.Add(48 * time.Hour) }), key, "chain", "from 30 November 2026 on"},
		"for clients":         {with(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }), key, "chain", "not for a server"},
		"no alternative name": {with(func(c *x509.Certificate) { c.DNSNames, c.IPAddresses = nil, nil }), key, "chain", "names no host"},
		"another name":        {with(func(c *x509.Certificate) { c.DNSNames = []string{"other.example"} }), key, "chain", "does not hold keys.office.example"},
		"no key":              {chainOf(leaf, middle), "hello", "key", "no private key"},
		"the chain as key":    {chainOf(leaf, middle), chainOf(leaf), "key", "no private key"},
		"another key":         {chainOf(leaf, middle), keyText(t, ecKey(t)), "key", "does not belong"},
		"a broken key":        {chainOf(leaf, middle), strings.ReplaceAll(chainOf(leaf), "CERTIFICATE", "PRIVATE KEY"), "key", "cannot be read"},
		"a short RSA key":     {chainOf(leaf, middle), keyText(t, long), "key", "at least 2048 bits"},
		"a protected key":     {chainOf(leaf, middle), openssl(t, key, "pkcs8", "-topk8", "-passout", "pass:secret"), "key", "protected by a passphrase"},
		"an old protected key": {chainOf(leaf, middle), openssl(t, key, "ec", "-aes256", "-passout", "pass:secret"),
			"key", "protected by a passphrase"},
	} {
		_, text, err := readGiven(GiveInput{Chain: test.chain, Key: secret.New(test.key)}, office, today)
		f := fault.From(err)
		if f.Code != "certificate.invalid" || len(f.Fields) == 0 || f.Fields[0].Name != test.field || !strings.Contains(f.Fields[0].Message, test.says) || !text.IsEmpty() {
			t.Errorf("%s: %v %+v", name, err, f.Fields)
		}
		if line := strings.Split(key, "\n")[1]; strings.Contains(fmt.Sprintf("%+v %v", *f, f.Cause()), line) {
			t.Errorf("%s: the fault holds the key", name)
		}
	}
}

// Every form in which programs write keys is taken.
func TestKeyForms(t *testing.T) {
	root := authority(t, nil, "Root")
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	curve := ecKey(t)
	for name, test := range map[string]struct {
		key  crypto.Signer
		text string
	}{
		"ECDSA":                 {curve, keyText(t, curve)},
		"ECDSA of openssl ec":   {curve, openssl(t, keyText(t, curve), "ec")},
		"with its parameters":   {curve, openssl(t, "", "ecparam", "-name", "prime256v1") + openssl(t, keyText(t, curve), "ec")},
		"RSA":                   {long, keyText(t, long)},
		"RSA of openssl rsa":    {long, openssl(t, keyText(t, long), "rsa", "-traditional")},
		"Ed25519":               {edwards, keyText(t, edwards)},
		"with the certificate":  {curve, chainOf(root) + keyText(t, curve)},
		"with lines of Windows": {curve, strings.ReplaceAll(keyText(t, curve), "\n", "\r\n")},
	} {
		leaf := issue(t, test.key, root, func(*x509.Certificate) {})
		got, text, err := readGiven(GiveInput{Chain: "subject=/CN=keys\n" + chainOf(leaf, root), Key: secret.New(test.text)}, office, today)
		if err != nil || !got.Equal(leaf.Certificate) || text.IsEmpty() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Callers by name need no address in the certificate; without a name every
// address has to be there.
func TestWhatACertificateHasToHold(t *testing.T) {
	root := authority(t, nil, "Root")
	for name, test := range map[string]struct {
		hosts Hosts
		good  bool
	}{
		"nothing yet":             {Hosts{}, true},
		"the name":                {Hosts{Names: []string{"keys.office.example"}, Addresses: []netip.Addr{netip.MustParseAddr("10.0.0.1")}}, true},
		"a second name":           {Hosts{Names: []string{"keys.office.example", "other.example"}}, false},
		"the address":             {Hosts{Addresses: []netip.Addr{netip.MustParseAddr("192.168.1.20")}}, true},
		"another address":         {Hosts{Addresses: []netip.Addr{netip.MustParseAddr("192.168.1.21")}}, false},
		"an address beside":       {Hosts{Addresses: []netip.Addr{netip.MustParseAddr("192.168.1.20"), netip.MustParseAddr("fd00::1")}}, false},
		"a name of the same zone": {Hosts{Names: []string{"office.example"}}, false},
	} {
		leaf := issue(t, ecKey(t), root, func(*x509.Certificate) {})
		_, _, err := readGiven(GiveInput{Chain: chainOf(leaf), Key: secret.New(keyText(t, leaf.key))}, test.hosts, today)
		if (err == nil) != test.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}
