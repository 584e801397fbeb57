package httpclient

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"keydesk/backend/verdict"
)

const day = "2 Jan 2006"

// failure says in words why there is no answer. sent is for the whole call.
func (x *exchange) failure(ctx context.Context, err error, limits Limits, sent bool, to *url.URL) *verdict.Failure {
	if ctx.Err() != nil {
		return overFailure(ctx, limits, sent, to, -1)
	}
	var dial *dialError
	if errors.As(err, &dial) {
		return dial.failure()
	}
	written, firstByte, _ := x.notes()
	where := shown(to)
	switch {
	case x.conn != nil && x.conn.headTooLarge():
		return fail(verdict.PhaseReceive, err, "The answer's headers are larger than 256 kB.",
			"Something other than the API may be answering at this address.")
	case written == 0:
		return fail(verdict.PhaseSend, err, "The connection to "+where+" broke before anything was sent.", "Try again.")
	case firstByte.IsZero() && !x.wrote.Load():
		return fail(verdict.PhaseSend, err, "The connection to "+where+" broke while the request was being sent.",
			"Look at the provider's page before sending again.")
	case firstByte.IsZero():
		return fail(verdict.PhaseReceive, err, where+" closed the connection without an answer.",
			"Look at the provider's page before sending again.")
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET):
		return fail(verdict.PhaseReceive, err, "The answer stopped in the middle of its headers.",
			"Look at the provider's page before sending again.")
	}
	return fail(verdict.PhaseReceive, err, where+" answered something that is not HTTP.",
		"Check that scheme and port of the API URL are right.")
}

// cutFailure says in words why a body is not whole.
func cutFailure(ctx context.Context, read body, length int64, limits Limits, to *url.URL) *verdict.Failure {
	switch {
	case read.cut == CutBroken:
		return fail(verdict.PhaseReceive, read.err, "The answer could not be unpacked: its compression is broken.",
			"Add the header Accept-Encoding: identity to get it as plain text.")
	case ctx.Err() != nil:
		return overFailure(ctx, limits, true, to, read.wire)
	case length > 0:
		return fail(verdict.PhaseReceive, read.err, fmt.Sprintf("The answer stopped after %d of %d bytes.", read.wire, length),
			"Look at the provider's page before sending again.")
	}
	return fail(verdict.PhaseReceive, read.err, fmt.Sprintf("The answer stopped after %d bytes, before its end.", read.wire),
		"Look at the provider's page before sending again.")
}

// overFailure is for a call that was cancelled or ran out of time. got is how
// many bytes of a body had been received, -1 without a body.
func overFailure(ctx context.Context, limits Limits, sent bool, to *url.URL, got int64) *verdict.Failure {
	cause := context.Cause(ctx)
	if !errors.Is(cause, errLimit) && !errors.Is(cause, context.DeadlineExceeded) {
		return cancelled(sent, cause)
	}
	seconds := int(limits.clamp().Seconds())
	switch {
	case got >= 0:
		return fail(verdict.PhaseTimeout, cause, fmt.Sprintf("The answer was not complete within %d s: %d bytes of it came.", seconds, got),
			"Look at the provider's page before sending again, or raise the time limit under Options.")
	case sent:
		return fail(verdict.PhaseTimeout, cause, fmt.Sprintf("%s gave no answer within %d s.", shown(to), seconds),
			"Look at the provider's page before sending again, or raise the time limit under Options.")
	}
	return fail(verdict.PhaseTimeout, cause, fmt.Sprintf("%s could not be reached within %d s. Nothing was sent.", shown(to), seconds),
		"Try again, or raise the time limit under Options.")
}

func cancelled(sent bool, cause error) *verdict.Failure {
	if sent {
		return fail(verdict.PhaseCancelled, cause, "Cancelled after the request was sent.", "Look at the provider's page before sending again.")
	}
	return fail(verdict.PhaseCancelled, cause, "Cancelled before anything was sent.", "")
}

