package process

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"keydesk/backend/fault"
)

// Record is the values of one call by the names of their stage fields, cleaned
// and checked by their types. Only CleanRecord makes one, so that whatever takes
// a Record cannot be given what was typed.
type Record struct{ values map[string]string }

// Values gives the values. The caller does not change them.
func (r Record) Values() map[string]string { return r.values }

// CleanRecord cleans a record and checks every value by the type of its field. A
// value of no field here is a text. Faults: code, with a message at
// "record.<name>" of each value that does not fit.
func CleanRecord(fields []Field, record map[string]string, country, code string) (Record, error) {
	kinds := make(map[string]FieldType, len(fields))
	for _, field := range fields {
		kinds[field.Name] = field.Type
	}
	clean := Record{values: make(map[string]string, len(record))}
	var problems fault.Fields
	names := []string{}
	note := func(name string) {
		typed, given := record[name]
		if _, done := clean.values[name]; done || !given {
			return
		}
		kind, known := kinds[name]
		if !known {
			kind = Text
		}
		value, problem := CleanValue(kind, typed, country)
		if problem != "" {
			problems.Add("record."+name, "%s", problem)
			names = append(names, name)
		}
		clean.values[name] = value
	}
	for _, field := range fields {
		note(field.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(record)) {
		note(name)
	}
	switch len(problems) {
	case 0:
		return clean, nil
	case 1:
		return Record{}, recordFault(problems, code, fmt.Sprintf("%s: %s", names[0], problems[0].Message))
	}
	return Record{}, recordFault(problems, code, "These values do not fit their stage fields: "+strings.Join(names, ", ")+".")
}

func recordFault(problems fault.Fields, code, message string) error {
	e := fault.New(fault.Invalid, code, message)
	e.Fields = problems
	return e
}

// Samples is the sample values of fields as a record, not cleaned yet.
func Samples(fields []Field) map[string]string {
	record := make(map[string]string, len(fields))
	for _, field := range fields {
		record[field.Name] = field.Sample
	}
	return record
}
