package main

import (
	"errors"
	"fmt"
	"path"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// classifications, from low to high.
var classifications = []string{"OFFICIAL", "OFFICIAL-SENSITIVE"}

var errTooLarge = errors.New("body over x-flow.maxBytes")

// check is the check of both sides of the bus (E5). It gives the payload of an event that passes. An error says what is wrong and
// where in the contract that stands, and never quotes the event: it is logged (L4).
func (f *Flow) check(event Event) (any, error) {
	if len(event.Body) > f.MaxBytes {
		return nil, errTooLarge
	}
	message := f.message(event.kind())
	if message == nil {
		return nil, errors.New("ce-type names no message of the channel")
	}
	if err := f.checkHeaders(message, event); err != nil {
		return nil, err
	}
	payload, ok := event.payload()
	if !ok {
		return nil, errors.New("body is not JSON in UTF-8")
	}
	if err := message.Payload.Validate(payload); err != nil {
		return nil, fmt.Errorf("payload: %w", fault(err))
	}
	for _, rule := range message.Rules {
		if !rule.holds(payload, event.Headers) {
			return nil, fmt.Errorf("rule %s at %s", rule.Rule, rule.Field)
		}
	}
	return payload, nil
}

func (f *Flow) checkHeaders(message *Message, event Event) error {
	headers := map[string]any{}
	for name, value := range event.Headers {
		headers[name] = value
	}
	if err := message.Headers.Validate(headers); err != nil {
		return fmt.Errorf("headers: %w", fault(err))
	}
	level := slices.Index(classifications, event.Headers["ce-classification"])
	if level < 0 || level > slices.Index(classifications, f.Classification) {
		return errors.New("ce-classification is unknown, or over x-flow.classification")
	}
	return nil
}

// fault names the keyword that is not met and the schema that it stands in. The library's own message quotes values.
func fault(err error) error {
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return errors.New("not valid")
	}
	for len(invalid.Causes) > 0 {
		invalid = invalid.Causes[0]
	}
	return fmt.Errorf("%v in %s", invalid.ErrorKind.KeywordPath(), path.Base(invalid.SchemaURL))
}