// failure says in words why there is no connection.
func (e *dialError) failure() *verdict.Failure {
	var unknown *net.DNSError
	late := errors.Is(e.cause, context.DeadlineExceeded) || errors.Is(e.cause, os.ErrDeadlineExceeded)
	switch e.phase {
	case verdict.PhaseAddress:
		return fail(e.phase, e.cause, "Keydesk never calls "+e.host+": it is a link-local or cloud metadata address.", "Check the API URL.")
	case verdict.PhaseName:
		if errors.As(e.cause, &unknown) && unknown.IsNotFound {
			return fail(e.phase, e.cause, "The name "+e.host+" was not found.", "Check the spelling of the API URL, and that this computer is online.")
		}
		return fail(e.phase, e.cause, "The name "+e.host+" could not be looked up.", "Check that this computer is online.")
	case verdict.PhaseTLS:
		return e.tlsFailure(late)
	}
	switch {
	case late:
		return fail(e.phase, e.cause, fmt.Sprintf("Nothing answered at %s within %d s.", e.where, int(connectLimit.Seconds())),
			"A firewall may be in the way, or the service is down.")
	case errors.Is(e.cause, syscall.ENETUNREACH) || errors.Is(e.cause, syscall.EHOSTUNREACH):
		return fail(e.phase, e.cause, "This computer has no route to "+e.where+".", "Check that this computer is online.")
	}
	return fail(e.phase, e.cause, "Nothing answered at "+e.where+". Is the service running?", "Check host and port of the API URL.")
}

func (e *dialError) tlsFailure(late bool) *verdict.Failure {
	var (
		invalid  x509.CertificateInvalidError
		hostname x509.HostnameError
		unknown  x509.UnknownAuthorityError
		record   tls.RecordHeaderError
	)
	phase := verdict.PhaseTLS
	switch {
	case late:
		return fail(phase, e.cause, fmt.Sprintf("%s made no secure connection within %d s.", e.where, int(tlsLimit.Seconds())), "Try again later.")
	case errors.As(e.cause, &invalid) && invalid.Reason == x509.Expired && invalid.Cert != nil:
		if time.Now().Before(invalid.Cert.NotBefore) {
			return fail(phase, e.cause, fmt.Sprintf("The certificate of %s is valid only from %s.", e.host, invalid.Cert.NotBefore.UTC().Format(day)),
				"Check this computer's clock.")
		}
		return fail(phase, e.cause, fmt.Sprintf("The certificate of %s expired on %s.", e.host, invalid.Cert.NotAfter.UTC().Format(day)),
			"Its owner has to renew it. If the date is in the future, check this computer's clock.")
	case errors.As(e.cause, &hostname):
		return fail(phase, e.cause, "The certificate at "+e.host+" is for "+namesOf(hostname.Certificate)+", not for "+e.host+".", "Check the host of the API URL.")
	case errors.As(e.cause, &unknown) || errors.As(e.cause, &invalid):
		return fail(phase, e.cause, "The certificate of "+e.host+" comes from an authority this computer does not trust.",
			"If it is your own server, add its authority to this computer's trusted ones.")
	case errors.As(e.cause, &record):
		return fail(phase, e.cause, e.where+" does not speak TLS.", "Check the port, or whether the API URL should start with http://.")
	}
	return fail(phase, e.cause, "The secure connection to "+e.where+" could not be made.", "The server may need a newer or older kind of TLS than 1.2 and 1.3.")
}

// namesOf lists up to three names of a certificate.
func namesOf(certificate *x509.Certificate) string {
	names := append([]string{}, certificate.DNSNames...)
	for _, address := range certificate.IPAddresses {
		names = append(names, address.String())
	}
	if len(names) == 0 {
		return "no host"
	}
	if len(names) > 3 {
		return strings.Join(names[:3], ", ") + " and others"
	}
	return strings.Join(names, ", ")
}

// shown returns a URL's host and port, never its path or query: they may hold
// secrets.
func shown(u *url.URL) string { return u.Host }

func fail(phase verdict.Phase, cause error, text, hint string) *verdict.Failure {
	return &verdict.Failure{Phase: phase, Text: text, Hint: hint, Detail: cause.Error()}
}
