package certificate

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"time"

	"keydesk/backend/secret"
)

// How long what the authority makes is good.
const (
	rootYears = 10
	// leafLife is short, so that a key that somebody reads out of memory is soon
	// worth nothing. A caller that was off for a while notices nothing: each
	// handshake gets what is new.
	leafLife = 7 * 24 * time.Hour
	// leafRenewed is after how long another is made. The rest of leafLife is for
	// computers whose clock is late.
	leafRenewed = 24 * time.Hour
	// backdated is for callers whose clock is behind ours.
	backdated = 24 * time.Hour
)

// makeAuthority makes the root certificate and its key, and seals both. The key is
// never anywhere else. The context carries a transaction.
//
// The root may sign servers and no other authority (path length 0). It holds no
// name constraints: the addresses of an office change, and each change would need
// a new root at every caller.
func (s *Service) makeAuthority(ctx context.Context, before any) error {
	name, err := s.settings.Name(ctx)
	if err != nil {
		return err
	}
	root, text, err := newAuthority(name, s.now())
	if err != nil {
		return err
	}
	if err := s.secrets.Put(ctx, ownerKind, ownerID, authoritySlot, text); err != nil {
		return err
	}
	s.report(ctx, before, map[string]string{"origin": Office, "fingerprint": fingerprint(root)})
	return nil
}

func newAuthority(organisation string, now time.Time) (*x509.Certificate, secret.Text, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, secret.Text{}, fmt.Errorf("certificate: %w", err)
	}
	// Two roots of one office have different names: a caller that has both would
	// try the wrong one otherwise.
	mark := make([]byte, 4)
	rand.Read(mark)
	template := &x509.Certificate{
		SerialNumber:          serial(),
		Subject:               pkix.Name{CommonName: "Keydesk root " + hex.EncodeToString(mark), Organization: []string{shortened(organisation)}},
		NotBefore:             now.Add(-backdated),
		NotAfter:              now.AddDate(rootYears, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, IsCA: true, MaxPathLen: 0, MaxPathLenZero: true,
	}
	made, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, secret.Text{}, fmt.Errorf("certificate: %w", err)
	}
	root, err := x509.ParseCertificate(made)
	if err != nil {
		return nil, secret.Text{}, fmt.Errorf("certificate: %w", err)
	}
	text, err := bundle(key, made)
	return root, text, err
}

// newLeaf makes a certificate for these hosts and signs it by the authority. It
// ends no later than its root.
func newLeaf(authority *tls.Certificate, hosts Hosts, now time.Time) (*tls.Certificate, error) {
	signer, ok := authority.PrivateKey.(crypto.Signer)
	if !ok {
		return nil, ErrDamaged.WithCause(fmt.Errorf("the authority's key is a %T", authority.PrivateKey))
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber:          serial(),
		Subject:               pkix.Name{CommonName: "Keydesk", Organization: authority.Leaf.Subject.Organization},
		NotBefore:             latest(now.Add(-backdated), authority.Leaf.NotBefore),
		NotAfter:              earliest(now.Add(leafLife), authority.Leaf.NotAfter),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              hosts.Names,
	}
	for _, address := range hosts.Addresses {
		template.IPAddresses = append(template.IPAddresses, net.IP(address.Unmap().WithZone("").AsSlice()))
	}
	made, err := x509.CreateCertificate(rand.Reader, template, authority.Leaf, key.Public(), signer)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(made)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return &tls.Certificate{Certificate: [][]byte{made}, PrivateKey: key, Leaf: leaf}, nil
}

// bundle is a chain and its key as one text, to be sealed.
func bundle(key crypto.PrivateKey, chain ...[]byte) (secret.Text, error) {
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return secret.Text{}, fmt.Errorf("certificate: %w", err)
	}
	defer clear(raw)
	return secret.New(string(pemOf(chain...)) + string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}))), nil
}

func pemOf(chain ...[]byte) []byte {
	var text []byte
	for _, one := range chain {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: one})...)
	}
	return text
}

// serial is random, as RFC 5280, 4.1.2.2 wants it: positive, at most 20 bytes.
func serial() *big.Int {
	raw := make([]byte, 16)
	rand.Read(raw)
	raw[0] = raw[0]&0x7f | 0x40
	return new(big.Int).SetBytes(raw)
}

// shortened is a name as RFC 5280 bounds it: 64 characters.
func shortened(name string) string {
	if runes := []rune(name); len(runes) > 64 {
		return string(runes[:64])
	}
	return name
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
