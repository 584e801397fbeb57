package httpclient

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

// Text turns a body into valid UTF-8 for display, by the charset of its
// Content-Type, its byte order mark, or what an XML or HTML page says of
// itself. broken is true if some bytes were not valid in that character set;
// they become U+FFFD. Control and direction characters stay: the page escapes
// them.
func Text(body []byte, contentType string) (text string, broken bool) {
	_, parameters, _ := mime.ParseMediaType(contentType)
	if from, name := charset.Lookup(parameters["charset"]); from != nil && known(name) {
		return decode(body, from)
	}
	if marked(body) {
		from, _, _ := charset.DetermineEncoding(body, "")
		return decode(body, from)
	}
	if utf8.Valid(body) {
		return string(body), false
	}
	if from := declared(body, contentType); from != nil {
		return decode(body, from)
	}
	return strings.ToValidUTF8(string(body), "\uFFFD"), true
}

// known is false for UTF-8, which needs no decoder, and for what WHATWG calls
// "replacement", which would throw the whole text away.
func known(name string) bool { return name != "utf-8" && name != "replacement" }

func marked(body []byte) bool {
	return bytes.HasPrefix(body, []byte("\xEF\xBB\xBF")) || bytes.HasPrefix(body, []byte("\xFE\xFF")) || bytes.HasPrefix(body, []byte("\xFF\xFE"))
}

// declared is the encoding an XML declaration or HTML meta names, or nil.
func declared(body []byte, contentType string) encoding.Encoding {
	start := body[:min(len(body), 1024)]
	if bytes.HasPrefix(bytes.TrimSpace(start), []byte("<?xml")) {
		if _, rest, found := bytes.Cut(start, []byte("encoding=")); found && len(rest) > 1 {
			if label, _, found := bytes.Cut(rest[1:], rest[:1]); found {
				if from, name := charset.Lookup(string(label)); from != nil && known(name) {
					return from
				}
			}
		}
		return nil
	}
	if strings.Contains(strings.ToLower(contentType), "html") && bytes.Contains(bytes.ToLower(start), []byte("charset")) {
		if from, name, _ := charset.DetermineEncoding(body, ""); known(name) {
			return from
		}
	}
	return nil
}

func decode(body []byte, from encoding.Encoding) (string, bool) {
	body = bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF"))
	decoded, err := from.NewDecoder().Bytes(body)
	if err != nil {
		return strings.ToValidUTF8(string(body), "\uFFFD"), true
	}
	text := strings.TrimPrefix(string(decoded), "\uFEFF")
	return strings.ToValidUTF8(text, "\uFFFD"), strings.ContainsRune(text, '\uFFFD') && !bytes.Contains(body, []byte("\uFFFD")) || !utf8.ValidString(text)
}
