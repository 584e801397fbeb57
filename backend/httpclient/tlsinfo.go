package httpclient

import (
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
)

// describeTLS returns what a person may compare of a connection.
func describeTLS(state tls.ConnectionState, checked bool) *TLS {
	info := &TLS{Version: tls.VersionName(state.Version), Checked: checked}
	if len(state.PeerCertificates) == 0 {
		return info
	}
	leaf := state.PeerCertificates[0]
	sum := sha256.Sum256(leaf.Raw)
	info.Subject, info.Issuer = leaf.Subject.String(), leaf.Issuer.String()
	info.Expires = leaf.NotAfter.UTC()
	info.Fingerprint = hex.EncodeToString(sum[:])
	return info
}
