package main

import (
	"regexp"
	"strings"
)

var (
	parameterValue = regexp.MustCompile(`^[A-Za-z0-9/_=-]+$`)
	location       = regexp.MustCompile(`^\$message\.(header|payload)#(/.+)$`)
)

// subject is the channel's address, its parameters filled from the event (N2); false where a value is absent, or could not be part
// of a subject.
func (f *Flow) subject(event Event, payload any) (string, bool) {
	tokens := strings.Split(f.Address, ".")
	for i, token := range tokens {
		if !strings.HasPrefix(token, "{") {
			continue
		}
		value := valueOf(f.Parameters[strings.Trim(token, "{}")], event, payload)
		if !parameterValue.MatchString(value) {
			return "", false
		}
		tokens[i] = value
	}
	return strings.Join(tokens, "."), true
}

func valueOf(runtimeExpression string, event Event, payload any) string {
	parts := location.FindStringSubmatch(runtimeExpression)
	if parts == nil {
		return ""
	}
	if parts[1] == "header" {
		return event.Headers[strings.ToLower(parts[2][1:])]
	}
	values := valuesAt(payload, parts[2])
	if len(values) == 0 {
		return ""
	}
	text, _ := textOf(values[0])
	return text
}
