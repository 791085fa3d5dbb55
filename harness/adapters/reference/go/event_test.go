package main

import (
	"bytes"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
)

func TestAnEventCrossesUnchanged(t *testing.T) {
	sent := http.Header{}
	for name, value := range map[string]string{
		"Ce-Id": "a B%20", "CE-SOURCE": "urn:x", "ce-sequence": "007", "Ce-Custom": " kept", "Content-Type": "application/json",
		"Traceparent": "00-ab", "Tracestate": "a=1", "User-Agent": "x", "X-Ce-Id": "y", "Authorization": "z",
	} {
		sent.Set(name, value)
	}
	body := []byte("{\"é\" : 1.0}\n")
	event := eventFromHTTP(sent, body)
	want := map[string]string{
		"ce-id": "a B%20", "ce-source": "urn:x", "ce-sequence": "007", "ce-custom": " kept", "ce-datacontenttype": "application/json",
		"traceparent": "00-ab", "tracestate": "a=1",
	}
	if !maps.Equal(event.Headers, want) {
		t.Fatalf("from HTTP: %v", event.Headers)
	}
	message := event.toNATS("a.b")
	if !bytes.Equal(message.Data, body) || message.Subject != "a.b" || len(message.Header) != len(want) {
		t.Fatalf("to NATS: %v", message)
	}
	message.Header["Nats-Msg-Id"] = []string{"added by the bus"}
	message.Header["Ce-Id"] = []string{"not in lower case"}
	back := eventFromNATS(message.Header, message.Data)
	if !maps.Equal(back.Headers, want) {
		t.Fatalf("from NATS: %v", back.Headers)
	}
	received := http.Header{}
	back.toHTTP(received)
	if received.Get("Content-Type") != "application/json" || received.Get("Ce-Datacontenttype") != "" || received.Get("Ce-Sequence") != "007" {
		t.Fatalf("to HTTP: %v", received)
	}
}

func TestOnlyContentTypeSaysTheContentType(t *testing.T) {
	if event := eventFromHTTP(http.Header{"Ce-Datacontenttype": {"application/json"}}, nil); len(event.Headers) != 0 {
		t.Errorf("%v", event.Headers)
	}
}

func TestTheFirstOfARepeatedHeaderCounts(t *testing.T) {
	if event := eventFromNATS(nats.Header{"ce-id": {"1", "2"}}, nil); event.id() != "1" {
		t.Errorf("%v", event.Headers)
	}
}

func TestStructuredAndBatchMode(t *testing.T) {
	for contentType, want := range map[string]bool{
		"application/json": false, "": false, "application/cloudevents+json": true, "Application/CloudEvents-batch+json; charset=utf-8": true,
	} {
		if structured(contentType) != want {
			t.Errorf("%q", contentType)
		}
	}
}

func TestTheDigestIsOfTypeAndBody(t *testing.T) {
	if task().digest() != with("ce-time", "2020-01-01T00:00:00Z").digest() {
		t.Error("another header alone is no other content")
	}
	if task().digest() == with("ce-type", "Other").digest() || task().digest() == body("{}").digest() {
		t.Error("another type or body is other content")
	}
}

func TestAnEventExpiresAtItsExpiryTime(t *testing.T) {
	for text, want := range map[string]bool{
		timestamp(time.Now().Add(-time.Millisecond)): true,
		timestamp(time.Now().Add(time.Minute)):       false,
		"":                                           false,
	} {
		if with("ce-expirytime", text).expired() != want {
			t.Errorf("%q", text)
		}
	}
}

func TestTimes(t *testing.T) {
	for text, want := range map[string]bool{
		"2026-03-29T01:30:00Z": true, "2026-03-29t01:30:00.123456z": true, "2026-03-29T01:30:00+01:00": true,
		"2026-03-29T01:30:00": false, "2026-03-29": false, "": false, "2026-02-30T00:00:00Z": false,
	} {
		if _, ok := parseTime(text); ok != want {
			t.Errorf("%q", text)
		}
	}
}
