package simulate

import (
	"net/http"

	"keydesk/backend/provider"
)

const page = "<!doctype html><html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1><p>The proxy could not reach the server.</p></body></html>\n"

// malformed is the answer to a request with a fault outside its credentials and
// number. No file describes it.
const malformed provider.Outcome = "malformed"

// answer is the file's answer for an outcome. If the file says that none is
// documented, it is a status alone, for the general rule of R8.
func answer(p *provider.Provider, outcome provider.Outcome) (a provider.Answer, known bool) {
	if a, described := p.Simulator[outcome]; described {
		return a, true
	}
	accepted := p.Simulator[provider.Accepted]
	html := map[string]string{"Content-Type": "text/html; charset=utf-8"}
	switch outcome {
	case provider.Accepted:
		return provider.Answer{Status: http.StatusOK}, true
	case provider.Slow:
		accepted.DelayMs = 5000
		return accepted, true
	case provider.WrongCredentials:
		return provider.Answer{Status: http.StatusUnauthorized}, true
	case provider.BadNumber, malformed:
		return provider.Answer{Status: http.StatusBadRequest}, true
	case provider.NoBalance:
		return provider.Answer{Status: http.StatusPaymentRequired}, true
	case provider.Throttled:
		return provider.Answer{Status: http.StatusTooManyRequests, Headers: map[string]string{"Retry-After": "2"}}, true
	case provider.Broken:
		return provider.Answer{Status: accepted.Status, Headers: map[string]string{"Content-Type": "application/json"}, Body: `{"broken":`}, true
	case ProxyPage:
		return provider.Answer{Status: http.StatusBadGateway, Headers: html, Body: page}, true
	case HTMLPage:
		return provider.Answer{Status: http.StatusOK, Headers: html, Body: page}, true
	case Redirect:
		return provider.Answer{Status: http.StatusTemporaryRedirect, Headers: map[string]string{"Location": "https://elsewhere.example/collect"}}, true
	case RefusedIn200:
		a, _ := answer(p, provider.BadNumber)
		a.Status = http.StatusOK
		return a, true
	}
	return provider.Answer{}, false
}
