package provider

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// idPlace is the place of an id that is new in each answer.
var idPlace = regexp.MustCompile(`\{\{(hex|digits|uuid)(?::([0-9]{1,3}))?\}\}`)

// Fill is the answer with its ids filled in. Equal numbers give equal ids.
func (a Answer) Fill(number int) Answer {
	count := 0
	fill := func(text string) string {
		return idPlace.ReplaceAllStringFunc(text, func(place string) string {
			count++
			m := idPlace.FindStringSubmatch(place)
			length, _ := strconv.Atoi(m[2])
			sum := sha256.Sum256([]byte(fmt.Sprintf("%d/%d", number, count)))
			digits := hex.EncodeToString(sum[:])
			switch m[1] {
			case "uuid":
				return digits[:8] + "-" + digits[8:12] + "-4" + digits[13:16] + "-8" + digits[17:20] + "-" + digits[20:32]
			case "digits":
				// A number must not begin with 0.
				digits = strings.Map(func(r rune) rune { return '1' + r%9 }, digits)
			}
			return strings.Repeat(digits, length/len(digits)+1)[:length]
		})
	}
	headers := make(map[string]string, len(a.Headers))
	for name, value := range a.Headers {
		headers[name] = fill(value)
	}
	a.Headers, a.Body = headers, fill(a.Body)
	if a.Body != "" && headers["Content-Type"] == "" {
		headers["Content-Type"] = "text/plain; charset=utf-8"
		if strings.HasPrefix(a.Body, "{") || strings.HasPrefix(a.Body, "[") {
			headers["Content-Type"] = "application/json"
		}
	}
	return a
}
