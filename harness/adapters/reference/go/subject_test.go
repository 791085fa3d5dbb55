package main

import "testing"

func TestSubjects(t *testing.T) {
	header, payload := "$message.header#/ce-partitionkey", "$message.payload#/unit/priority"
	for name, test := range map[string]struct {
		location, key, body, want string
	}{
		"from a header":                    {header, "a/B_9=-", `{}`, "s.a/B_9=-.end"},
		"from the payload":                 {payload, "", `{"unit":{"priority":"high"}}`, "s.high.end"},
		"a number as JSON writes it":       {payload, "", `{"unit":{"priority":2}}`, "s.2.end"},
		"a header that is absent":          {header, "", `{}`, ""},
		"a field that is absent":           {payload, "", `{}`, ""},
		"a dot would be another token":     {header, "a.b", `{}`, ""},
		"a wildcard would hide":            {header, "*", `{}`, ""},
		"a space ends a subject":           {header, "a b", `{}`, ""},
		"a letter outside ASCII":           {header, "é", `{}`, ""},
		"a line end hides nothing":         {header, "a\n", `{}`, ""},
		"an object is no value":            {payload, "", `{"unit":{"priority":{}}}`, ""},
		"a location that is no expression": {"header", "a", `{}`, ""},
	} {
		flow := &Flow{Address: "s.{p}.end", Parameters: map[string]string{"p": test.location}}
		event := Event{map[string]string{}, []byte(test.body)}
		if test.key != "" {
			event.Headers["ce-partitionkey"] = test.key
		}
		value, _ := event.payload()
		if subject, ok := flow.subject(event, value); subject != test.want || ok != (test.want != "") {
			t.Errorf("%s: %q", name, subject)
		}
	}
}
