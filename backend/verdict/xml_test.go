package verdict

import "testing"

// R8: an XML element is there also where its attributes alone say something, so
// that "absent" does not hold of <ERROR CODE="28682"/>. One that says nothing is
// not there, as an empty text in JSON is not.
func TestElementsWithoutText(t *testing.T) {
	for body, there := range map[string]bool{
		`<M><ERROR SEQ="1" CODE="28682"/></M>`:     true,
		`<M><ERROR>x</ERROR></M>`:                  true,
		`<M><ERROR/><ERROR CODE="1"/></M>`:         true,
		`<M><ERROR><Detail code="7"/></ERROR></M>`: true,
		`<M/>`:            false,
		`<M><ERROR/></M>`: false,
		`<M><ERROR><Code/><Text> </Text></ERROR></M>`:                                                 false,
		`<M><ERROR CODE=""/></M>`:                                                                     false,
		`<M><ERROR xmlns="urn:a" xmlns:b="urn:b"/></M>`:                                               false,
		`<M xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><ERROR i:nil="true" i:type="x"/></M>`: false,
	} {
		for _, test := range []Test{Present, Absent} {
			rule := &Rule{Conditions: []Condition{{FromXML, "//*[local-name()='ERROR']", test, ""}}}
			want := Unclear
			if there == (test == Present) {
				want = Accepted
			}
			if got := Evaluate(t.Context(), rule, nil, "Acme", answered(200, body)); got.Verdict != want {
				t.Errorf("%s in %s: %s, %s", test, body, got.Verdict, got.Reason)
			}
		}
	}
}
