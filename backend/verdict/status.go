package verdict

import (
	"fmt"
	"strconv"
	"strings"
)

// statusSet is a set of HTTP statuses as ranges.
type statusSet [][2]int

// parseStatus reads "200-299", "200,202" or both mixed; empty is 200-299.
func parseStatus(text string) (statusSet, error) {
	if strings.TrimSpace(text) == "" {
		return statusSet{{200, 299}}, nil
	}
	var set statusSet
	for part := range strings.SplitSeq(text, ",") {
		from, to, ranged := strings.Cut(strings.TrimSpace(part), "-")
		low, err := parseOne(from)
		high := low
		if err == nil && ranged {
			high, err = parseOne(to)
		}
		if err != nil {
			return nil, err
		}
		if high < low {
			return nil, fmt.Errorf("%d-%d runs backwards", low, high)
		}
		set = append(set, [2]int{low, high})
	}
	return set, nil
}

func parseOne(text string) (int, error) {
	text = strings.TrimSpace(text)
	status, err := strconv.Atoi(text)
	if err != nil || len(text) != 3 || status < 100 || status > 599 {
		return 0, fmt.Errorf("%q is not a status from 100 to 599", text)
	}
	return status, nil
}

func (s statusSet) holds(status int) bool {
	for _, r := range s {
		if status >= r[0] && status <= r[1] {
			return true
		}
	}
	return false
}
