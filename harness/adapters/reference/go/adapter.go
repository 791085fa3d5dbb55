package main

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
)

// Adapter stands for one application, in every operation that names it.
type Adapter struct {
	environment Environment
	contract    Contract
	bus         *Bus
	application *Application
	largestBody int

	opening   atomic.Int32 // ends of flows that are not open yet
	mutex     sync.Mutex
	senders   map[string]sender // by ce-type
	receivers []interface{ finish() }
}

func newAdapter(environment Environment, contract Contract, bus *Bus) (*Adapter, error) {
	a := &Adapter{
		environment: environment,
		contract:    contract,
		bus:         bus,
		application: newApplication(environment.ApplicationURL),
		senders:     map[string]sender{},
	}
	for _, flow := range contract {
		if flow.performedBy(environment.Application) {
			a.opening.Add(1)
		}
		a.largestBody = max(a.largestBody, flow.MaxBytes)
	}
	if a.opening.Load() == 0 {
		return nil, errors.New("no operation of the contract names the application " + environment.Application)
	}
	return a, nil
}

func (f *Flow) performedBy(application string) bool {
	return slices.Contains(f.Senders, application) || slices.Contains(f.Receivers, application)
}

// open opens every flow, each as soon as what it needs on the bus is there, until stopped. Receivers work until stopped.
func (a *Adapter) open(stop context.Context) {
	var opening sync.WaitGroup
	for _, flow := range a.contract {
		if !flow.performedBy(a.environment.Application) {
			continue
		}
		opening.Go(func() {
			if untilOpen(stop, flow.Channel, func(ctx context.Context) error { return a.openFlow(ctx, stop, flow) }) {
				a.opening.Add(-1)
			}
		})
	}
	opening.Wait()
}

// openFlow opens the application's end of a flow: nobody both sends and receives on one channel.
func (a *Adapter) openFlow(ctx, stop context.Context, flow *Flow) error {
	if slices.Contains(flow.Senders, a.environment.Application) {
		sender, err := a.openSender(ctx, flow)
		if err != nil {
			return err
		}
		a.mutex.Lock()
		defer a.mutex.Unlock()
		for name := range flow.Messages {
			a.senders[name] = sender
		}
		return nil
	}
	receiver, err := a.openReceiver(ctx, stop, flow)
	if err != nil {
		return err
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.receivers = append(a.receivers, receiver)
	return nil
}

func (a *Adapter) openSender(ctx context.Context, flow *Flow) (sender, error) {
	if flow.Pattern == "request-reply" {
		return openAsker(a.bus, a.environment.InboxPrefix, flow)
	}
	return openStreamSender(ctx, a.bus, a.application, flow)
}

func (a *Adapter) openReceiver(ctx, stop context.Context, flow *Flow) (interface{ finish() }, error) {
	if flow.Pattern == "request-reply" {
		return openAnswerer(a.bus, a.application, flow)
	}
	return openReceiver(ctx, stop, a.bus, a.application, flow, a.contract[flow.Receipts])
}

// healthy says whether the bus is connected and holds everything that this adapter needs.
func (a *Adapter) healthy() bool { return a.opening.Load() == 0 && a.bus.connection.IsConnected() }

// send gives an event from the application to the flow that has its type.
func (a *Adapter) send(event Event) Answer {
	a.mutex.Lock()
	sender, open := a.senders[event.kind()]
	a.mutex.Unlock()
	switch {
	case open:
		return sender.send(event)
	case a.opening.Load() > 0:
		return unavailable
	default:
		return unknownType
	}
}

// finish waits until nothing that came from the bus is in hand. Pulling has been stopped.
func (a *Adapter) finish() {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	var finishing sync.WaitGroup
	for _, receiver := range a.receivers {
		finishing.Go(receiver.finish)
	}
	finishing.Wait()
}
