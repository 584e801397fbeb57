package vault_test

import (
	"bytes"
	"strings"
	"testing"
)

// reportedSecrets are secrets that were reported lost, cut or changed.
func reportedSecrets() map[string]string {
	return map[string]string{
		"one byte":        "x",
		"8 KiB":           strings.Repeat("k\u00e9y-", 8<<10/6),
		"64 KiB":          strings.Repeat("0123456789abcdef", 64<<10/16),
		"a PEM file":      "-----BEGIN PRIVATE KEY-----\r\n" + strings.Repeat(strings.Repeat("A/+b", 16)+"\r\n", 26) + "-----END PRIVATE KEY-----\r\n",
		"service account": "{\n  \"type\": \"service_account\",\n  \"private_key\": \"-----BEGIN\\nAAAA\\n-----END\\n\"\n}\n",
		"with NUL":        "a\x00b",
		"not UTF-8":       "a\xff\xfeb",
		"only blanks":     "   ",
	}
}

// D06, R4: whatever a secret holds, it is given back byte for byte after a restart,
// and the keyring holds one short line: the key that opens it.
func TestReportedSecretsComeBack(t *testing.T) {
	rows, ring := newRows(), newRing()
	v := newVault(rows, ring)
	firstRun(t, v, rows, "")
	for name, text := range reportedSecrets() {
		put(t, v, "setup", name, "auth.token", text)
	}
	if len(ring.items) != 1 {
		t.Errorf("%d items are in the keyring", len(ring.items))
	}
	for name, content := range ring.items {
		if len(content) > 128 || bytes.ContainsAny(content, "\r\n\x00") || strings.ContainsAny(name, "\r\n") {
			t.Errorf("%s holds %d bytes: %q", name, len(content), content)
		}
	}
	v.Close()
	again := newVault(rows, ring)
	if err := again.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, text := range reportedSecrets() {
		wantSecret(t, again, "setup", name, "auth.token", text)
	}
}

// D06: the same with the real GNOME Keyring, which is started again too.
func TestReportedSecretsComeBackFromTheRealKeyring(t *testing.T) {
	onPrivateBus(t, func(t *testing.T) {
		conn := bus(t)
		stop := gnome(t, conn)
		rows := newRows()
		v, _ := realVault(rows)
		firstRun(t, v, rows, "")
		for name, text := range reportedSecrets() {
			put(t, v, "setup", name, "auth.token", text)
		}
		v.Close()
		stop()
		gnome(t, conn)
		again, _ := realVault(rows)
		if err := again.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		for name, text := range reportedSecrets() {
			wantSecret(t, again, "setup", name, "auth.token", text)
		}
	})
}
