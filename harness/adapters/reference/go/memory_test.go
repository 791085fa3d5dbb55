package main

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

func TestMemoryTellsSameFromOther(t *testing.T) {
	memory := newMemory()
	if memory.recall(task()) != unknown {
		t.Error("something was remembered before anything was accepted")
	}
	memory.remember(task())
	if memory.recall(task()) != sameContent || memory.recall(body("{}")) != otherContent || memory.recall(with("ce-source", "urn:else")) != unknown {
		t.Error("source and id, with type and body, tell events apart")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	memory := newMemory()
	memory.remember(task())
	for n := range memoryLimit {
		memory.remember(with("ce-id", fmt.Sprint(n)))
	}
	if memory.recall(task()) != unknown || memory.recall(with("ce-id", "0")) != sameContent {
		t.Errorf("the oldest of more than %d is forgotten, and no other", memoryLimit)
	}
}

func TestALastValueNeverGoesBack(t *testing.T) {
	at := func(key, time string) Event {
		event := with("ce-time", time)
		event.Headers["ce-partitionkey"] = key
		return event
	}
	newest := newNewest()
	for _, test := range []struct {
		key, time string
		want      action
	}{
		{"a", "2026-01-01T00:00:02Z", undecided},
		{"a", "2026-01-01T00:00:01Z", acknowledge},
		{"a", "2026-01-01T00:00:02Z", undecided},
		{"b", "2026-01-01T00:00:01Z", undecided},
		{"a", "2026-01-01T01:00:03+01:00", undecided},
		{"a", "2026-01-01T00:00:02.999Z", acknowledge},
	} {
		settled, err := newest.admit(at(test.key, test.time))
		if err != nil || settled.action != test.want || (settled.reason == "superseded") != (test.want == acknowledge) {
			t.Errorf("%s at %s: %v", test.key, test.time, settled)
		}
	}
}

func TestLanesKeepTheOrderOfEachName(t *testing.T) {
	lanes := newLanes()
	var mutex sync.Mutex
	var order []int
	var working sync.WaitGroup
	first, leave := lanes.enter("a", "b")
	if len(first) != 0 {
		t.Fatal("the first has nobody to wait for")
	}
	for n := range 20 {
		before, done := lanes.enter([]string{"a", "b"}[n%2])
		if len(before) != 1 {
			t.Fatalf("%d waits for %d others", n, len(before))
		}
		working.Go(func() {
			defer done()
			<-before[0]
			mutex.Lock()
			defer mutex.Unlock()
			order = append(order, n)
		})
	}
	if other, done := lanes.enter("c"); len(other) != 0 {
		t.Error("another name waits for nobody")
	} else {
		done()
	}
	leave()
	working.Wait()
	for parity := range 2 {
		mine := slices.DeleteFunc(slices.Clone(order), func(n int) bool { return n%2 != parity })
		if len(mine) != 10 || !slices.IsSorted(mine) {
			t.Errorf("%v", order)
		}
	}
	if len(lanes.last) != 0 {
		t.Errorf("%d names are left", len(lanes.last))
	}
}
