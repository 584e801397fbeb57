package backend_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"keydesk/backend/activity"
	"keydesk/backend/call"
	"keydesk/backend/fault"
	"keydesk/backend/request"
	"keydesk/backend/setup"
	"keydesk/backend/transfer"
	"keydesk/backend/verdict"
)

// answersWith is a raw server: it reads a request, answers with what write writes,
// and closes the connection. It returns its address.
func answersWith(t testing.TB, write func(conn net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				if req, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					_, _ = io.Copy(io.Discard, req.Body)
					write(conn)
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}

// raw is the bytes of a whole answer in testdata/cases.
func raw(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "cases", file))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// judged fires a setup with a rule at an answer, and gives the result as it is
// shown and as the history keeps it.
func (d *desk) judged(t *testing.T, url string, rule *verdict.Rule, timeout int) (shown, kept call.Detail) {
	t.Helper()
	one := draft(d.place, d.stage, url)
	one.Rule, one.Options.TimeoutSeconds = rule, timeout
	shown, err := d.Ops.Call.Test(atWindow(t), call.TestInput{Draft: &one})
	if err != nil {
		t.Fatal(err)
	}
	kept, err = d.Ops.Call.Get(atWindow(t), call.IDInput{ID: shown.Call.ID})
	if err != nil {
		t.Fatal(err)
	}
	return shown, kept
}

func at(from verdict.Source, path string) verdict.Extractor {
	return verdict.Extractor{From: from, Path: path}
}

func condition(from verdict.Source, path string, test verdict.Test, value string) verdict.Condition {
	return verdict.Condition{From: from, Path: path, Test: test, Value: value}
}

// The rules that people make for the answers below.
var (
	eachMessage = &verdict.Rule{Status: "200", Each: "$.messages", Conditions: []verdict.Condition{condition(verdict.FromJSON, "@.status", verdict.Equals, "0")},
		MessageID: at(verdict.FromJSON, "@.message-id"), ErrorCode: at(verdict.FromJSON, "@.status"), ErrorText: at(verdict.FromJSON, "@.error-text")}
	eachRecipient = &verdict.Rule{Each: "$.SMSMessageData.Recipients", Conditions: []verdict.Condition{condition(verdict.FromJSON, "@.statusCode", verdict.OneOf, "100, 101, 102")},
		MessageID: at(verdict.FromJSON, "@.messageId"), ErrorCode: at(verdict.FromJSON, "@.statusCode"), ErrorText: at(verdict.FromJSON, "@.status")}
	withoutXMLError = &verdict.Rule{Conditions: []verdict.Condition{condition(verdict.FromXML, "//GUID/@GUID", verdict.Present, ""), condition(verdict.FromXML, "//ERROR", verdict.Absent, "")},
		MessageID: at(verdict.FromXML, "//GUID/@GUID"), ErrorCode: at(verdict.FromXML, "//ERROR/@CODE")}
	saysSuccess = &verdict.Rule{Conditions: []verdict.Condition{condition(verdict.FromJSON, "$.status", verdict.Equals, "success")}, MessageID: at(verdict.FromJSON, "$.id")}
	typeSuccess = &verdict.Rule{Conditions: []verdict.Condition{condition(verdict.FromJSON, "$.type", verdict.Equals, "success")}, MessageID: at(verdict.FromJSON, "$.message")}
	longNumbers = &verdict.Rule{Conditions: []verdict.Condition{condition(verdict.FromJSON, "$.jobId", verdict.Equals, "1379505554728411138"),
		condition(verdict.FromJSON, "$.neg", verdict.OneOf, "1, -1449639299451211264"), condition(verdict.FromJSON, "$.cost", verdict.Equals, "0.1000000000000000055")},
		MessageID: at(verdict.FromJSON, "$.jobId")}
)

