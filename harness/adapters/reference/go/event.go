package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nats-io/nats.go"
)

// Event is a CloudEvent in binary mode, as it travels on NATS: headers ce-*, traceparent and tracestate, names in lower case, and
// the payload alone as the body. Both cross the adapter byte for byte (E1, E3).
type Event struct {
	Headers map[string]string
	Body    []byte
}

// crosses says whether a header is copied between HTTP and NATS (E2).
func crosses(name string) bool {
	return strings.HasPrefix(name, "ce-") || name == "traceparent" || name == "tracestate"
}

// eventFromHTTP takes the event out of a request or a response. HTTP has ce-datacontenttype as Content-Type.
func eventFromHTTP(header http.Header, body []byte) Event {
	event := Event{map[string]string{}, body}
	for name, values := range header {
		if name := strings.ToLower(name); crosses(name) && len(values) > 0 {
			event.Headers[name] = values[0]
		}
	}
	delete(event.Headers, "ce-datacontenttype")
	if types := header.Values("Content-Type"); len(types) > 0 {
		event.Headers["ce-datacontenttype"] = types[0]
	}
	return event
}

// toHTTP sets the event's headers.
func (e Event) toHTTP(header http.Header) {
	for name, value := range e.Headers {
		if name == "ce-datacontenttype" {
			header.Set("Content-Type", value)
		} else {
			header.Set(name, value)
		}
	}
}

// structured says whether a Content-Type is that of an event in structured or batch mode (E4).
func structured(contentType string) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(contentType)), "application/cloudevents")
}

func eventFromNATS(header nats.Header, body []byte) Event {
	event := Event{map[string]string{}, body}
	for name, values := range header {
		if crosses(name) && len(values) > 0 {
			event.Headers[name] = values[0]
		}
	}
	return event
}

// toNATS is the event as a message; nats.Header.Set keeps the case of names.
func (e Event) toNATS(subject string) *nats.Msg {
	msg := &nats.Msg{Subject: subject, Header: nats.Header{}, Data: e.Body}
	for name, value := range e.Headers {
		msg.Header.Set(name, value)
	}
	return msg
}

// isEvent says whether an answer holds an event, sound or not: one attribute is enough.
func (e Event) isEvent() bool {
	for name := range e.Headers {
		if strings.HasPrefix(name, "ce-") && name != "ce-datacontenttype" {
			return true
		}
	}
	return false
}

func (e Event) id() string   { return e.Headers["ce-id"] }
func (e Event) kind() string { return e.Headers["ce-type"] }

// messageID names the event for the bus, which stores one id once: source and id are unique together (S3).
func (e Event) messageID() string { return e.Headers["ce-source"] + " " + e.id() }

// valueName names that of which a last-value event is a value: type and key.
func (e Event) valueName() string { return e.kind() + " " + e.Headers["ce-partitionkey"] }

// time is ce-time or ce-expirytime; false where there is none.
func (e Event) time(name string) (time.Time, bool) { return parseTime(e.Headers[name]) }

func (e Event) expired() bool {
	expiry, ok := e.time("ce-expirytime")
	return ok && !expiry.After(time.Now())
}

// digest is of type and body: two events of one id with the same digest are the same. It never leaves the process.
func (e Event) digest() [sha256.Size]byte {
	return sha256.Sum256(bytes.Join([][]byte{[]byte(e.kind()), e.Body}, []byte{0}))
}

// payload is the body as JSON in UTF-8; false where it is not. Numbers are float64, as in every JSON that crosses languages.
func (e Event) payload() (any, bool) {
	var value any
	if !utf8.Valid(e.Body) || json.Unmarshal(e.Body, &value) != nil {
		return nil, false
	}
	return value, true
}

// parseTime reads an RFC 3339 time with an offset.
func parseTime(text string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339Nano, strings.ToUpper(text))
	return at, err == nil
}
