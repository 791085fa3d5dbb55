package main

import (
	"crypto/sha256"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// memoryLimit is how many events are remembered; the oldest go first (R3).
const memoryLimit = 10_000

// Memory holds the events that were accepted while this adapter lived: source and id, with a digest of type and body.
type Memory struct {
	digests *lru.Cache[string, [sha256.Size]byte]
}

type recollection int

const (
	unknown recollection = iota
	sameContent
	otherContent
)

func newMemory() Memory {
	digests, _ := lru.New[string, [sha256.Size]byte](memoryLimit) // fails for a size below 1 only
	return Memory{digests}
}

func (m Memory) remember(event Event) { m.digests.Add(event.messageID(), event.digest()) }

func (m Memory) recall(event Event) recollection {
	digest, ok := m.digests.Get(event.messageID())
	switch {
	case !ok:
		return unknown
	case digest == event.digest():
		return sameContent
	default:
		return otherContent
	}
}

// Newest holds the ce-time of the newest event handed over, for each type and key (R5).
type Newest struct {
	times *lru.Cache[string, time.Time]
}

func newNewest() Newest {
	times, _ := lru.New[string, time.Time](memoryLimit) // fails for a size below 1 only
	return Newest{times}
}

func (n Newest) outdates(event Event) bool {
	newest, known := n.times.Get(event.valueName())
	at, _ := event.time("ce-time")
	return known && at.Before(newest)
}

func (n Newest) note(event Event) {
	if at, ok := event.time("ce-time"); ok && !n.outdates(event) {
		n.times.Add(event.valueName(), at)
	}
}

// Lanes do work under one name one after another, in the order in which it entered; work under different names side by side.
type Lanes struct {
	mutex sync.Mutex
	last  map[string]chan struct{}
}

func newLanes() *Lanes { return &Lanes{last: map[string]chan struct{}{}} }

// enter gives what is to end before, and what to call at the end.
func (l *Lanes) enter(names ...string) (before []<-chan struct{}, leave func()) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	done := make(chan struct{})
	for _, name := range names {
		if last, busy := l.last[name]; busy {
			before = append(before, last)
		}
		l.last[name] = done
	}
	return before, func() {
		l.mutex.Lock()
		defer l.mutex.Unlock()
		for _, name := range names {
			if l.last[name] == done {
				delete(l.last, name)
			}
		}
		close(done)
	}
}