// R8, R9: whole answers from public reports, as their bytes came, each with what
// it means.
func TestReportedAnswers(t *testing.T) {
	d := newDesk(t)
	file := func(name string) []byte { return raw(t, name) }
	body := func(name string) string { _, body, _ := strings.Cut(string(file(name)), "\r\n\r\n"); return body }
	ok := func(body string) []byte {
		return fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(body), body)
	}
	const success = `{"status":"success","id":"m1"}`
	for _, c := range []struct {
		id, shows string
		answer    []byte
		rule      *verdict.Rule
		want      verdict.Verdict
		reason    string
		message   string
		code      string
		text      string
	}{
		{"C01", "a 200 that names wrong credentials is refused with the provider's words", file("c01-vonage-200-status4.http"), eachMessage,
			verdict.Refused, "Bad Credentials (status 4)", "", "4", body("c01-vonage-200-status4.http")},
		{"C01 by status", "without a rule a body that speaks of an error is not accepted", file("c01-vonage-200-status4.http"), nil,
			verdict.Unclear, "speaks of an error", "", "", body("c01-vonage-200-status4.http")},
		{"C01 text 0", "the status 0 written as a text means accepted", ok(`{"messages":[{"status":"0","message-id":"A"}]}`), eachMessage, verdict.Accepted, "Accepted by", "A", "", ""},
		{"C01 number 0", "the status 0 written as a number means the same", ok(`{"messages":[{"status":0,"message-id":"A"}]}`), eachMessage, verdict.Accepted, "Accepted by", "A", "", ""},
		{"C02 one of two", "the second part of a message was refused, so it is not accepted whatever the first says", file("c02-partial.http"), eachMessage,
			verdict.Unclear, "1 of 2 accepted", "0A01", "29", body("c02-partial.http")},
		{"C02 none of one", "a 201 whose only recipient was not reached is refused", file("c02-at-0of1.http"), eachRecipient,
			verdict.Refused, "CouldNotRoute", "", "407", body("c02-at-0of1.http")},
		{"C02 by status", "nor is it accepted by its status, and neither is the one of which half was refused", file("c02-at-0of1.http"), nil, verdict.Unclear, "speaks of an error", "", "", ""},
		{"C02 half by status", "the same of two parts", file("c02-partial.http"), nil, verdict.Unclear, "speaks of an error", "", "", ""},
		{"C04", "an id and an error in one XML answer: the error counts, its code is an attribute, and the declared alphabet stops nothing", file("c04-xml-guid-and-error.http"), withoutXMLError,
			verdict.Refused, "(code 28682)", "", "28682", body("c04-xml-guid-and-error.http")},
		{"C04 entity", "an entity that a document declares is never expanded", []byte("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n" +
			`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "expanded">]><M><GUID GUID="&b;"/></M>`), withoutXMLError, verdict.Unclear, "not XML", "", "", ""},
		{"C06 204", "an answer without content has none, whatever coding its header names", file("c06-204-gzip-header.http"), nil,
			verdict.Accepted, "Accepted by", "", "", ""},
		{"C06 empty", "an empty 200 is judged by its status where nothing else is asked", file("c06-200-empty-gzip.http"), nil, verdict.Accepted, "Accepted by", "", "", ""},
		{"C06 empty, asked", "an empty 200 is not understood by a rule that reads it", file("c06-200-empty-gzip.http"), saysSuccess, verdict.Unclear, "The server answered 200, but not with", "", "", ""},
		{"C06 201", "201 counts as success by status", []byte("HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), nil, verdict.Accepted, "", "", "", ""},
		{"C06 202", "202 counts as success by status", []byte("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), nil, verdict.Accepted, "", "", "", ""},
		{"C07 zlib", "deflate is read in its zlib form", file("c07-deflate-zlib.http"), saysSuccess, verdict.Accepted, "", "m1", "", success},
		{"C07 raw", "deflate is read without its zlib form too", file("c07-deflate-raw.http"), saysSuccess, verdict.Accepted, "", "m1", "", success},
		{"C07 x-gzip", "x-gzip is gzip, in any case", file("c07-gzip-uppercase-xgzip.http"), saysSuccess, verdict.Accepted, "", "m1", "", success},
		{"C07 twice", "codings are undone in reverse", file("c07-gzip-twice.http"), saysSuccess, verdict.Accepted, "", "m1", "", success},
		{"C07 plain", "what says gzip and is plain text is shown and judged as it is", file("c07-gzip-claimed-but-plain.http"), saysSuccess, verdict.Accepted, "", "m1", "", success},
		{"C09", "long numbers are compared, shown and taken out digit for digit", file("c09-bigint.http"), longNumbers,
			verdict.Accepted, "", "1379505554728411138", "", body("c09-bigint.http")},
		{"C11", "several answers on lines are shown as they came, and the first does not speak for all", file("c11-ndjson.http"),
			&verdict.Rule{Conditions: []verdict.Condition{condition(verdict.FromJSON, "$.status", verdict.Equals, "queued")}}, verdict.Unclear, "not one JSON value", "", "", body("c11-ndjson.http")},
		{"C11 by status", "neither does the status", file("c11-ndjson.http"), nil, verdict.Unclear, "not one JSON value", "", "", body("c11-ndjson.http")},
		{"C14", "what the provider took is accepted and not delivered, and its id is kept", file("c14-msg91-accepted.http"), typeSuccess,
			verdict.Accepted, "Not yet delivered.", "376941717932393732393030", "", body("c14-msg91-accepted.http")},
	} {
		t.Run(c.id, func(t *testing.T) {
			url := answersWith(t, func(conn net.Conn) { _, _ = conn.Write(c.answer) })
			shown, kept := d.judged(t, url, c.rule, 10)
			for what, got := range map[string]call.Detail{"shown": shown, "kept": kept} {
				if got.Call.Verdict != string(c.want) || !strings.Contains(got.Call.Reason, c.reason) || got.Call.MessageID != c.message || got.Call.ErrorCode != c.code {
					t.Errorf("%s: %s\n%s is %s, %q, id %q, code %q", c.id, c.shows, what, got.Call.Verdict, got.Call.Reason, got.Call.MessageID, got.Call.ErrorCode)
				}
				if c.text != "" && got.Reply.Text != c.text {
					t.Errorf("%s: the text that is %s:\n%s", c.id, what, got.Reply.Text)
				}
				if got.Call.Delivery != "none" || got.Reply.Answer.Failure != nil {
					t.Errorf("%s: %s: delivery %q, failure %+v", c.id, what, got.Call.Delivery, got.Reply.Answer.Failure)
				}
			}
		})
	}
}

// C12: very large answers and one that never ends. The status is judged, the text
// is cut with a note of what was received, the memory of the program stays bounded,
// and the history keeps the cut text.
func TestReportedLargeAnswers(t *testing.T) {
	const mebi = 1 << 20
	d := newDesk(t)
	head := func(length int) string {
		return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n", length)
	}
	list := func(size int) []byte {
		var b bytes.Buffer
		b.WriteString(`{"status":"success","id":"m1","list":[`)
		for b.Len() < size {
			b.WriteString(`"` + strings.Repeat("x", 1000) + `",`)
		}
		b.WriteString(`""]}`)
		return b.Bytes()
	}
	line := append(bytes.Repeat([]byte("y"), 2*mebi), '\n')
	for _, c := range []struct {
		name      string
		write     func(conn net.Conn)
		rule      *verdict.Rule
		want      verdict.Verdict
		received  int64
		truncated bool
	}{
		{"5 MB of JSON", func(conn net.Conn) {
			all := list(5 * mebi)
			_, _ = io.WriteString(conn, head(len(all)))
			_, _ = conn.Write(all)
		}, saysSuccess, verdict.Accepted, int64(len(list(5 * mebi))), false},
		{"one line of 2 MB", func(conn net.Conn) {
			_, _ = io.WriteString(conn, strings.Replace(head(len(line)), "application/json", "text/plain", 1))
			_, _ = conn.Write(line)
		}, nil, verdict.Accepted, int64(len(line)), false},
		{"300 MB", func(conn net.Conn) {
			_, _ = io.WriteString(conn, strings.Replace(head(300*mebi), "application/json", "text/plain", 1))
			for piece := make([]byte, mebi); ; {
				if _, err := conn.Write(piece); err != nil {
					return
				}
			}
		}, nil, verdict.Accepted, 10 * mebi, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			url := answersWith(t, c.write)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			shown, kept := d.judged(t, url, c.rule, 60)
			runtime.ReadMemStats(&after)
			if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 256*mebi {
				t.Errorf("memory grew by %d MiB", grown/mebi)
			}
			if shown.Call.Verdict != string(c.want) || shown.Reply.Answer.BodyBytes != c.received || shown.Reply.Answer.Truncated != c.truncated {
				t.Errorf("%s, %q, %d bytes, truncated %v", shown.Call.Verdict, shown.Call.Reason, shown.Reply.Answer.BodyBytes, shown.Reply.Answer.Truncated)
			}
			if len(shown.Reply.Text) > mebi || !shown.Reply.TextCut || len(kept.Reply.Text) > 64<<10 || !kept.Reply.TextCut {
				t.Errorf("%d bytes are shown, %d are kept", len(shown.Reply.Text), len(kept.Reply.Text))
			}
			if kept.Reply.Answer.BodyBytes != c.received {
				t.Errorf("the history says %d bytes", kept.Reply.Answer.BodyBytes)
			}
		})
	}
	t.Run("without an end", func(t *testing.T) {
		url := answersWith(t, func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
			for {
				if _, err := conn.Write([]byte("z")); err != nil {
					return
				}
				time.Sleep(50 * time.Millisecond)
			}
		})
		shown, _ := d.judged(t, url, nil, 2)
		if shown.Call.Verdict != string(verdict.Unclear) || shown.Call.Status != 200 || shown.Reply.Answer.Failure == nil || !strings.HasPrefix(shown.Reply.Text, "z") {
			t.Errorf("%s, status %d, %+v, text %q", shown.Call.Verdict, shown.Call.Status, shown.Reply.Answer.Failure, shown.Reply.Text)
		}
	})
	// The list of calls carries none of their texts, however many there are.
	saved := d.create(t, draft(d.place, d.stage, answersWith(t, func(conn net.Conn) {
		all := list(mebi)
		_, _ = io.WriteString(conn, head(len(all)))
		_, _ = conn.Write(all)
	})))
	for range 5 {
		if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.ID}); err != nil {
			t.Fatal(err)
		}
	}
	page, err := d.Ops.Call.List(atWindow(t), call.ListInput{})
	if err != nil || page.Count != 9 {
		t.Fatalf("%d calls, %v", page.Count, err)
	}
	text, err := json.Marshal(page)
	if err != nil || len(text) > 16<<10 || strings.Contains(string(text), "xxxx") {
		t.Errorf("the list of 9 calls has %d bytes, %v", len(text), err)
	}
	if _, err := d.Ops.Setup.List(atWindow(t), setup.ListInput{}); err != nil {
		t.Error(err)
	}
}

