package localapi

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"keydesk/backend/fault"
)

// C01, C02, C03: the header is needed, its scheme is in any case, blanks around
// are tolerated, and what is malformed says what is wrong.
func TestCredential(t *testing.T) {
	const good = "kd_abcdefgh_0123456789"
	type h = http.Header
	for name, test := range map[string]struct {
		header http.Header
		want   string
		err    *fault.Error
		says   string
	}{
		"as printed":                {header: h{"Authorization": {"x-api-key " + good}}, want: good},
		"scheme in capitals":        {header: h{"Authorization": {"X-API-KEY " + good}}, want: good},
		"mixed case":                {header: h{"Authorization": {"X-Api-Key " + good}}, want: good},
		"bearer":                    {header: h{"Authorization": {"Bearer " + good}}, want: good},
		"bearer in small letters":   {header: h{"Authorization": {"bearer " + good}}, want: good},
		"own header":                {header: h{"X-Api-Key": {good}}, want: good},
		"blanks around":             {header: h{"Authorization": {"  x-api-key \t  " + good + " \t "}}, want: good},
		"a tab between":             {header: h{"Authorization": {"x-api-key\t" + good}}, want: good},
		"blanks around, own header": {header: h{"X-Api-Key": {"\t " + good + "  "}}, want: good},
		"40 hexadecimal characters (C35)": {header: h{"Authorization": {"x-api-key 1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c"}},
			want: "1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c"},
		"none":                      {header: h{}, err: ErrNoKey, says: "carries no API key"},
		"empty":                     {header: h{"Authorization": {""}}, err: ErrNoKey},
		"blanks alone":              {header: h{"X-Api-Key": {"  \t"}}, err: ErrNoKey, says: "empty"},
		"scheme alone":              {header: h{"Authorization": {"x-api-key"}}, err: ErrNoKey, says: "empty"},
		"key without scheme":        {header: h{"Authorization": {good}}, err: ErrKeyMalformed, says: "names no scheme"},
		"scheme with a colon":       {header: h{"Authorization": {"x-api-key: " + good}}, err: ErrKeyMalformed, says: "scheme"},
		"basic":                     {header: h{"Authorization": {"Basic dXNlcjpwYXNz"}}, err: ErrKeyMalformed, says: "scheme"},
		"a blank inside":            {header: h{"Authorization": {"x-api-key kd_abcdefgh _0123456789"}}, err: ErrKeyMalformed, says: "blank inside"},
		"two keys in one header":    {header: h{"X-Api-Key": {good + ", " + good}}, err: ErrKeyMalformed, says: "blank inside"},
		"not ASCII":                 {header: h{"X-Api-Key": {"kd_äbcdefgh"}}, err: ErrKeyMalformed, says: "character"},
		"a line end":                {header: h{"X-Api-Key": {good + "\n"}}, err: ErrKeyMalformed, says: "character"},
		"NUL":                       {header: h{"X-Api-Key": {good + "\x00"}}, err: ErrKeyMalformed, says: "character"},
		"too long":                  {header: h{"X-Api-Key": {strings.Repeat("a", maxCredential+1)}}, err: ErrKeyMalformed, says: "too long"},
		"two of the same":           {header: h{"Authorization": {"x-api-key " + good, "x-api-key " + good}}, err: ErrTwoCredentials},
		"two of the other":          {header: h{"X-Api-Key": {good, good}}, err: ErrTwoCredentials},
		"one of each":               {header: h{"Authorization": {"x-api-key " + good}, "X-Api-Key": {good}}, err: ErrTwoCredentials},
		"one of each, one is empty": {header: h{"Authorization": {""}, "X-Api-Key": {good}}, err: ErrTwoCredentials},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := credential(test.header)
			if test.err == nil {
				if err != nil || got.Reveal() != test.want {
					t.Fatalf("got %q, %v", got.Reveal(), err)
				}
				return
			}
			if !errors.Is(err, test.err) || !strings.Contains(err.Error(), test.says) {
				t.Fatalf("got %v, want %v that says %q", err, test.err.Code, test.says)
			}
			if strings.Contains(err.Error(), "kd_") || !got.IsEmpty() {
				t.Fatalf("the refusal holds what was sent: %v", err)
			}
		})
	}
}
