package main

import (
	"slices"
	"testing"
	"time"
)

func sample(t *testing.T) Contract {
	t.Helper()
	contract, err := readContract("testdata/asyncapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return contract
}

func TestAContractTellsWhoDoesWhat(t *testing.T) {
	contract := sample(t)
	if len(contract) != 3 {
		t.Fatalf("%d channels with an x-flow, not 3", len(contract))
	}
	for _, test := range []struct {
		channel            string
		senders, receivers []string
		wildcard           string
		consumers          []string
	}{
		{"tasks", []string{"giver"}, []string{"helper", "taker"}, "sample.tasks.*.*", []string{"me"}},
		{"receipts", []string{"helper", "taker"}, []string{"giver"}, "sample.receipts", []string{"me-0", "me-1"}},
		{"questions", []string{"giver"}, nil, "sample.questions", []string{"me"}},
	} {
		flow := contract[test.channel]
		slices.Sort(flow.Senders)
		slices.Sort(flow.Receivers)
		if !slices.Equal(flow.Senders, test.senders) || !slices.Equal(flow.Receivers, test.receivers) {
			t.Errorf("%s: senders %v, receivers %v", test.channel, flow.Senders, flow.Receivers)
		}
		if flow.wildcard() != test.wildcard {
			t.Errorf("%s: wildcard %s", test.channel, flow.wildcard())
		}
		if !slices.Equal(flow.consumers("me"), test.consumers) {
			t.Errorf("%s: consumers %v", test.channel, flow.consumers("me"))
		}
	}
	if !contract["tasks"].soleProvider("giver") || contract["receipts"].soleProvider("taker") {
		t.Error("giver alone sends tasks; taker is one of two that send receipts")
	}
	if contract["questions"].message("TaskRefused") == nil || contract["tasks"].message("TaskRefused") != nil {
		t.Error("TaskRefused is a reply to questions, and no task")
	}
	if receipts := contract["receipts"]; receipts.BadInput != "dead-letter" || receipts.AckWaitMs != 4000 {
		t.Error("what an x-flow merges from another is not as the document has it")
	}
}

func TestBackoffRepeatsItsLastDelay(t *testing.T) {
	flow := sample(t)["tasks"]
	for attempt, milliseconds := range map[uint64]int64{0: 100, 1: 100, 2: 200, 3: 400, 4: 400, 99: 400} {
		if got := flow.backoff(attempt); got != time.Duration(milliseconds)*time.Millisecond {
			t.Errorf("attempt %d: %s", attempt, got)
		}
	}
	if got := (&Flow{}).backoff(1); got != 0 {
		t.Errorf("no back-off: %s", got)
	}
}

func TestAContractThatCannotBeReadIsAnError(t *testing.T) {
	for _, path := range []string{"testdata/absent.yaml", "testdata/schemas"} {
		if _, err := readContract(path); err == nil {
			t.Errorf("%s was read", path)
		}
	}
}
