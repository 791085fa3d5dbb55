package main

import "testing"

func TestRules(t *testing.T) {
	equals := Rule{Rule: "equals-header", Field: "/a", Header: "ce-x"}
	items := Rule{Rule: "equals-header", Field: "/list/*/a", Header: "ce-x"}
	check := Rule{Rule: "check-character", Field: "/a", Alphabet: "ZABCDEFGHJKLMNPQRTUVWXY"}
	sliced := Rule{Rule: "check-character", Field: "/a", Alphabet: "ABC", Slices: [][2]int{{2, -1}, {0, 2}}}
	before := Rule{Rule: "not-before", Field: "/a", Other: "/b"}
	count := Rule{Rule: "count", Field: "/n", Of: "/list/*"}
	sum := Rule{Rule: "sum", Field: "/n", Of: "/list/*/a"}
	for _, test := range []struct {
		name    string
		rule    Rule
		payload string
		header  string // ce-x; "" for none
		holds   bool
	}{
		{"equal texts", equals, `{"a":"v"}`, "v", true},
		{"other texts", equals, `{"a":"v"}`, "w", false},
		{"letters of another case", equals, `{"a":"v"}`, "V", false},
		{"a number as JSON writes it", equals, `{"a":5.0}`, "5", true},
		{"a large number", equals, `{"a":123456789012}`, "123456789012", true},
		{"a truth value", equals, `{"a":true}`, "true", true},
		{"null equals nothing", equals, `{"a":null}`, "null", false},
		{"a field that is absent", equals, `{}`, "v", true},
		{"a header that is absent", equals, `{"a":""}`, "", false},
		{"every item", items, `{"list":[{"a":"v"},{},{"a":"v"}]}`, "v", true},
		{"one of the items", items, `{"list":[{"a":"v"},{"a":"w"}]}`, "v", false},
		{"no array, no items", items, `{"list":{"*":{"a":"w"}}}`, "v", false},

		{"the right check character", check, `{"a":"12-345T"}`, "", true}, // 12345 mod 23 = 17
		{"the wrong check character", check, `{"a":"12-345R"}`, "", false},
		{"no digits", check, `{"a":"Z"}`, "", false},
		{"an empty text", check, `{"a":""}`, "", false},
		{"more digits than a number holds", check, `{"a":"99999999999999999999999N"}`, "", false},
		{"a number is no text", check, `{"a":120}`, "", false},
		{"slices in their order", sliced, `{"a":"01345B"}`, "", true}, // 34501 mod 3 = 1
		{"slices end with the text", sliced, `{"a":"1B"}`, "", true},

		{"later", before, `{"a":"2026-01-01T01:00:00Z","b":"2026-01-01T00:00:00Z"}`, "", true},
		{"at the same time elsewhere", before, `{"a":"2026-01-01T00:00:00Z","b":"2026-01-01T01:00:00+01:00"}`, "", true},
		{"earlier", before, `{"a":"2026-01-01T00:00:00Z","b":"2026-01-01T00:00:00.001Z"}`, "", false},
		{"one of them alone", before, `{"a":"2026-01-01T00:00:00Z"}`, "", true},
		{"no time", before, `{"a":"soon","b":"2026-01-01T00:00:00Z"}`, "", false},

		{"as many", count, `{"n":2,"list":[1,2]}`, "", true},
		{"fewer", count, `{"n":2,"list":[1]}`, "", false},
		{"none of what is absent", count, `{"n":0}`, "", true},
		{"a text is no count", count, `{"n":"1","list":[1]}`, "", false},

		{"the sum", sum, `{"n":3,"list":[{"a":1},{"a":2}]}`, "", true},
		{"another sum", sum, `{"n":4,"list":[{"a":1},{"a":2}]}`, "", false},
		{"parts of a whole", sum, `{"n":1,"list":[{"a":0.5},{"a":0.5}]}`, "", false},
		{"beyond exact arithmetic", sum, `{"n":9007199254740992,"list":[{"a":9007199254740991},{"a":1}]}`, "", false},
		{"a rule that is unknown holds for nothing", Rule{Rule: "new", Field: "/a"}, `{"a":1}`, "", false},
	} {
		payload, ok := Event{Body: []byte(test.payload)}.payload()
		if !ok {
			t.Fatalf("%s: no JSON", test.name)
		}
		headers := map[string]string{}
		if test.header != "" {
			headers["ce-x"] = test.header
		}
		if holds := test.rule.holds(payload, headers); holds != test.holds {
			t.Errorf("%s: holds %t", test.name, holds)
		}
	}
}

func TestAnUnknownRuleIsRefused(t *testing.T) {
	if err := (Rule{Rule: "new"}).known(); err == nil {
		t.Error("a contract with a rule that is not kept was read")
	}
}

func TestPointersAreUnescaped(t *testing.T) {
	payload, _ := Event{Body: []byte(`{"a/b":{"~":[7,8]}}`)}.payload()
	if found := valuesAt(payload, "/a~1b/~0/1"); len(found) != 1 || found[0] != 8.0 {
		t.Errorf("%v", found)
	}
}
