package httpclient

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"keydesk/backend/secret"
)

const (
	// readOfAnswer is how much of an answer without a token is looked at to show
	// its beginning, in bytes.
	readOfAnswer = 64 << 10
	// shownOfAnswer is how much of it is shown, in characters.
	shownOfAnswer = 200
)

// tokenAnswer is what a token address said (RFC 6749 sections 5.1 and 5.2). Its
// members can have any type.
type tokenAnswer struct {
	AccessToken any             `json:"access_token"`
	ExpiresIn   json.RawMessage `json:"expires_in"`
	Error       any             `json:"error"`
	Description any             `json:"error_description"`
}

// comeBack are errors that say nothing about id and secret.
var comeBack = []string{"temporarily_unavailable", "server_error"}

// readToken finds the token of an answer, or says why there is none: what the
// answer calls its error counts before its status.
func readToken(answer Answer, client ClientCredentials) (secret.Text, time.Duration, error) {
	text, _ := Text(answer.Body, answer.ContentType())
	kind, _, _ := mime.ParseMediaType(answer.ContentType())
	said := readAnswer(text, kind)
	token, _ := said.AccessToken.(string)
	reason, _ := said.Error.(string)
	about := client.hidden(reason)
	if more, _ := said.Description.(string); more != "" {
		about = client.hidden(reason + " " + more)
	}
	about = strings.TrimRight(shortened(about), " .")
	switch {
	case answer.Status/100 == 2 && token != "":
		if strings.ContainsFunc(token, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return secret.Text{}, 0, ErrTokenRefused.WithMessage("The token address gave a token that cannot be sent in a header.")
		}
		return secret.New(token), lifeOf(said.ExpiresIn), nil
	case answer.Status/100 == 3:
		return secret.Text{}, 0, ErrTokenUnreached.WithMessage("The token address answered %d, a redirect. It is not followed.", answer.Status)
	case reason != "" && (slices.Contains(comeBack, reason) || answer.Status == http.StatusTooManyRequests):
		return secret.Text{}, 0, ErrTokenUnreached.WithMessage("The token address answered %d: %s. Try again later.", answer.Status, about)
	case reason != "":
		return secret.Text{}, 0, ErrTokenRefused.WithMessage("The token address refused: %s (status %d).", about, answer.Status)
	case answer.Status/100 == 5 || answer.Status == http.StatusTooManyRequests:
		return secret.Text{}, 0, ErrTokenUnreached.WithMessage("The token address answered %d. Try again later.%s", answer.Status, client.beginning(text, kind))
	case answer.Status/100 == 2:
		return secret.Text{}, 0, ErrTokenUnreached.WithMessage("The token address answered %d, but without a token.%s", answer.Status, client.beginning(text, kind))
	}
	return secret.Text{}, 0, ErrTokenRefused.WithMessage("The token address refused the client id or secret (status %d).%s", answer.Status, client.beginning(text, kind))
}

// readAnswer reads an answer by its type: a form, or JSON, which servers send
// under any type.
func readAnswer(text, kind string) (said tokenAnswer) {
	if kind == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(strings.TrimSpace(text))
		if err != nil {
			return tokenAnswer{}
		}
		return tokenAnswer{
			AccessToken: form.Get("access_token"), ExpiresIn: json.RawMessage(form.Get("expires_in")),
			Error: form.Get("error"), Description: form.Get("error_description"),
		}
	}
	if json.Unmarshal([]byte(strings.TrimPrefix(text, "\ufeff")), &said) != nil {
		return tokenAnswer{}
	}
	return said
}

// beginning is a sentence with the beginning of an answer that has no token, and
// its type, without anything that could be a secret.
func (c ClientCredentials) beginning(text, kind string) string {
	if kind == "" || !shownType.MatchString(kind) {
		kind = "no known type"
	}
	text = c.hidden(text)
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text[:min(len(text), readOfAnswer)], "")), " ")
	if text == "" {
		return " The answer is empty."
	}
	// A token could be there under a name that is not the right one.
	text = likeToken.ReplaceAllString(named.ReplaceAllString(text, "$1"+secret.Mask+"$2"), secret.Mask)
	return " It sent " + kind + ": " + shortened(text)
}

var (
	shownType = regexp.MustCompile(`^[a-z0-9!#$&^_.+-]{1,40}/[a-z0-9!#$&^_.+-]{1,60}$`)
	// named is the text of a member whose name says that it is secret.
	named = regexp.MustCompile(`(?i)("[^"]*(?:token|secret|key|password|jwt|assertion|session)[^"]*"\s*:\s*")(?:[^"\\]|\\.)*("|$)`)
	// likeToken is as long and as unbroken as words are not.
	likeToken = regexp.MustCompile(`[A-Za-z0-9._~+/=%-]{20,}`)
)

// hidden masks what is secret in what a server said: it may repeat what it was
// sent. Nothing is cut before that.
func (c ClientCredentials) hidden(text string) string {
	known := secret.NewRedactor(c.Secrets...)
	if plain := c.Secret.Reveal(); plain != "" {
		text = strings.ReplaceAll(text, plain, secret.Mask)
		known.Add(c.Secret, secret.New(url.QueryEscape(plain)), secret.New(c.escaped()), secret.New(c.plain()))
	}
	return known.Text(text)
}

func shortened(text string) string {
	if runes := []rune(text); len(runes) > shownOfAnswer {
		return string(runes[:shownOfAnswer]) + "…"
	}
	return text
}
