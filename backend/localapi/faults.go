package localapi

import "keydesk/backend/fault"

// What the door refuses by itself, before any operation runs. Each code has a
// section in the OpenAPI document, and with it on /docs; a test compares them.
var (
	ErrUnknownHost = fault.New(fault.Forbidden, "localapi.unknown_host", "This address does not belong to the local API of Keydesk.").
			WithHint("Call the API at an address that Keydesk shows under Settings, Local API.")
	ErrOrigin = fault.New(fault.Forbidden, "localapi.origin", "The local API does not answer web pages.").
			WithHint("Call it from a program. A web page would hand the key to everybody who opens it.")
	ErrPreflight = fault.New(fault.Forbidden, "localapi.preflight", "The local API does not answer web pages.").
			WithHint("Call it from a program. OPTIONS is never allowed.")
	ErrMethod = fault.New(fault.Invalid, "localapi.method", "This route does not take this method.").
			WithHint("The header Allow names the methods that it takes.")
	ErrTarget = fault.New(fault.Invalid, "localapi.target", "The local API is no proxy.").
			WithHint("Send the path alone, as in GET /v1/key.")
	ErrDuplicateHeader = fault.New(fault.Invalid, "localapi.duplicate_header", "A header is there more than once.").
				WithHint("Send each header once.")
	ErrTwoCredentials = fault.New(fault.Invalid, "localapi.two_credentials", "The request carries more than one credential header.").
				WithHint("Send one of Authorization and X-API-Key, and that once.")
	ErrKeyInURL = fault.New(fault.Invalid, "localapi.key_in_url", "A key does not belong in the address.").
			WithHint("Send it in the header Authorization: x-api-key KEY. Addresses are kept in logs, so replace this key if it is a real one.")
	ErrNoKey = fault.New(fault.Unauthenticated, "localapi.no_key", "The request carries no API key.").
			WithHint("Send the header Authorization: x-api-key KEY with every request.")
	ErrKeyMalformed = fault.New(fault.Unauthenticated, "localapi.key_malformed", "The header with the API key cannot be read.").
			WithHint("Send the header Authorization: x-api-key KEY, with one key and nothing after it.")
	ErrThrottled = fault.New(fault.Limited, "localapi.throttled", "Too many requests without a good key came from this address.").
			WithHint("Correct the key first. A request with a good key is answered at once.")
	ErrRateLimited = fault.New(fault.Limited, "localapi.rate_limited", "This key has used up its requests for now.").
			WithHint("Wait as long as Retry-After says. The limit can be raised in Keydesk at the key.")
	ErrNotFound = fault.New(fault.NotFound, "localapi.not_found", "There is no such route.").
			WithHint("All routes are listed at /docs.")
	ErrMediaType = fault.New(fault.Invalid, "localapi.media_type", "The body has to be sent as application/json.").
			WithHint("Send the header Content-Type: application/json.")
	ErrBodyTooLarge = fault.New(fault.Invalid, "localapi.body_too_large", "The body is larger than 1 MiB.").
			WithHint("Send less in one request.")
	ErrBodyUnread = fault.New(fault.Invalid, "localapi.body_unread", "The body did not arrive whole.").
			WithHint("Send the whole body within 15 seconds.")
	ErrBrokenJSON = fault.New(fault.Invalid, "localapi.broken_json", "The body is not valid JSON.").
			WithHint("Check it with a JSON parser. Only one object is taken, in UTF-8.")
	ErrTooDeep = fault.New(fault.Invalid, "localapi.too_deep", "The body is nested deeper than 64 levels.").
			WithHint("Send flat objects, as the examples at /docs are.")
	ErrBody = fault.New(fault.Invalid, "localapi.body", "The body does not fit this route.").
		WithHint("The members that a route takes are listed at /docs.")
	ErrQuery = fault.New(fault.Invalid, "localapi.query", "The query of the address does not fit this route.").
			WithHint("The parameters that a route takes are listed at /docs.")
	ErrIdempotencyKey = fault.New(fault.Invalid, "localapi.idempotency_key", "The header Idempotency-Key cannot be read.").
				WithHint(`Send one text of 1 to 200 visible characters, as in Idempotency-Key: "8e03978e-40d5-43dd".`)
	ErrBusy = fault.New(fault.Unavailable, "localapi.busy", "Too many connections are open.").
		WithHint("Try again in a moment, and use one connection for several requests.")
)

// What State gives as the reason why the door is not open.
var (
	ErrPortTaken = fault.New(fault.Unavailable, "localapi.port_taken", "Another program uses this port.").
			WithHint("End that program, or choose another port here and tell the callers.")
	ErrPortDenied = fault.New(fault.Unavailable, "localapi.port_denied", "This computer does not let Keydesk use this port.").
			WithHint("Choose a port from 1024 to 65535.")
	ErrPortRange = fault.New(fault.Invalid, "localapi.port_range", "A port is a number from 1 to 65535.").
			WithHint("Choose a port from 1024 to 65535; 7373 is the usual one.")
	ErrAddressUnknown = fault.New(fault.Unavailable, "localapi.address_unknown", "This computer does not have this address now.").
				WithHint("Choose an address of this computer, or connect it to the network.")
	ErrAddressKind = fault.New(fault.Invalid, "localapi.address_kind", "This is no address of one computer in a network.").
			WithHint("Choose single addresses of this computer.")
	ErrCertificateNeeded = fault.New(fault.Unavailable, "localapi.certificate_needed", "The office network needs a certificate, and there is none.").
				WithHint("Let Keydesk make one, or give one.")
	ErrListen = fault.New(fault.Unavailable, "localapi.listen", "The local API cannot be opened.").
			WithHint("Switch it off and on again. The log says more.")
)

// errPlainBeyondLoopback is a fault in Keydesk itself: nothing a person chooses
// leads to it.
var errPlainBeyondLoopback = fault.New(fault.Internal, "localapi.plain", "Beyond this computer the local API speaks TLS only.")
