package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// receiver takes the messages of one flow from the application's consumers. What is its pattern's own stands in admit, stage and
// accepted; each may be nil.
type receiver struct {
	*Bus
	application *Application
	flow        *Flow
	receipts    *Flow // where refusals travel, or nil
	memory      Memory
	lanes       *Lanes
	working     sync.WaitGroup

	admit    func(Event) (settlement, error)     // R4, R5: what the application is not to see
	stage    func(Event) (settlement, error)     // C2: what comes before the POST
	accepted func(event Event, again bool) error // R4: what comes after 2xx, before the acknowledgement
}

// settlement is what becomes of a message; the zero value is nothing yet.
type settlement struct {
	action action
	reason string // of a termination, or of the notice before an acknowledgement
}

type action int

const (
	undecided action = iota
	acknowledge
	terminate
	retry
)

func terminated(reason string) settlement { return settlement{terminate, reason} }

// openReceiver finds what the flow needs on the bus and starts pulling, until stopped.
func openReceiver(ctx, stop context.Context, bus *Bus, application *Application, flow, receipts *Flow) (*receiver, error) {
	r := &receiver{
		Bus: bus, application: application, flow: flow, receipts: receipts, memory: newMemory(), lanes: newLanes(),
	}
	switch flow.Pattern {
	case "ordered-stream":
		sequences, err := bus.js.KeyValue(ctx, flow.State)
		if err != nil {
			return nil, err
		}
		order := &order{sequences, bus.application, min(requestWait, flow.ackWait()/2)}
		r.admit, r.accepted = order.admit, order.accepted
	case "last-value":
		newest := newNewest()
		r.admit = newest.admit
	case "claim-check":
		contents, err := bus.js.ObjectStore(ctx, flow.Bucket)
		if err != nil {
			return nil, err
		}
		r.stage = (&fetching{r, contents}).stageAll
	}
	consumers := flow.consumers(bus.application)
	for _, consumer := range consumers {
		if _, err := bus.js.Consumer(ctx, flow.Stream, consumer); err != nil {
			return nil, err
		}
	}
	var pullers []*puller
	for _, consumer := range consumers {
		puller, err := r.newPuller(consumer)
		if err != nil {
			return nil, err
		}
		pullers = append(pullers, puller)
	}
	for _, puller := range pullers {
		r.working.Go(func() { puller.run(stop) })
	}
	return r, nil
}

// finish waits until nothing is in hand.
func (r *receiver) finish() { r.working.Wait() }

// start works on a message once all that came before under its names has ended (R10, R11).
func (r *receiver) start(message *nats.Msg, done func()) {
	event := eventFromNATS(message.Header, message.Data)
	names := []string{"id " + event.messageID()}
	if r.flow.Pattern == "last-value" {
		names = append(names, "value "+event.valueName())
	}
	before, leave := r.lanes.enter(names...)
	r.working.Go(func() {
		defer done()
		defer leave()
		r.waitFor(before, message)
		if r.stage != nil {
			defer r.keepWorking(message)()
		}
		r.settle(message, event, r.settlementOf(event))
	})
}

func (r *receiver) waitFor(before []<-chan struct{}, message *nats.Msg) {
	if len(before) == 0 {
		return
	}
	defer r.keepWorking(message)()
	for _, ended := range before {
		<-ended
	}
}

// keepWorking publishes +WPI every half ack wait, so that what takes longer is not delivered again meanwhile, until it is ended.
func (r *receiver) keepWorking(message *nats.Msg) (end func()) {
	ticker, ended := time.NewTicker(r.flow.ackWait()/2), make(chan struct{})
	go func() {
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				_ = message.InProgress()
			case <-ended:
				return
			}
		}
	}()
	return func() { close(ended) }
}

// settlementOf judges the message; an error is trouble of the adapter or the bus, never the message's fault.
func (r *receiver) settlementOf(event Event) settlement {
	settled, err := r.judge(event)
	if err == nil && settled.action == terminate && r.flow.BadInput == "refuse" && (settled.reason == "invalid" || settled.reason == "rejected") {
		err = r.refuse(event, settled.reason) // R13
	}
	if err != nil {
		slog.Warn("receiving failed", "channel", r.flow.Channel, "error", err)
		return settlement{action: retry}
	}
	return settled
}

// judge takes the steps of receiving in their order.
func (r *receiver) judge(event Event) (settlement, error) {
	if _, err := r.flow.check(event); err != nil { // R1
		slog.Info("invalid", "channel", r.flow.Channel, "why", err)
		return terminated("invalid"), nil
	}
	if event.expired() { // R2
		return terminated("expired"), nil
	}
	switch r.memory.recall(event) { // R3
	case otherContent:
		return terminated("conflict"), nil
	case sameContent:
		return r.accept(event, true)
	}
	for _, step := range []func(Event) (settlement, error){r.admit, r.stage} {
		if step == nil {
			continue
		}
		if settled, err := step(event); err != nil || settled.action != undecided {
			return settled, err
		}
	}
	return r.handOver(event)
}

// handOver POSTs the event (R6 to R8).
func (r *receiver) handOver(event Event) (settlement, error) {
	status, _ := r.application.deliver(event, r.flow.ackWait()/2, r.flow.MaxBytes)
	switch meaningOf(status) {
	case accepted:
		r.memory.remember(event)
		return r.accept(event, false)
	case rejected:
		return terminated("rejected"), nil
	default:
		return settlement{action: retry}, nil
	}
}

func (r *receiver) accept(event Event, again bool) (settlement, error) {
	if r.accepted != nil {
		if err := r.accepted(event, again); err != nil {
			return settlement{}, err
		}
	}
	return settlement{action: acknowledge}, nil
}

// settle tells the bus (R8, R9).
func (r *receiver) settle(message *nats.Msg, event Event, settled settlement) {
	if settled.action == acknowledge && settled.reason != "" && r.notice(event, settled.reason) != nil {
		settled = settlement{action: retry} // the notice is stored before the message is gone
	}
	var err error
	switch settled.action {
	case acknowledge:
		err = message.Ack()
	case terminate:
		err = message.Respond([]byte("+TERM " + settled.reason)) // the library's own gives no reason
	default:
		err = r.backOff(message)
	}
	if err != nil {
		slog.Warn("not settled", "channel", r.flow.Channel, "error", err)
	}
}

func (r *receiver) backOff(message *nats.Msg) error {
	metadata, err := message.Metadata()
	if err != nil {
		return err
	}
	if delay := r.flow.backoff(metadata.NumDelivered); delay > 0 {
		return message.NakWithDelay(delay)
	}
	return message.Nak()
}

// refuse tells the event's sender, on the channel for receipts, that it is refused. Without an error the event may be given up: the
// refusal is stored, or none can be made.
func (r *receiver) refuse(event Event, reason string) error {
	if r.receipts == nil {
		return nil
	}
	refusal, err := r.receipts.refusal(r.flow.Refusal, r.Bus.application, event, reason)
	if err != nil {
		slog.Warn("no refusal", "channel", r.flow.Channel, "error", err)
		return nil
	}
	subject, wrong := r.receipts.prepare(refusal)
	if wrong != nil {
		slog.Warn("no valid refusal can be made", "channel", r.flow.Channel, "reason", wrong.Reason)
		return nil
	}
	_, err = r.publishEvent(r.receipts, refusal, subject, func() {})
	return err
}
