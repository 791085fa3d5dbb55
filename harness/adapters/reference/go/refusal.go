package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// refusal makes the message of that name that says no to an event, to travel on this flow (Q6). Of the ways to fill it the first is
// taken that passes the check: what is wrong with the refused event must not make its refusal invalid too.
func (f *Flow) refusal(name, application string, refused Event, reason string) (Event, error) {
	message := f.message(name)
	if message == nil {
		return Event{}, fmt.Errorf("x-flow.refusal names no message of channel %s: %s", f.Channel, name)
	}
	headers := refusalHeaders(message, application, refused)
	expiring := maps.Clone(headers)
	expiring["ce-expirytime"] = timestamp(time.Now().Add(time.Duration(f.ExpiryMs) * time.Millisecond))
	payload, _ := refused.payload()
	members, _ := payload.(map[string]any)
	var drafts []Event
	for _, copied := range []map[string]any{members, nil} {
		body, err := json.Marshal(refusalPayload(message.Payload, copied, reason))
		if err != nil {
			return Event{}, err
		}
		drafts = append(drafts, Event{headers, body}, Event{expiring, body})
	}
	for _, draft := range drafts {
		if _, err := f.check(draft); err == nil {
			return draft, nil
		}
	}
	return drafts[0], nil
}

func refusalHeaders(message *Message, application string, refused Event) map[string]string {
	headers := map[string]string{
		"ce-specversion":     "1.0",
		"ce-id":              refused.id() + "-refused",
		"ce-source":          "urn:application:" + application,
		"ce-type":            message.Name,
		"ce-time":            timestamp(time.Now()),
		"ce-datacontenttype": "application/json",
		"ce-dataschema":      dataSchema(message.Headers),
		"ce-causationid":     refused.id(),
	}
	for _, name := range []string{"ce-correlationid", "ce-classification", "ce-partitionkey", "traceparent", "tracestate"} {
		if value, ok := refused.Headers[name]; ok {
			headers[name] = value
		}
	}
	return headers
}

// refusalPayload fills the fields that the schema names: the reason where it goes, the others as the refused payload has them.
func refusalPayload(schema *jsonschema.Schema, refused map[string]any, reason string) map[string]any {
	filled := map[string]any{}
	for name := range properties(schema) {
		switch name {
		case "code":
			filled[name] = reason
		case "reasonCodes":
			filled[name] = []string{reason}
		case "retryable":
			filled[name] = reason == "unavailable"
		default:
			if value, ok := refused[name]; ok {
				filled[name] = value
			}
		}
	}
	return filled
}

// properties are the properties of an object schema, with those of its $ref and allOf.
func properties(schema *jsonschema.Schema) map[string][]*jsonschema.Schema {
	found := map[string][]*jsonschema.Schema{}
	var add func(*jsonschema.Schema)
	add = func(schema *jsonschema.Schema) {
		if schema == nil {
			return
		}
		for name, property := range schema.Properties {
			found[name] = append(found[name], property)
		}
		add(schema.Ref)
		for _, part := range schema.AllOf {
			add(part)
		}
	}
	add(schema)
	return found
}

// dataSchema is the one ce-dataschema that a header schema allows.
func dataSchema(headers *jsonschema.Schema) string {
	for _, property := range properties(headers)["ce-dataschema"] {
		if property.Const != nil {
			text, _ := (*property.Const).(string)
			return text
		}
	}
	return ""
}

func timestamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z07:00") }
