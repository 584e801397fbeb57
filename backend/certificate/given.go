package certificate

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"strings"
	"time"

	"keydesk/backend/fault"
	"keydesk/backend/secret"
)

// minRSA is the shortest RSA key that callers still take.
const minRSA = 2048

// maxChain is how many certificates a chain has at most.
const maxChain = 10

// readGiven checks a certificate that somebody gives, with its key, and returns
// both as they are sealed. What is wrong is said at the field. Faults:
// certificate.invalid.
func readGiven(in GiveInput, hosts Hosts, now time.Time) (*x509.Certificate, secret.Text, error) {
	var fields fault.Fields
	chain := readChain(in.Chain, &fields)
	key := readKey(in.Key, &fields)
	if len(chain) > 0 {
		checkIssuers(chain, now, &fields)
	}
	if err := fields.Err("certificate.invalid"); err != nil {
		return nil, secret.Text{}, err // in another order the next checks look at the wrong one
	}
	leaf := chain[0]
	checkServer(leaf, now, &fields)
	checkHosts(leaf, hosts, &fields)
	if same, ok := leaf.PublicKey.(interface {
		Equal(key crypto.PublicKey) bool
	}); !ok || !same.Equal(key.Public()) {
		fields.Add("key", "This key does not belong to the certificate.")
	}
	if err := fields.Err("certificate.invalid"); err != nil {
		return nil, secret.Text{}, err
	}
	raw := make([][]byte, len(chain))
	for i, one := range chain {
		raw[i] = one.Raw
	}
	text, err := bundle(key, raw...)
	if err != nil {
		return nil, secret.Text{}, err
	}
	// What was sealed has to open again as it is read at each start.
	if _, err := tls.X509KeyPair([]byte(text.Reveal()), []byte(text.Reveal())); err != nil {
		fields.Add("chain", "This certificate cannot be used.")
	}
	return leaf, text, fields.Err("certificate.invalid")
}

// readChain reads the certificates of a PEM text, the server's first.
func readChain(text string, fields *fault.Fields) []*x509.Certificate {
	var chain []*x509.Certificate
	rest := []byte(text)
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		switch {
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			fields.Add("chain", "This holds a private key. It belongs in the field of the key.")
			return nil
		case block.Type == "CERTIFICATE REQUEST" || block.Type == "NEW CERTIFICATE REQUEST":
			fields.Add("chain", "This is a request for a certificate. Give what the authority answered to it.")
			return nil
		case block.Type != "CERTIFICATE":
			fields.Add("chain", "This holds %q where a certificate is expected.", block.Type)
			return nil
		}
		one, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			fields.Add("chain", "Certificate %d cannot be read.", len(chain)+1)
			return nil
		}
		if chain = append(chain, one); len(chain) > maxChain {
			fields.Add("chain", "A chain has at most %d certificates.", maxChain)
			return nil
		}
	}
	switch {
	case len(chain) == 0 && strings.Contains(text, "BEGIN"):
		fields.Add("chain", "The certificate is cut off or was changed. Copy it again, with its first and last line.")
	case len(chain) == 0:
		fields.Add("chain", "This is no PEM text. It begins with -----BEGIN CERTIFICATE-----.")
	}
	return chain
}

// readKey reads the private key of a PEM text.
func readKey(text secret.Text, fields *fault.Fields) crypto.Signer {
	raw := []byte(text.Reveal())
	defer clear(raw)
	rest := raw
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			fields.Add("key", "This is no private key in PEM. It begins with -----BEGIN PRIVATE KEY-----.")
			return nil
		}
		if !strings.HasSuffix(block.Type, "PRIVATE KEY") {
			continue // parameters of a curve, or the certificate in the same file
		}
		if block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") {
			fields.Add("key", "This key is protected by a passphrase. Take it off first, as with openssl pkey.")
			return nil
		}
		key := parseKey(block.Bytes)
		if key == nil {
			fields.Add("key", "This key cannot be read. ECDSA, RSA and Ed25519 keys are taken.")
			return nil
		}
		if long, ok := key.(*rsa.PrivateKey); ok && long.N.BitLen() < minRSA {
			fields.Add("key", "RSA keys need at least %d bits; this one has %d.", minRSA, long.N.BitLen())
			return nil
		}
		return key
	}
}

// parseKey reads a key in the forms that programs write; nil for another.
func parseKey(raw []byte) crypto.Signer {
	if parsed, err := x509.ParsePKCS8PrivateKey(raw); err == nil {
		switch key := parsed.(type) {
		case *rsa.PrivateKey:
			return key
		case *ecdsa.PrivateKey:
			return key
		case ed25519.PrivateKey:
			return key
		}
		return nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(raw); err == nil {
		return key
	}
	if key, err := x509.ParseECPrivateKey(raw); err == nil {
		return key
	}
	return nil
}

// checkServer checks that a certificate is one of a server and good now.
func checkServer(leaf *x509.Certificate, now time.Time, fields *fault.Fields) {
	const day = "2 January 2006"
	switch {
	case !now.Before(leaf.NotAfter):
		fields.Add("chain", "This certificate expired on %s.", leaf.NotAfter.UTC().Format(day))
	case now.Before(leaf.NotBefore):
		fields.Add("chain", "This certificate is good from %s on only.", leaf.NotBefore.UTC().Format(day))
	case len(leaf.ExtKeyUsage)+len(leaf.UnknownExtKeyUsage) > 0 && !slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageServerAuth) && !slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageAny):
		fields.Add("chain", "This certificate is not for a server (TLS Web Server Authentication).")
	case len(leaf.DNSNames)+len(leaf.IPAddresses) == 0:
		fields.Add("chain", "This certificate names no host: callers read its alternative names (SAN), and it has none.")
	}
}

// checkHosts checks that callers can use what they are told to call.
func checkHosts(leaf *x509.Certificate, hosts Hosts, fields *fault.Fields) {
	addresses := make([]string, len(hosts.Addresses))
	for i, one := range hosts.Addresses {
		addresses[i] = one.String()
	}
	if missing := needed(leaf, hosts.Names, addresses); len(missing) > 0 {
		fields.Add("chain", "This certificate does not hold %s, by which the office network calls.", strings.Join(missing, ", "))
	}
}

// checkIssuers checks that each certificate was signed by the next one.
func checkIssuers(chain []*x509.Certificate, now time.Time, fields *fault.Fields) {
	for i, one := range chain[1:] {
		if chain[i].CheckSignatureFrom(one) != nil {
			fields.Add("chain", "Certificate %d did not sign the one before it. Put the server's first, then its issuer, then the issuer of that.", i+2)
			return
		}
		if !now.Before(one.NotAfter) || now.Before(one.NotBefore) {
			fields.Add("chain", "Certificate %d of the chain is not good today.", i+2)
			return
		}
	}
}
