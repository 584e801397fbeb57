package secret_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"keydesk/backend/secret"
)

const canary = "canary-4f9c-zebra"

// A35: a secret cannot be printed, logged or marshalled, alone or in a struct.
func TestTextNeverShows(t *testing.T) {
	type holder struct {
		Name  string
		Value secret.Text
		Many  []secret.Text
		ByKey map[string]secret.Text
	}
	type inXML struct{ Value secret.Text }
	text := secret.New(canary)
	in := holder{"n", text, []secret.Text{text}, map[string]secret.Text{"k": text}}
	shown := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10.3s", "%T %v"} {
		shown["alone "+verb] = fmt.Sprintf(verb, text)
		shown["pointer "+verb] = fmt.Sprintf(verb, &text)
		shown["struct "+verb] = fmt.Sprintf(verb, in)
		shown["struct pointer "+verb] = fmt.Sprintf(verb, &in)
	}
	asJSON, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	shown["json"] = string(asJSON)
	asXML, err := xml.Marshal(inXML{text})
	if err != nil {
		t.Fatal(err)
	}
	shown["xml"] = string(asXML)
	shown["error"] = fmt.Errorf("saving %v: %w", text, errors.New("no")).Error()
	var log bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
		slog.New(handler).Info("saved", "value", text, "in", in, slog.Any("pointer", &text))
	}
	shown["slog"] = log.String()
	for how, got := range shown {
		if strings.Contains(got, canary) || strings.Contains(got, fmt.Sprintf("%x", canary)) {
			t.Errorf("%s shows the secret: %s", how, got)
		}
		if how != "alone %T %v" && !strings.Contains(got, secret.Mask) && !strings.Contains(got, "%!") {
			t.Errorf("%s shows no mask: %s", how, got)
		}
	}
}

func TestTextReadsJSON(t *testing.T) {
	for _, row := range []struct {
		in, want string
		wrong    bool
	}{
		{in: `"` + canary + `"`, want: canary},
		{in: `"a\"b\u00e9"`, want: `a"bé`},
		{in: `""`, want: ""},
		{in: `null`, want: ""},
		{in: `["` + canary + `"]`, wrong: true},
		{in: `17`, wrong: true},
	} {
		text := secret.New("before")
		err := json.Unmarshal([]byte(row.in), &text)
		if (err != nil) != row.wrong {
			t.Errorf("%s: error %v", row.in, err)
		}
		if err != nil && strings.Contains(err.Error(), canary) {
			t.Errorf("%s: the error names the content: %v", row.in, err)
		}
		if !row.wrong && text.Reveal() != row.want {
			t.Errorf("%s: got %q, want %q", row.in, text.Reveal(), row.want)
		}
	}
	if secret.New("").String() != "" || !secret.New("").IsEmpty() || secret.New("x").IsEmpty() {
		t.Error("the empty secret must look empty, so that a form can tell")
	}
	if len(secret.New("a").String()) != len(secret.New(strings.Repeat("a", 500)).String()) {
		t.Error("the mask shows the length of the secret (R9)")
	}
}
