package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// inHand is how many messages one consumer has in hand where order does not matter; a partition has 1.
	inHand = 16
	// pullWait is how long one pull request stays with the bus: what a stop, or a connection that was lost, has to wait for.
	pullWait = 500 * time.Millisecond
)

// pull asks for as many messages as there is room for, and works on each of them at once. Messages that share a name keep the
// order in which they came.
func (r *receiver) pull(stop context.Context, consumer jetstream.Consumer) {
	room := make(chan struct{}, inHand)
	if r.flow.Partitions > 0 {
		room = make(chan struct{}, 1)
	}
	for stop.Err() == nil {
		room <- struct{}{}
		free := 1
		for free < cap(room) && take(room) {
			free++
		}
		batch, err := consumer.Fetch(free, jetstream.FetchMaxWait(pullWait))
		if err == nil {
			for message := range batch.Messages() {
				free--
				r.start(message, func() { <-room })
			}
			err = batch.Error()
		}
		for range free {
			<-room
		}
		if err != nil {
			slog.Warn("pull", "channel", r.flow.Channel, "error", err)
			pause(stop, lookAgain)
		}
	}
}

func take(room chan<- struct{}) bool {
	select {
	case room <- struct{}{}:
		return true
	default:
		return false
	}
}
