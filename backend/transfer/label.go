package transfer

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"keydesk/backend/fault"
	"keydesk/backend/setup"
)

// labels are the form's words for the inputs of a setup (UI.md, Form of a
// setup), by JSON path.
var labels = map[string]string{
	"place_id": "Process", "stage_id": "Stages", "channel": "Key For", "provider": "Provider", "provider_version": "Provider", "name": "Name",
	"request.method": "Method Type", "request.url": "API URL", "request.body_format": "Body format", "request.raw_body": "Body",
	"request.auth.type": "Auth Type", "request.auth.key_name": "Key", "request.auth.key_value": "Value", "request.auth.add_to": "Add to",
	"request.auth.token": "Token", "request.auth.username": "Username", "request.auth.password": "Password",
	"request.auth.header_prefix": "Header Prefix", "request.auth.token_url": "Token URL", "request.auth.client_id": "Client ID",
	"request.auth.client_secret": "Client Secret", "request.auth.scopes": "Scopes", "request.auth.client_in": "Client ID and secret",
	"options.timeout_seconds": "Time limit", "options.redirects": "Redirects", "options.skip_tls_check": "TLS check", "options.live_per_day": "Live messages a day, at most",
}

var rowPath = regexp.MustCompile(`^request\.(headers|params|stage_params|fixed)\[(\d+)\]`)

// enteredPath is the value of a provider's field that a choice hides.
var enteredPath = regexp.MustCompile(`^entered\.values\[(\d+)\]`)

// label names the input at a JSON path of a draft, a provider's field by the
// label in its file; "" if it has no name.
func (s *Service) label(draft setup.Draft, path string) string {
	path = strings.TrimPrefix(path, "draft.")
	if path == "request.auth.key_value" && draft.Request.Auth.KeyName != "" {
		return draft.Request.Auth.KeyName
	}
	if words := labels[path]; words != "" {
		return words
	}
	if hidden := enteredPath.FindStringSubmatch(path); hidden != nil && draft.Entered != nil {
		if at, err := strconv.Atoi(hidden[1]); err == nil && at < len(draft.Entered.Values) {
			return s.fieldLabel(draft.Provider, draft.Entered.Values[at].ID)
		}
	}
	if strings.HasPrefix(path, "rule") {
		return "What counts as accepted"
	}
	found := rowPath.FindStringSubmatch(path)
	if found == nil {
		return ""
	}
	at, err := strconv.Atoi(found[2])
	spec := draft.Request
	switch list := found[1]; {
	case err != nil:
	case list == "headers" && at < len(spec.Headers):
		return "Header " + spec.Headers[at].Name
	case list == "params" && at < len(spec.Params):
		return "Parameter " + spec.Params[at].Name
	case list == "stage_params" && at < len(spec.StageParams):
		return "Stage parameter " + spec.StageParams[at].Variable
	case list == "fixed" && at < len(spec.Fixed):
		return s.fieldLabel(draft.Provider, spec.Fixed[at].Name)
	}
	return ""
}

func (s *Service) fieldLabel(providerID, name string) string {
	if p, err := s.Providers.Get(providerID); err == nil {
		if field, found := p.Field(name); found {
			return field.Label
		}
	}
	return "Field " + name
}

func (s *Service) labelsOf(draft setup.Draft, paths []string) []string {
	names := make([]string, len(paths))
	for i, path := range paths {
		names[i] = s.label(draft, path)
	}
	return names
}

// problemsOf says why a save was refused, each sentence with the input it is
// about. An error that is not about the input is returned.
func (s *Service) problemsOf(draft setup.Draft, err error) ([]string, error) {
	var refused *fault.Error
	if !errors.As(err, &refused) || refused.Kind == fault.Internal || refused.Kind == fault.Unavailable {
		return nil, err
	}
	problems := []string{}
	for _, field := range refused.Fields {
		words := s.label(draft, field.Name)
		if words != "" {
			words += ": "
		}
		problems = append(problems, words+field.Message)
	}
	if len(problems) == 0 {
		problems = append(problems, strings.TrimSpace(refused.Message+" "+refused.Hint))
	}
	return problems, nil
}
