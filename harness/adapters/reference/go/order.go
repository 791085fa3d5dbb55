package main

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// errSequence: the header schema of an ordered channel must let nothing through that is no number.
var errSequence = errors.New("ce-sequence is no whole number")

// order keeps the sequence of each key in a bucket that outlives the adapter (R4). Its keys are <application>.<ce-partitionkey>:
// a flow has several receivers.
type order struct {
	sequences   jetstream.KeyValue
	application string
	wait        time.Duration // for one look at the bucket
}

// admit acknowledges what was accepted before, and parks what leaves a gap.
func (o *order) admit(event Event) (settlement, error) {
	last, sequence, err := o.compare(event)
	switch {
	case err != nil:
		return settlement{}, err
	case sequence <= last:
		return settlement{action: acknowledge}, nil
	case sequence > last+1:
		return terminated("gap"), nil
	default:
		return settlement{}, nil
	}
}

// accepted stores the sequence; again, where that failed after the first delivery.
func (o *order) accepted(event Event, again bool) error {
	if again {
		if last, sequence, err := o.compare(event); err != nil || sequence <= last {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), o.wait)
	defer cancel()
	_, err := o.sequences.PutString(ctx, o.key(event), event.Headers["ce-sequence"])
	return err
}

// compare gives the last accepted sequence of the event's key, 0 for none, and the event's own.
func (o *order) compare(event Event) (last, sequence uint64, err error) {
	if sequence, err = strconv.ParseUint(event.Headers["ce-sequence"], 10, 64); err != nil {
		return 0, 0, errSequence
	}
	ctx, cancel := context.WithTimeout(context.Background(), o.wait)
	defer cancel()
	entry, err := o.sequences.Get(ctx, o.key(event))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return 0, sequence, nil
	}
	if err != nil {
		return 0, 0, err
	}
	last, err = strconv.ParseUint(string(entry.Value()), 10, 64)
	return last, sequence, err
}

func (o *order) key(event Event) string {
	return o.application + "." + event.Headers["ce-partitionkey"]
}

// admit acknowledges what is older than what was handed over, once a notice of it is stored (R5).
func (n Newest) admit(event Event) (settlement, error) {
	if n.outdates(event) {
		return settlement{action: acknowledge, reason: "superseded"}, nil
	}
	n.note(event)
	return settlement{}, nil
}
