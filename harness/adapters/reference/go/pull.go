package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
)

const (
	// inHand is how many messages one consumer has in hand where order does not matter; a partition has 1.
	inHand = 16
	// pullWait is how long one pull request stays with the bus.
	pullWait = 500 * time.Millisecond
	// pullLost is after how long without a word a request went with a connection.
	pullLost = pullWait + 500*time.Millisecond
)

// puller asks one consumer for messages. Its subscription outlives each request, and is what a stop takes back (L3): what the bus
// had sent by then still comes, where the library's own fetch would let it go, and it would count as an attempt.
type puller struct {
	*receiver
	next     string
	replies  *nats.Subscription
	inbox    string
	requests int
}

func (r *receiver) newPuller(consumer string) (*puller, error) {
	inbox := r.connection.NewInbox()
	replies, err := r.connection.SubscribeSync(inbox + ".*")
	if err != nil {
		return nil, err
	}
	next := "$JS.API.CONSUMER.MSG.NEXT." + r.flow.Stream + "." + consumer
	return &puller{receiver: r, next: next, replies: replies, inbox: inbox}, nil
}

// run pulls as many messages as there is room for, and works on each of them at once, until stopped. Messages that share a name keep
// the order in which they came.
func (p *puller) run(stop context.Context) {
	defer context.AfterFunc(stop, func() {
		if err := p.replies.Drain(); err != nil {
			slog.Warn("pull", "channel", p.flow.Channel, "error", err)
		}
	})()
	room := make(chan struct{}, inHand)
	if p.flow.Partitions > 0 {
		room = make(chan struct{}, 1)
	}
	for stop.Err() == nil {
		room <- struct{}{}
		free := 1
		for free < cap(room) && take(room) {
			free++
		}
		left, err := p.pull(free, func() { <-room })
		for range left {
			<-room
		}
		if err != nil && stop.Err() == nil {
			slog.Warn("pull", "channel", p.flow.Channel, "error", err)
			pause(stop, lookAgain)
		}
	}
}

// pull makes one request, and starts work on what it brings; done is called after each. It gives how many have not come.
func (p *puller) pull(free int, done func()) (left int, err error) {
	p.requests++
	request := fmt.Sprintf("%s.%d", p.inbox, p.requests)
	asked := fmt.Appendf(nil, `{"batch":%d,"expires":%d}`, free, pullWait.Nanoseconds())
	if err := p.connection.PublishRequest(p.next, request, asked); err != nil {
		return free, err
	}
	for free > 0 {
		message, err := p.replies.NextMsg(pullLost)
		if errors.Is(err, nats.ErrTimeout) {
			return free, nil
		}
		if err != nil {
			return free, err
		}
		switch status := message.Header.Get("Status"); {
		case message.Reply != "": // only what is of a stream is to be settled
			free--
			p.start(message, done)
		case message.Subject != request || status == "100":
		case status == "404", status == "408": // no messages, expired
			return free, nil
		default: // trouble that passes: no such consumer, no leader, a server that stops
			return free, fmt.Errorf("status %s", status)
		}
	}
	return 0, nil
}

func take(room chan<- struct{}) bool {
	select {
	case room <- struct{}{}:
		return true
	default:
		return false
	}
}
