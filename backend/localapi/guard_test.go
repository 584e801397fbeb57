package localapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// RULES.md, Local API: what a web page can make a browser send is refused whatever
// the key, and nothing is run. The requests are bytes, as curl and a browser send
// them.
func TestWebPagesAreRefused(t *testing.T) {
	w := newWorld(t)
	host := fmt.Sprintf("Host: 127.0.0.1:%d", w.port)
	key := "Authorization: x-api-key " + goodKey
	body := `{"process":"Orders","channel":"sms","mode":"live"}`
	post := func(headers ...string) string {
		return "POST /v1/calls HTTP/1.1\r\n" + strings.Join(headers, "\r\n") + fmt.Sprintf("\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", len(body), body)
	}
	get := func(target string, headers ...string) string {
		return "GET " + target + " HTTP/1.1\r\n" + strings.Join(append(headers, "Connection: close"), "\r\n") + "\r\n\r\n"
	}
	jsonType := "Content-Type: application/json"
	for name, test := range map[string]struct {
		request string
		status  int
		code    string
	}{
		"another host (rebinding)":          {get("/v1/key", "Host: evil.test:7373", key), 421, "localapi.unknown_host"},
		"another host with our port":        {get("/v1/key", fmt.Sprintf("Host: evil.test:%d", w.port), key), 421, "localapi.unknown_host"},
		"our address without the port":      {get("/v1/key", "Host: 127.0.0.1", key), 421, "localapi.unknown_host"},
		"our address with another port":     {get("/v1/key", "Host: 127.0.0.1:1", key), 421, "localapi.unknown_host"},
		"another name of loopback":          {get("/v1/key", fmt.Sprintf("Host: 127.0.0.2:%d", w.port), key), 421, "localapi.unknown_host"},
		"loopback as a number":              {get("/v1/key", fmt.Sprintf("Host: 2130706433:%d", w.port), key), 421, "localapi.unknown_host"},
		"localhost with a dot":              {get("/v1/key", fmt.Sprintf("Host: localhost.:%d", w.port), key), 421, "localapi.unknown_host"},
		"a name that ends in localhost":     {get("/v1/key", fmt.Sprintf("Host: evil.localhost:%d", w.port), key), 421, "localapi.unknown_host"},
		"an empty host":                     {get("/v1/key", "Host: ", key), 421, "localapi.unknown_host"},
		"no host, HTTP/1.0":                 {"GET /v1/key HTTP/1.0\r\n" + key + "\r\n\r\n", 421, "localapi.unknown_host"},
		"another host on a public path":     {get("/docs", "Host: evil.test:7373"), 421, "localapi.unknown_host"},
		"origin of a page":                  {get("/v1/key", host, key, "Origin: https://evil.test"), 403, "localapi.origin"},
		"origin null":                       {get("/v1/key", host, key, "Origin: null"), 403, "localapi.origin"},
		"an empty origin":                   {get("/v1/key", host, key, "Origin: "), 403, "localapi.origin"},
		"our own origin":                    {get("/v1/key", host, key, "Origin: "+w.base()), 403, "localapi.origin"},
		"origin on a public path":           {get("/docs", host, "Origin: https://evil.test"), 403, "localapi.origin"},
		"origin on a live call":             {post(host, key, jsonType, "Origin: https://evil.test"), 403, "localapi.origin"},
		"cross-site fetch":                  {get("/v1/key", host, key, "Sec-Fetch-Site: cross-site"), 403, "localapi.origin"},
		"same-site fetch":                   {get("/v1/key", host, key, "Sec-Fetch-Site: same-site"), 403, "localapi.origin"},
		"same-origin fetch":                 {get("/v1/key", host, key, "Sec-Fetch-Site: same-origin"), 403, "localapi.origin"},
		"none and cross-site":               {get("/v1/key", host, key, "Sec-Fetch-Site: none", "Sec-Fetch-Site: cross-site"), 403, "localapi.origin"},
		"cross-site to an unknown path":     {get("/nothing", host, key, "Sec-Fetch-Site: cross-site"), 403, "localapi.origin"},
		"preflight":                         {"OPTIONS /v1/calls HTTP/1.1\r\n" + host + "\r\nOrigin: https://evil.test\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\nConnection: close\r\n\r\n", 403, "localapi.origin"},
		"OPTIONS without an origin":         {"OPTIONS /v1/calls HTTP/1.1\r\n" + host + "\r\nConnection: close\r\n\r\n", 403, "localapi.preflight"},
		"OPTIONS with the key":              {"OPTIONS /docs HTTP/1.1\r\n" + host + "\r\n" + key + "\r\nConnection: close\r\n\r\n", 403, "localapi.preflight"},
		"OPTIONS of everything":             {"OPTIONS * HTTP/1.1\r\n" + host + "\r\nConnection: close\r\n\r\n", 403, "localapi.preflight"},
		"a form as plain text":              {post(host, key, "Content-Type: text/plain"), 415, "localapi.media_type"},
		"a form":                            {post(host, key, "Content-Type: application/x-www-form-urlencoded"), 415, "localapi.media_type"},
		"a multipart form":                  {post(host, key, "Content-Type: multipart/form-data; boundary=x"), 415, "localapi.media_type"},
		"no type":                           {post(host, key), 415, "localapi.media_type"},
		"a type that only begins like JSON": {post(host, key, "Content-Type: application/jsonp"), 415, "localapi.media_type"},
		"JSON in another charset":           {post(host, key, "Content-Type: application/json; charset=utf-16"), 415, "localapi.media_type"},
		"compressed":                        {post(host, key, jsonType, "Content-Encoding: gzip"), 415, "localapi.media_type"},
		"a web socket of a page":            {get("/v1/key", host, "Origin: https://evil.test", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="), 403, "localapi.origin"},
		"a page's form without a key":       {post(host, "Content-Type: text/plain", "Origin: null"), 403, "localapi.origin"},
	} {
		t.Run(name, func(t *testing.T) {
			got := answers(t, w.raw(test.request))
			if len(got) != 1 || got[0].status != test.status || got[0].problem(t).Code != test.code {
				t.Fatalf("got %+v", got)
			}
			got[0].check(t)
		})
	}
	if len(w.ops.calls) != 0 {
		t.Errorf("%d calls were made", len(w.ops.calls))
	}
	// A browser that opens the page by itself is answered.
	for _, site := range []string{"none", "cross-site", "same-origin"} {
		if got := answers(t, w.raw(get("/docs", host, "Sec-Fetch-Site: "+site))); got[0].status != http.StatusOK {
			t.Errorf("/docs with Sec-Fetch-Site %s: %+v", site, got[0].status)
		}
	}
	for _, name := range []string{"localhost", "LocalHost", "127.0.0.1", "[::1]"} {
		if got := answers(t, w.raw(get("/v1/key", fmt.Sprintf("Host: %s:%d", name, w.port), key, "Sec-Fetch-Site: none"))); got[0].status != http.StatusOK {
			t.Errorf("the host %s: %+v", name, got[0])
		}
	}
}

// Shapes that two programs can read differently are refused, and no second request
// is ever found inside the first.
func TestSmuggling(t *testing.T) {
	w := newWorld(t, func(w *world) { w.door.limits.header = 500 * time.Millisecond })
	host := fmt.Sprintf("Host: 127.0.0.1:%d\r\n", w.port)
	key := "Authorization: x-api-key " + goodKey + "\r\n"
	inner := "GET /v1/key HTTP/1.1\r\n" + host + key + "\r\n"
	good := `{"process":"Orders","channel":"sms","mode":"preview"}`
	for name, test := range map[string]struct {
		request string
		// status of the only answer.
		status int
	}{
		"Content-Length and chunks": {"POST /v1/calls HTTP/1.1\r\n" + host + key + "Content-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" +
			fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(good), good) + inner, 200},
		"chunks and what follows":       {"POST /v1/calls HTTP/1.1\r\n" + host + key + "Content-Type: application/json\r\nContent-Length: 200\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner, 400},
		"two lengths":                   {"POST /v1/calls HTTP/1.1\r\n" + host + key + "Content-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}" + inner, 400},
		"two lengths in one":            {"POST /v1/calls HTTP/1.1\r\n" + host + key + "Content-Type: application/json\r\nContent-Length: 2, 3\r\n\r\n{}" + inner, 400},
		"a length with a sign":          {"POST /v1/calls HTTP/1.1\r\n" + host + key + "Content-Type: application/json\r\nContent-Length: +2\r\n\r\n{}" + inner, 400},
		"an unknown coding":             {"POST /v1/calls HTTP/1.1\r\n" + host + key + "Transfer-Encoding: xchunked\r\n\r\n" + inner, 501},
		"two codings":                   {"POST /v1/calls HTTP/1.1\r\n" + host + key + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + inner, 501},
		"a blank before the colon":      {"GET /v1/key HTTP/1.1\r\n" + host + "X-API-Key : " + goodKey + "\r\n\r\n" + inner, 400},
		"a header line that goes on":    {"GET /v1/key HTTP/1.1\r\n" + host + "X: a\r\n" + " Authorization: x-api-key " + goodKey + "\r\nConnection: close\r\n\r\n", 401},
		"two hosts":                     {"GET /v1/key HTTP/1.1\r\n" + host + "Host: evil.test\r\n" + key + "\r\n" + inner, 400},
		"two of the same host":          {"GET /v1/key HTTP/1.1\r\n" + host + host + key + "\r\n" + inner, 400},
		"two Authorization":             {"GET /v1/key HTTP/1.1\r\n" + host + key + key + "\r\n" + inner, 400},
		"two X-API-Key":                 {"GET /v1/key HTTP/1.1\r\n" + host + "X-API-Key: " + goodKey + "\r\nX-API-Key: " + goodKey + "\r\n\r\n" + inner, 400},
		"Authorization and X-API-Key":   {"GET /v1/key HTTP/1.1\r\n" + host + key + "X-API-Key: " + goodKey + "\r\n\r\n" + inner, 400},
		"a whole address as the target": {"GET http://127.0.0.1/v1/key HTTP/1.1\r\n" + host + key + "\r\n" + inner, 400},
		"another's address":             {"GET http://evil.test/v1/key HTTP/1.1\r\n" + host + key + "\r\n" + inner, 400},
		"CONNECT":                       {"CONNECT evil.test:443 HTTP/1.1\r\n" + host + key + "\r\n" + inner, 405},
		"TRACE":                         {"TRACE /v1/key HTTP/1.1\r\n" + host + key + "\r\n" + inner, 405},
		"HTTP/2 in clear":               {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
		"HTTP/0.9":                      {"GET /v1/key\r\n\r\n", 400},
		"TLS to the plain port":         {"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03", 400},
		"a method in small letters":     {"get /v1/key HTTP/1.1\r\n" + host + key + "Connection: close\r\n\r\n", 405},
		"huge chunk extensions": {"POST /v1/calls HTTP/1.1\r\n" + host + key + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" +
			"2;" + strings.Repeat("a", 1<<20) + "\r\n{}\r\n0\r\n\r\n" + inner, 400},
		"chunks of nothing but extensions": {"POST /v1/calls HTTP/1.1\r\n" + host + key + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" +
			strings.Repeat("1;"+strings.Repeat("a", 2000)+"\r\n \r\n", 2000) + "0\r\n\r\n" + inner, 400},
		"a broken chunk": {"POST /v1/calls HTTP/1.1\r\n" + host + key + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n" + inner, 400},
	} {
		t.Run(name, func(t *testing.T) {
			got := answers(t, w.raw(test.request))
			if len(got) != 1 || got[0].status != test.status {
				t.Fatalf("want one answer with %d, got %+v", test.status, got)
			}
		})
	}
	// What is well-formed may follow on one connection: two answers, in order.
	got := answers(t, w.raw("GET /v1/key HTTP/1.1\r\n"+host+key+"\r\nGET /healthz HTTP/1.1\r\n"+host+"Connection: close\r\n\r\n"))
	if len(got) != 2 || got[0].status != 200 || !strings.Contains(got[1].body, "ok") {
		t.Errorf("two requests in one go: %+v", got)
	}
}

// RULES.md, Local API: a key in the address is refused whether or not it is there as a
// header too, and it is in no log and in nothing that is noted.
func TestKeyInTheAddress(t *testing.T) {
	w := newWorld(t)
	for _, target := range []string{
		"/v1/key?api_key=abc", "/v1/key?API-Key=abc", "/v1/key?key=" + goodKey, "/v1/key?x-api-key=abc", "/v1/key?access_token=abc", "/v1/key?authorization=abc",
		"/v1/key?apikey", "/v1/key?x=" + goodKey, "/v1/key?" + goodKey, "/v1/key?x=a" + goodKey + "b", "/v1/key?x=" + strings.ReplaceAll(goodKey, "_", "%5F"),
		"/v1/key?a%70i_key=abc", "/v1/key?x=1;api_key=abc", "/v1/setups?search=" + goodKey, "/v1/setups/" + goodKey, "/" + goodKey, "/docs?key=abc", "/v1/key?x=%zz&key=abc",
	} {
		for _, with := range []bool{true, false} {
			a := w.do("GET", target, "", func(r *http.Request) {
				if !with {
					r.Header.Del("Authorization")
				}
			})
			if a.status != http.StatusBadRequest || a.problem(t).Code != "localapi.key_in_url" {
				t.Errorf("%s: %d %s", target, a.status, a.body)
			}
			if strings.Contains(a.body, "abcdefgh") {
				t.Errorf("%s: the answer holds the key: %s", target, a.body)
			}
		}
	}
	if len(w.ops.calls) != 0 || w.ops.asked != 0 {
		t.Error("an operation was run")
	}
	for _, noted := range w.ops.accesses() {
		if strings.Contains(fmt.Sprintf("%+v", noted), "abcdefgh") {
			t.Errorf("the key is noted: %+v", noted)
		}
	}
	if log := w.log.String(); strings.Contains(log, "abcdefgh") {
		t.Errorf("the key is in the log: %s", log)
	}
	if a := w.do("GET", "/v1/setups?search=monkey", ""); a.status != http.StatusOK {
		t.Errorf("a word that only holds a name of a key: %d", a.status)
	}
}
