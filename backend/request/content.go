package request

import (
	"mime"
	"strings"
)

// bodyless reports whether a method sends its parameters in the query (R3).
func bodyless(method string) bool {
	switch method {
	case "GET", "HEAD", "DELETE", "OPTIONS":
		return true
	}
	return false
}

func knownMethod(method string) bool {
	switch method {
	case "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS":
		return true
	}
	return false
}

func (f BodyFormat) isRaw() bool { return f == RawJSON || f == RawXML || f == RawText }

// hasFields reports whether a body of this format can hold parameters.
func (f BodyFormat) hasFields() bool {
	return f == JSONBody || f == FormBody || f == MultipartBody
}

// contentType is the default Content-Type of a format.
func (f BodyFormat) contentType(boundary string) string {
	switch f {
	case JSONBody, RawJSON:
		return "application/json"
	case FormBody:
		return "application/x-www-form-urlencoded"
	case MultipartBody:
		return "multipart/form-data; boundary=" + boundary
	case RawXML:
		return "application/xml"
	case RawText:
		return "text/plain; charset=utf-8"
	}
	return ""
}

// typedContentType finds the Content-Type row; -1 when there is none.
func typedContentType(spec Spec) int {
	for i, h := range spec.Headers {
		if strings.EqualFold(h.Name, "Content-Type") {
			return i
		}
	}
	return -1
}

// family is the body format a media type asks for; "" for one that fits any,
// such as application/octet-stream.
func family(media string) BodyFormat {
	media = strings.ToLower(media)
	switch {
	case media == "application/json", strings.HasSuffix(media, "+json"), media == "text/json":
		return JSONBody
	case media == "application/x-www-form-urlencoded":
		return FormBody
	case strings.HasPrefix(media, "multipart/"):
		return MultipartBody
	case media == "application/xml", media == "text/xml", strings.HasSuffix(media, "+xml"):
		return RawXML
	}
	return ""
}

// mediaType reads the Content-Type row: its type and its parameters.
func mediaType(value string) (media string, params map[string]string) {
	media, params, err := mime.ParseMediaType(value)
	if err != nil {
		media, _, _ = strings.Cut(value, ";")
		return strings.ToLower(strings.TrimSpace(media)), nil
	}
	return media, params
}

// writtenForm reports whether a raw text is called a form, so that its
// variables are escaped as in a form (R4).
func writtenForm(spec Spec) bool {
	i := typedContentType(spec)
	if i < 0 {
		return false
	}
	media, _ := mediaType(spec.Headers[i].Value.Reveal())
	return family(media) == FormBody
}

// bodyFormat is the format a spec's body is written in: the chosen one,
// otherwise what a Content-Type row asks for, otherwise the method's default
// (R5).
func bodyFormat(spec Spec) BodyFormat {
	if spec.BodyFormat != DefaultBody {
		return spec.BodyFormat
	}
	if i := typedContentType(spec); i >= 0 && strings.TrimSpace(spec.Headers[i].Value.Reveal()) != "" {
		media, _ := mediaType(spec.Headers[i].Value.Reveal())
		f := family(media)
		switch {
		case f.hasFields():
			return f
		case bodyless(spec.Method):
			return NoBody
		case f == RawXML:
			return RawXML
		default:
			return RawText
		}
	}
	if bodyless(spec.Method) {
		return NoBody
	}
	return JSONBody
}

// contradicts reports whether a media type cannot name a body of the format.
func contradicts(format BodyFormat, media, method string) bool {
	f := family(media)
	switch format {
	case NoBody:
		// A type without a body does no harm; some servers want it on GET and
		// DELETE.
		return !bodyless(method)
	case JSONBody, RawJSON:
		return f != JSONBody
	case FormBody, MultipartBody, RawXML:
		return f != format
	case RawText:
		// A form may be written as raw text, as in a curl line.
		return f != "" && f != FormBody
	}
	return false
}

// place is where a parameter goes (R3): ParamQuery, ParamBody or ParamNowhere.
func place(in ParamIn, method string, format BodyFormat) ParamIn {
	switch {
	case in == ParamQuery || in == ParamNowhere:
		return in
	case in == ParamBody && format.hasFields():
		return ParamBody
	case in == ParamAuto && !bodyless(method) && format.hasFields():
		return ParamBody
	}
	return ParamQuery
}
