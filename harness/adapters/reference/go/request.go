package main

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nuid"
)

// asker publishes requests and waits for their replies: one subscription for all of them, with a token of this process, and a fresh
// last token for each request (Q1).
type asker struct {
	*Bus
	flow    *Flow
	prefix  string
	mutex   sync.Mutex
	waiting map[string]asked
}

// asked is a request that waits. Its answer is taken once.
type asked struct {
	request Event
	answer  chan Answer
}

func openAsker(bus *Bus, inboxPrefix string, flow *Flow) (*asker, error) {
	a := &asker{Bus: bus, flow: flow, prefix: inboxPrefix + ".reply." + nuid.Next() + ".", waiting: map[string]asked{}}
	_, err := bus.connection.Subscribe(a.prefix+"*", a.receive)
	return a, err
}

func (a *asker) send(event Event) Answer {
	subject, refusal := a.flow.prepare(event)
	if refusal != nil {
		return *refusal
	}
	if !a.connection.IsConnected() {
		return notConnected
	}
	token, waiting := nuid.Next(), asked{event, make(chan Answer, 1)}
	a.mutex.Lock()
	a.waiting[token] = waiting
	a.mutex.Unlock()
	defer func() {
		a.mutex.Lock()
		delete(a.waiting, token)
		a.mutex.Unlock()
	}()
	request := event.toNATS(subject)
	request.Reply = a.prefix + token
	if err := a.connection.PublishMsg(request); err != nil {
		return unavailable
	}
	deadline, _ := event.time("ce-expirytime")
	select {
	case answer := <-waiting.answer:
		return answer
	case <-time.After(time.Until(deadline)):
		return noReply
	}
}

func (a *asker) receive(message *nats.Msg) {
	a.mutex.Lock()
	waiting, known := a.waiting[strings.TrimPrefix(message.Subject, a.prefix)]
	a.mutex.Unlock()
	if status := message.Header.Get("Status"); status != "" {
		if status == "503" && known { // Q2
			waiting.take(noResponder)
		}
		return
	}
	reply := eventFromNATS(message.Header, message.Data)
	if wrong := a.wrong(waiting, known, reply); wrong != "" {
		go func() { _ = a.notice(reply, wrong) }() // logged there; the subscription goes on
		return
	}
	waiting.take(Answer{Status: http.StatusOK, Reason: "reply", Reply: &reply})
}

// wrong says why a reply is not for the application, if so (Q3).
func (a *asker) wrong(waiting asked, known bool, reply Event) string {
	if !known {
		return "late"
	}
	if reply.Headers["ce-causationid"] != waiting.request.id() {
		return "misdirected"
	}
	if _, err := a.flow.check(reply); err != nil {
		slog.Info("invalid reply", "channel", a.flow.Channel, "why", err)
		return "invalid"
	}
	return ""
}

func (w asked) take(answer Answer) {
	select {
	case w.answer <- answer:
	default: // it was answered already
	}
}

// answerer takes requests in a queue group of all instances: one reply or one refusal each, no retry (N5).
type answerer struct {
	*Bus
	application  *Application
	flow         *Flow
	subscription *nats.Subscription
	closed       chan struct{}
	working      sync.WaitGroup
}

func openAnswerer(bus *Bus, application *Application, flow *Flow) (*answerer, error) {
	a := &answerer{Bus: bus, application: application, flow: flow, closed: make(chan struct{})}
	var err error
	a.subscription, err = bus.connection.QueueSubscribe(flow.wildcard(), bus.application, func(message *nats.Msg) {
		a.working.Go(func() { a.answer(message) })
	})
	if err != nil {
		return nil, err
	}
	a.subscription.SetClosedHandler(func(string) { close(a.closed) })
	if err := bus.connection.FlushTimeout(requestWait); err != nil {
		_ = a.subscription.Unsubscribe() // it is opened anew
		return nil, err
	}
	return a, nil
}

// finish takes no more requests, and waits until those in hand are answered.
func (a *answerer) finish() {
	if err := a.subscription.Drain(); err == nil {
		<-a.closed
	}
	a.working.Wait()
}

func (a *answerer) answer(message *nats.Msg) {
	request := eventFromNATS(message.Header, message.Data)
	if request.expired() { // Q4
		_ = a.notice(request, "expired") // logged there
		return
	}
	reply, refusal := a.ask(request)
	if refusal != "" {
		var err error
		if reply, err = a.flow.refusal(a.flow.Refusal, a.Bus.application, request, refusal); err != nil {
			slog.Warn("no refusal", "channel", a.flow.Channel, "error", err)
			return
		}
	}
	if err := a.connection.PublishMsg(reply.toNATS(message.Reply)); err != nil {
		slog.Warn("not answered", "channel", a.flow.Channel, "error", err)
	}
}

// ask is the application's reply, or the reason of the refusal in its place (Q5).
func (a *answerer) ask(request Event) (reply Event, refusal string) {
	if _, err := a.flow.check(request); err != nil {
		slog.Info("invalid request", "channel", a.flow.Channel, "why", err)
		return Event{}, "invalid"
	}
	deadline, _ := request.time("ce-expirytime")
	status, reply := a.application.deliver(request, time.Until(deadline), a.flow.MaxBytes)
	if meaningOf(status) == rejected {
		return Event{}, "rejected"
	}
	if status != http.StatusOK || !reply.isEvent() {
		return Event{}, "unavailable"
	}
	if _, err := a.flow.check(reply); err != nil {
		slog.Info("invalid reply", "channel", a.flow.Channel, "why", err)
		return Event{}, "invalid"
	}
	return reply, ""
}
