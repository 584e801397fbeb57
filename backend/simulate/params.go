package simulate

import (
	"encoding/json"
	"slices"
	"strings"

	"keydesk/backend/provider"
)

// params compares query and body with the template's parameters. If a parameter
// depends on a choice that is not sent, the choice that fits best counts.
func (i *inspector) params() {
	var best []finding
	for n, combination := range i.combinations() {
		if i.budget.Err() != nil {
			return
		}
		try := *i
		try.found = nil
		try.against(combination)
		if n == 0 || len(try.found) < len(best) {
			best = try.found
		}
	}
	i.found = append(i.found, best...)
}

// combinations lists the values that channel and choices may have had.
func (i *inspector) combinations() []map[string]string {
	values := map[string][]string{}
	note := func(when string) {
		name, _, found := strings.Cut(when, "=")
		if !found || values[name] != nil {
			return
		}
		if name == "channel" {
			values[name] = i.p.Channels
			return
		}
		f, _ := i.p.Field(name)
		values[name] = f.Choices
		for _, param := range i.p.Request.Params {
			if got := i.received(param); param.Value == "{{"+name+"}}" && len(got) == 1 {
				values[name] = got
			}
		}
	}
	for _, param := range i.p.Request.Params {
		note(param.When)
	}
	for _, f := range i.p.Fields {
		note(f.When)
	}
	list := []map[string]string{{}}
	for name, all := range values {
		var longer []map[string]string
		for _, value := range all {
			for _, old := range list {
				// Each choice multiplies them.
				if !i.budget.Work(int64(100*(1+len(old)))) || !i.budget.Keep(int64(400+50*len(old))) {
					return nil
				}
				next := map[string]string{name: value}
				for k, v := range old {
					next[k] = v
				}
				longer = append(longer, next)
			}
		}
		list = longer
	}
	return list
}

func holds(when string, combination map[string]string) bool {
	name, want, found := strings.Cut(when, "=")
	return !found || slices.Contains(strings.Split(want, "|"), combination[name])
}

// received is what was sent under the name of a parameter.
func (i *inspector) received(param provider.Param) []string {
	if i.inQuery(param) {
		return i.query[strings.ReplaceAll(param.Name, `\`, "")]
	}
	return i.sent.values(param.Name)
}

func (i *inspector) inQuery(param provider.Param) bool {
	switch i.p.Request.Method {
	case "GET", "HEAD", "DELETE", "OPTIONS":
		return param.In != "body"
	}
	return param.In == "query" || strings.HasPrefix(i.p.Request.Body, "raw_") || i.p.Request.Body == "none"
}

func (i *inspector) against(combination map[string]string) {
	for _, param := range i.p.Request.Params {
		if param.In == "nowhere" || !holds(param.When, combination) {
			continue
		}
		got := i.received(param)
		if len(got) == 0 && param.Optional {
			continue
		}
		where := "body"
		if i.inQuery(param) {
			where = "query"
		}
		if param.Type == "json" && len(got) == 1 {
			if !json.Valid([]byte(got[0])) {
				i.add(other, "%s does not hold valid JSON.", param.Name)
			}
			continue
		}
		i.typed(param)
		i.one(got, param.Name, param.Value, where)
	}
	for _, rows := range i.p.Rows {
		if rows.JSON == nil {
			continue
		}
		if got := i.sent.values(rows.JSON.Param); len(got) == 1 && !json.Valid([]byte(got[0])) {
			i.add(other, "%s does not hold valid JSON.", rows.JSON.Param)
		}
	}
	i.groups(combination)
}

// one compares the values sent under a name with the template's value.
func (i *inspector) one(got []string, name, template, where string) {
	k := other
	if isNumber(template) {
		k = number
	}
	expression := i.expression(template, plain)
	for _, rows := range i.p.Rows {
		if rows.Append != nil && rows.Append.Param == name {
			expression += "(?:" + i.expression(rows.Append.Text, plain) + ")*"
		}
	}
	switch {
	case len(got) == 0:
		i.add(other, "%s is missing in the %s.", name, where)
	case len(got) > 1:
		i.add(other, "%s is there %d times.", name, len(got))
	case got[0] == "":
		i.add(k, "%s is empty.", name)
	case !i.fits(expression, got[0]):
		if k == number {
			i.add(k, "%s is not a number that %s accepts.", name, i.p.Service)
			return
		}
		if i.isAddress(template) {
			i.add(k, "%s is not an e-mail address.", name)
			return
		}
		i.add(k, "%s does not hold what %s expects.", name, i.p.Service)
	}
}

// typed checks the type of a JSON member: many providers refuse a number where
// they want text.
func (i *inspector) typed(param provider.Param) {
	if i.sent.types == nil {
		return
	}
	got, found := i.sent.types[param.Name]
	want := param.Type
	if want == "" {
		want = "text"
	}
	if found && got != want && want != "json" {
		i.add(other, "%s is %s; %s wants %s.", param.Name, got, i.p.Service, want)
	}
}

// groups checks that at least one field of each group is there.
func (i *inspector) groups(combination map[string]string) {
	for _, group := range i.p.OneOf {
		var names []string
		there := false
		for _, id := range group {
			f, _ := i.p.Field(id)
			if !holds(f.When, combination) {
				continue
			}
			for _, param := range i.p.Request.Params {
				if strings.Contains(param.Value, "{{"+id+"}}") && holds(param.When, combination) {
					names = append(names, param.Name)
					there = there || len(i.received(param)) > 0
				}
			}
		}
		if len(names) > 0 && !there {
			i.add(other, "One of %s is needed.", strings.Join(names, ", "))
		}
	}
}
