package main

import (
	"encoding/json"
	"maps"
	"testing"
)

func TestARefusalCopiesWhatItMay(t *testing.T) {
	receipts := sample(t)["receipts"]
	refused := with("ce-correlationid", "c1")
	refused.Headers["traceparent"], refused.Headers["ce-other"] = "00-1", "not copied"
	refusal, err := receipts.refusal("TaskRefused", "taker", refused, "rejected")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := receipts.check(refusal); err != nil {
		t.Fatal(err)
	}
	made := refusal.Headers["ce-time"]
	if _, ok := parseTime(made); !ok {
		t.Errorf("time %q", made)
	}
	want := map[string]string{
		"ce-specversion": "1.0", "ce-id": "t1-refused", "ce-source": "urn:application:taker", "ce-type": "TaskRefused", "ce-time": made,
		"ce-datacontenttype": "application/json", "ce-dataschema": "urn:sample:TaskRefused:1", "ce-causationid": "t1",
		"ce-correlationid": "c1", "ce-classification": "OFFICIAL", "traceparent": "00-1",
	}
	if !maps.Equal(refusal.Headers, want) {
		t.Errorf("%v", refusal.Headers)
	}
	if string(refusal.Body) != `{"reasonCodes":["rejected"],"taskId":"t1"}` {
		t.Errorf("%s", refusal.Body)
	}
}

func TestWhatWouldMakeARefusalInvalidIsNotCopied(t *testing.T) {
	receipts := sample(t)["receipts"]
	for _, text := range []string{`{"taskId":"much longer than it may ever be"}`, `{"taskId":7}`, `[]`, `no JSON`} {
		refusal, err := receipts.refusal("TaskRefused", "taker", body(text), "invalid")
		if err != nil {
			t.Fatal(err)
		}
		var payload map[string]any
		if err := json.Unmarshal(refusal.Body, &payload); err != nil || len(payload) != 1 {
			t.Errorf("%s: %s", text, refusal.Body)
		}
	}
}

func TestThereIsNoRefusalWithoutItsMessage(t *testing.T) {
	if _, err := sample(t)["receipts"].refusal("Other", "taker", task(), "invalid"); err == nil {
		t.Error("a refusal was made of a message that the channel has not")
	}
}
