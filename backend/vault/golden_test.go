package vault

import (
	"encoding/base64"
	"encoding/json"
	"testing"

	"keydesk/backend/secret"
)

// What earlier versions wrote must open for ever: a change of the format needs
// a new version in addition to the old one. These were written once, with the
// key 00 01 .. 1f and the code a0 a1 .. af.
const (
	goldenRow        = "41UPuItLwpYfFa+NFceyalNgsay6fuKVvO1F2/T8vbS6ZEhXWdx3m0x3zY7yQs8R/5upHuDTPz8="
	goldenCode       = "M2GT-58X4-MPKA-FA59-NANT-SBDE-NYV0"
	goldenItem       = "keydesk1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	goldenRecovery   = `{"salt":"YttgDxfyGQlVbNipdRVCqw==","sealed":"qFwM4QzKR+Ac1unO95MV+tLR0d4hs1IY4K5K4FQRJ6ZqV7MGLphCfWc5p7aIULP7bcI2ab7+MfvibYJklMANaY7x4NIMkNwe"}`
	goldenPassphrase = `{"salt":"/Yq9EjSYQFS/ffppiQL5LQ==","time":3,"memory_kib":65536,"threads":4,"sealed":"lUr2ssgUS5vu/Lp41K+ZRVRAGgDt9XEdw6MKgjWlDzCxPaRaCg9JdCWBJ7lSupdMOyj+wbJT8/bTSeCh6KtR/du/5GWPSFVf"}`
	goldenVerifier   = `{"sealed":"7YJOsSiUpKroPweP+tgPXr/PXIgRLK/J1fxD1y1Fl+7NqS6Iwnm7CYZ9Oy2TRzWM2l6fzUisKzlmr8z9+p8X+rKL4tKcGv3n0zag"}`
)

func TestWhatWasWrittenOpens(t *testing.T) {
	var key dataKey
	var code recoveryCode
	for i := range key.bytes {
		key.bytes[i] = byte(i)
	}
	for i := range code {
		code[i] = byte(0xa0 + i)
	}
	read := func(data string) *sealedWrapping {
		w := &sealedWrapping{}
		if err := json.Unmarshal([]byte(data), w); err != nil {
			t.Fatal(err)
		}
		return w
	}

	sealed, err := base64.StdEncoding.DecodeString(goldenRow)
	if err != nil {
		t.Fatal(err)
	}
	row := Row{OwnerKind: "setup", OwnerID: "0190-id", Slot: "auth.value", Version: 1, Sealed: sealed}
	if plain, err := openRow(&key, row); err != nil || string(plain) != "golden secret é" {
		t.Errorf("row: %q %v", plain, err)
	}
	if got := code.text().Reveal(); got != goldenCode {
		t.Errorf("code: %s", got)
	}
	if got, err := readCode(secret.New(goldenCode)); err != nil || got != code {
		t.Errorf("code read: %x %v", got, err)
	}
	if got, ok := readItem([]byte(goldenItem)); !ok || !got.equal(&key) {
		t.Error("keyring item")
	}
	if got, ok := read(goldenRecovery).openWithCode(code); !ok || !got.equal(&key) {
		t.Error("recovery wrapping")
	}
	if got, err := read(goldenPassphrase).openWithPassphrase(secret.New("four words make this one")); err != nil || !got.equal(&key) {
		t.Error("passphrase wrapping", err)
	}
	if !(wrappings{verifier: read(goldenVerifier)}).proves(&key) {
		t.Error("verifier")
	}
	key.bytes[0] ^= 1
	if (wrappings{verifier: read(goldenVerifier)}).proves(&key) {
		t.Error("the verifier proves a wrong key")
	}
}

// FuzzReadCode: nothing that is typed causes a panic, and only what text
// returns is read as a code.
func FuzzReadCode(f *testing.F) {
	f.Add(goldenCode)
	f.Add("OIL0-1ooo ---- \u00a0")
	f.Add("")
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := readCode(secret.New(typed))
		if err == nil && plainCode(code.text().Reveal()) != plainCode(typed) {
			t.Errorf("%q is read as another code", typed)
		}
	})
}