// R4, D06: secrets of any length and with any line ends leave as they were typed
// where a body carries them, also after a restart. One that is too long or holds
// what nothing can carry is refused at its field, and the limit is named.
func TestReportedSecretsAreSentAsTyped(t *testing.T) {
	d := newDesk(t)
	got := ""
	url := echo(t, func(w http.ResponseWriter, sent string, _ *http.Request) {
		_, got, _ = strings.Cut(sent, "\r\n\n")
	})
	secretIn := func(name, text string) setup.Draft {
		one := draft(d.place, d.stage, url)
		one.Name, one.Enabled = name, false
		one.Request.Auth = request.Auth{Type: request.NoAuth}
		one.Request.StageParams = nil
		one.Request.BodyFormat, one.Request.RawBody = request.RawText, "{{key}}"
		one.Request.Params = []request.Param{{ID: "p1", Name: "key", In: request.ParamNowhere, Value: hidden(text)}}
		return one
	}
	texts := map[string]string{
		"one byte": "x", "8 KiB": strings.Repeat("k", 8<<10), "64 KiB": strings.Repeat("k", 64<<10),
		"PEM":           "-----BEGIN PRIVATE KEY-----\r\nMIIB+/=\r\n-----END PRIVATE KEY-----\r\n",
		"line feeds":    "{\n\t\"private_key\": \"a\\nb\"\n}\n",
		"blanks around": " a b ", "only blanks": "   ", "not UTF-8": "a\xff\xfeb",
	}
	ids := map[string]string{}
	for name, text := range texts {
		ids[name] = d.create(t, secretIn(name, text)).ID
	}
	for _, restarted := range []bool{false, true} {
		if restarted {
			d.restart(t)
		}
		for name, text := range texts {
			if _, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: ids[name]}); err != nil || got != text {
				t.Errorf("%s, restarted %v: %v, %d bytes arrived for %d: %.60q", name, restarted, err, len(got), len(text), got)
			}
		}
	}
	for words, text := range map[string]string{"a value can have 65,536": strings.Repeat("k", 64<<10+1), "holds a NUL character": "a\x00b"} {
		_, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: secretIn("Refused", text)})
		if f := fault.From(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "draft.request.params[0].value" || !strings.Contains(f.Fields[0].Message, words) {
			t.Errorf("%s: %v %+v", words, err, fault.From(err))
		}
	}
	// A header carries no line end: it is refused and never becomes blanks.
	one := draft(d.place, d.stage, url)
	one.Request.Auth.Token = hidden(texts["PEM"])
	if _, err := d.Ops.Setup.Create(atWindow(t), setup.CreateInput{Draft: one}); !slices.Equal(fieldNames(err), []string{"draft.request.auth.token"}) || strings.Contains(err.Error(), "MIIB") {
		t.Errorf("in a header: %v", err)
	}
}

