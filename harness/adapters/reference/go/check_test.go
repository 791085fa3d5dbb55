package main

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// task is an event that passes the check of the channel tasks.
func task() Event {
	return Event{map[string]string{
		"ce-specversion":     "1.0",
		"ce-id":              "t1",
		"ce-source":          "urn:test",
		"ce-type":            "Task",
		"ce-time":            "2026-03-29T01:30:00.5+01:00",
		"ce-datacontenttype": "application/json",
		"ce-classification":  "OFFICIAL",
	}, []byte(`{"taskId":"t1","priority":2,"openedAt":"2026-03-29T01:30:00Z","dueAt":"2026-03-29T03:30:00+02:00"}`)}
}

func with(name, value string) Event {
	event := task()
	event.Headers[name] = value
	return event
}

func without(name string) Event {
	event := task()
	delete(event.Headers, name)
	return event
}

func body(text string) Event { return Event{task().Headers, []byte(text)} }

func TestTheCheck(t *testing.T) {
	flow := sample(t)["tasks"]
	for name, test := range map[string]struct {
		event Event
		fault string // part of the error; "" where the event passes
	}{
		"a sound event passes":                     {task(), ""},
		"a malformed traceparent is not looked at": {with("traceparent", "nonsense"), ""},
		"an unknown attribute passes":              {with("ce-other", "x"), ""},
		"an unknown field passes":                  {body(`{"taskId":"t1","priority":2,"new":[{}]}`), ""},
		"an absent attribute is missed":            {without("ce-source"), "headers"},
		"a time needs an offset":                   {with("ce-time", "2026-03-29T01:30:00"), "headers"},
		"another media type is refused":            {with("ce-datacontenttype", "text/json"), "headers"},
		"an unknown classification is refused":     {with("ce-classification", "SECRET"), "classification"},
		"an absent classification is refused":      {without("ce-classification"), "headers"},
		"a classification over the ceiling":        {with("ce-classification", "OFFICIAL-SENSITIVE"), "classification"},
		"a type of another channel is refused":     {with("ce-type", "TaskRefused"), "ce-type"},
		"an absent type is refused":                {without("ce-type"), "ce-type"},
		"a body that is no JSON is refused":        {body(`{"taskId":`), "JSON"},
		"two values are no JSON":                   {body(`{} {}`), "JSON"},
		"text that is no UTF-8 is refused":         {body("{\"taskId\":\"\xff\"}"), "JSON"},
		"a byte order mark is no JSON":             {body("\ufeff{}"), "JSON"},
		"the schema is asked":                      {body(`{"taskId":"t1","priority":0}`), "payload"},
		"formats are asserted":                     {body(`{"taskId":"t1","priority":1,"on":"2026-02-30"}`), "payload"},
		"rules are asked":                          {with("ce-id", "t2"), "equals-header"},
		"so many bytes as there may be pass":       {body(padded(200)), ""},
		"a rule of two fields":                     {body(`{"taskId":"t1","priority":1,"openedAt":"2026-03-29T01:30:00Z","dueAt":"2026-03-29T01:30:00+01:00"}`), "not-before"},
	} {
		payload, err := flow.check(test.event)
		switch {
		case test.fault == "" && (err != nil || payload == nil):
			t.Errorf("%s: %v", name, err)
		case test.fault != "" && (err == nil || !strings.Contains(err.Error(), test.fault)):
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := flow.check(body(padded(201))); !errors.Is(err, errTooLarge) {
		t.Errorf("one byte more than there may be: %v", err)
	}
}

func padded(bytes int) string {
	const start, end = `{"taskId":"t1","priority":1,"note":"`, `"}`
	return start + strings.Repeat("x", bytes-len(start)-len(end)) + end
}

func TestAFaultQuotesNothingOfTheEvent(t *testing.T) {
	flow := sample(t)["tasks"]
	for _, event := range []Event{with("ce-time", "canary"), body(`{"taskId":"canary","priority":"canary"}`), body(`canary`)} {
		if _, err := flow.check(event); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%v", err)
		}
	}
}

// The examples of the repository's own contracts: those that are there to be taken, and those that are there to be refused.
func TestTheExamplesOfTheContracts(t *testing.T) {
	documents, err := filepath.Glob("../../../../contracts/*/asyncapi.yaml")
	if err != nil || len(documents) == 0 {
		t.Skip("this folder was copied out of the repository: there are no contracts beside it")
	}
	for _, document := range documents {
		contract, err := readContract(document)
		if err != nil {
			t.Fatal(err)
		}
		messages := Messages{}
		for _, flow := range contract {
			maps.Copy(messages, flow.Messages)
			maps.Copy(messages, flow.Replies)
		}
		examples, _ := filepath.Glob(filepath.Join(filepath.Dir(document), "examples", "*.json"))
		if len(examples) == 0 {
			t.Errorf("%s has no examples", document)
		}
		for _, example := range examples {
			text, err := os.ReadFile(example)
			if err != nil {
				t.Fatal(err)
			}
			name, _, _ := strings.Cut(filepath.Base(example), ".")
			valid := strings.HasSuffix(example, ".valid.json")
			if got := takes(messages[name], text); got != valid {
				t.Errorf("%s: taken %t", example, got)
			}
		}
	}
}

// takes judges a payload alone: rules that speak of headers are left out.
func takes(message *Message, text []byte) bool {
	payload, ok := Event{Body: text}.payload()
	if !ok || message.Payload.Validate(payload) != nil {
		return false
	}
	for _, rule := range message.Rules {
		if rule.Rule != "equals-header" && !rule.holds(payload, nil) {
			return false
		}
	}
	return true
}
