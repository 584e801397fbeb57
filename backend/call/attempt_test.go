package call

import (
	"strings"
	"testing"

	"keydesk/backend/httpclient"
	"keydesk/backend/secret"
	"keydesk/backend/verdict"
)

// R9: where an answer is cut in the middle of a secret, no part of the secret is
// shown, however much earlier masks shortened the text.
func TestSecretAcrossTheCut(t *testing.T) {
	key := strings.Repeat("cNry-8Q2z", 1000)
	const limit = 64 << 10
	body := strings.Repeat(key+"\n", 4)
	body += strings.Repeat(".", limit+16<<10-len(body)-100) + key + "end" + strings.Repeat(".", limit)
	answer := redacted(httpclient.Answer{Text: body}, secret.NewRedactor(secret.New(key)))
	out := reply(answer, verdict.Result{}, limit)
	if !out.TextCut || strings.Contains(out.Text, "cNry") {
		t.Errorf("cut %v, it ends with %q", out.TextCut, out.Text[max(0, len(out.Text)-120):])
	}
}