// R3 of the reports; R6a, R9, A35: a server sends back what it was sent, in every
// spelling that was reported to slip through. Nothing that is shown or kept holds
// the secret, and a copied line holds a visible word and no base64 of one.
func TestReportedPlacesWhereSecretsShow(t *testing.T) {
	d := newDesk(t)
	const user, key, token = "office", `Zq7"kW/9+x m2%V`, "tOk3n-from-the-answer-9Xw2"
	basic := base64.StdEncoding.EncodeToString([]byte(user + ":" + key))
	escaped, _ := json.Marshal(key)
	forms := map[string]string{
		"as it is": key, "base64": base64.StdEncoding.EncodeToString([]byte(key)), "base64 of user and secret": basic,
		"percent-encoded": url.PathEscape(key), "as a form": url.QueryEscape(key), "as JSON": strings.Trim(string(escaped), `"`), "the token": token,
	}
	seen := false
	server := echo(t, func(w http.ResponseWriter, sent string, r *http.Request) {
		if r.URL.Path == "/token" {
			_, _ = fmt.Fprintf(w, `{"access_token":%q,"expires_in":3600}`, token)
			return
		}
		seen = seen || strings.Contains(sent, basic) || strings.Contains(sent, token)
		w.Header().Set("X-Back", r.Header.Get("Authorization"))
		w.WriteHeader(http.StatusForbidden)
		for name, form := range forms {
			if name != "the token" || strings.Contains(sent, token) {
				_, _ = fmt.Fprintf(w, "you sent %s and\n", form)
			}
		}
	})
	byPassword, byToken := draft(d.place, d.stage, server), draft(d.place, d.stage, server)
	byPassword.Request.Auth = request.Auth{Type: request.Basic, Username: user, Password: hidden(key)}
	byToken.Name, byToken.Enabled = "By a token", false
	byToken.Request.Auth = request.Auth{Type: request.OAuth2, HeaderPrefix: "Bearer", FetchToken: true, TokenURL: server + "/token", ClientID: user, ClientSecret: hidden(key)}
	shown := map[string]any{}
	for name, one := range map[string]setup.Draft{"Basic": byPassword, "a fetched token": byToken} {
		saved := d.create(t, one)
		source := setup.Source{SetupID: saved.ID}
		preview, err := d.Ops.Setup.Preview(atWindow(t), setup.PreviewInput{Draft: saved.Draft, Source: source})
		if err != nil {
			t.Fatal(err)
		}
		seen = false
		detail, err := d.Ops.Call.Test(atWindow(t), call.TestInput{SetupID: saved.ID})
		if err != nil || !seen {
			t.Fatalf("%s: %v, the secret was sent: %v", name, err, seen)
		}
		kept, err := d.Ops.Call.Get(atWindow(t), call.IDInput{ID: detail.Call.ID})
		if err != nil {
			t.Fatal(err)
		}
		file, err := d.Ops.Transfer.Export(atWindow(t), transfer.ExportInput{IDs: []string{saved.ID}})
		if err != nil {
			t.Fatal(err)
		}
		shown[name+": the live request"], shown[name+": the result"], shown[name+": the history"], shown[name+": the export"] = preview, detail, kept, file
		for _, shell := range []string{"posix", "powershell", "cmd"} {
			line, err := d.Ops.Setup.Curl(atWindow(t), setup.CurlInput{Draft: saved.Draft, Source: source, Shell: shell})
			if err != nil {
				t.Fatal(err)
			}
			shown[name+": the line for "+shell] = line
			text, _ := json.Marshal(line)
			if word := map[string]string{"Basic": "PASSWORD", "a fetched token": "TOKEN"}[name]; !strings.Contains(string(text), word) {
				t.Errorf("%s: no %s in the line for %s: %s", name, word, shell, text)
			}
			for _, long := range base64Words.FindAllString(string(text), -1) {
				if plain, err := base64.StdEncoding.DecodeString(long); err == nil && strings.Contains(string(plain), user+":") {
					t.Errorf("%s: the line for %s holds base64 of %q", name, shell, plain)
				}
			}
		}
	}
	setups, err1 := d.Ops.Setup.List(atWindow(t), setup.ListInput{})
	calls, err2 := d.Ops.Call.List(atWindow(t), call.ListInput{})
	trail, err3 := d.Ops.Activity.List(atWindow(t), activity.ListInput{Limit: 50})
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	shown["the list of setups"], shown["the list of calls"], shown["activity"] = setups, calls, trail
	for what, where := range shown {
		text, err := json.Marshal(where)
		if err != nil {
			t.Fatal(err)
		}
		for name, form := range forms {
			again, _ := json.Marshal(form)
			if strings.Contains(string(text), form) || strings.Contains(string(text), strings.Trim(string(again), `"`)) {
				t.Errorf("%s holds the secret %s", what, name)
			}
		}
	}
	// And so does no file of the data folder, its log included.
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	files := 0
	err := filepath.WalkDir(d.folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		for name, form := range forms {
			if bytes.Contains(data, []byte(form)) {
				t.Errorf("%s holds the secret %s", filepath.Base(path), name)
			}
		}
		return err
	})
	if err != nil || files < 2 {
		t.Errorf("%d files, %v", files, err)
	}
}

var base64Words = regexp.MustCompile(`[A-Za-z0-9+/]{8,}={0,2}`)
