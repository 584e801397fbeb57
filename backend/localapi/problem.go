package localapi

import (
	"encoding/json"
	"fmt"
	"net/http"

	"keydesk/backend/fault"
)

// problem is what a caller reads of a fault (RFC 9457). Type is a relative
// reference that /docs explains; Code is the fault's stable code.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	// Instance is the call that the problem is about, if there is one.
	Instance string         `json:"instance,omitempty"`
	Code     string         `json:"code"`
	Hint     string         `json:"hint,omitempty"`
	Fields   []fieldProblem `json:"fields,omitempty"`
	// Missing are the names the request has no value for.
	Missing []string `json:"missing,omitempty"`
	// RetryAfter is in whole seconds, as in the header.
	RetryAfter int `json:"retry_after,omitempty"`
}

// fieldProblem is a message at one member of the body or one query parameter.
type fieldProblem struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// statusOfKind are the HTTP statuses of the eight kinds.
var statusOfKind = map[fault.Kind]int{
	fault.Invalid:         http.StatusUnprocessableEntity,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Limited:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.Internal:        http.StatusInternalServerError,
}

// statusOfCode are those faults of the door for which HTTP has a status of its
// own.
var statusOfCode = map[string]int{
	ErrUnknownHost.Code:     http.StatusMisdirectedRequest,
	ErrMethod.Code:          http.StatusMethodNotAllowed,
	ErrTarget.Code:          http.StatusBadRequest,
	ErrDuplicateHeader.Code: http.StatusBadRequest,
	ErrTwoCredentials.Code:  http.StatusBadRequest,
	ErrKeyInURL.Code:        http.StatusBadRequest,
	ErrMediaType.Code:       http.StatusUnsupportedMediaType,
	ErrBodyTooLarge.Code:    http.StatusRequestEntityTooLarge,
	ErrBodyUnread.Code:      http.StatusBadRequest,
	ErrBrokenJSON.Code:      http.StatusBadRequest,
	ErrTooDeep.Code:         http.StatusBadRequest,
	ErrIdempotencyKey.Code:  http.StatusBadRequest,
}

// problemOf turns a fault into what a caller reads. Nothing else does. An error
// that is no fault becomes internal, and its text stays inside.
func problemOf(err error) problem {
	f := fault.From(err)
	status := statusOfCode[f.Code]
	if status == 0 {
		status = statusOfKind[f.Kind]
	}
	if status == 0 {
		f, status = fault.ErrInternal, http.StatusInternalServerError
	}
	kind := explained(f)
	p := problem{
		Type: "/docs#" + kind.Code, Title: kind.Title, Status: status,
		Detail: f.Message, Code: f.Code, Hint: f.Hint, Missing: f.Missing,
		RetryAfter: int((f.RetryAfterMs + 999) / 1000),
	}
	for _, field := range f.Fields {
		p.Fields = append(p.Fields, fieldProblem(field))
	}
	for _, link := range f.Links {
		if link.Kind == "call" {
			p.Instance = "/v1/calls/" + link.ID
		}
	}
	if status == http.StatusServiceUnavailable && p.RetryAfter == 0 {
		p.RetryAfter = 1
	}
	return p
}

// explained is the section of the document about a fault: that of its code, or of
// its kind for those of the features, which are many.
func explained(f *fault.Error) problemType {
	types := document().problems
	if known, ok := types[f.Code]; ok {
		return known
	}
	return types[string(f.Kind)]
}

// busyAnswer is the whole answer to a connection for which there is no room.
func busyAnswer() string {
	p := problemOf(ErrBusy)
	body, err := json.Marshal(p)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("HTTP/1.1 503 Service Unavailable\r\nContent-Type: %s\r\nContent-Length: %d\r\nRetry-After: %d\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n%s",
		problemMedia, len(body), p.RetryAfter, body)
}
