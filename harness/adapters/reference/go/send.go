package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/nats-io/nats.go/jetstream"
)

// Answer is what the application is told of its POST (S1): a status, and `stored`, `reply` or the last part of a problem type.
type Answer struct {
	Status int
	Reason string
	Reply  *Event
}

var (
	stored          = Answer{Status: http.StatusAccepted, Reason: "stored"}
	conflict        = Answer{Status: http.StatusConflict, Reason: "conflict"}
	conflictUnknown = Answer{Status: http.StatusConflict, Reason: "conflict-unknown"}
	superseded      = Answer{Status: http.StatusConflict, Reason: "superseded"}
	tooLarge        = Answer{Status: http.StatusRequestEntityTooLarge, Reason: "too-large"}
	wrongMode       = Answer{Status: http.StatusUnsupportedMediaType, Reason: "wrong-mode"}
	invalid         = Answer{Status: http.StatusUnprocessableEntity, Reason: "invalid"}
	unknownType     = Answer{Status: http.StatusUnprocessableEntity, Reason: "unknown-type"}
	expired         = Answer{Status: http.StatusUnprocessableEntity, Reason: "expired"}
	contentWrong    = Answer{Status: http.StatusUnprocessableEntity, Reason: "content"}
	unavailable     = Answer{Status: http.StatusServiceUnavailable, Reason: "unavailable"}
	notConnected    = Answer{Status: http.StatusServiceUnavailable, Reason: "not-connected"}
	noResponder     = Answer{Status: http.StatusServiceUnavailable, Reason: "no-responder"}
	refused         = Answer{Status: http.StatusServiceUnavailable, Reason: "refused"}
	unacknowledged  = Answer{Status: http.StatusGatewayTimeout, Reason: "unacknowledged"}
	noReply         = Answer{Status: http.StatusGatewayTimeout, Reason: "no-reply"}
)

// answerFor says what a publish that was not acknowledged means to the application.
func answerFor(err error) Answer {
	switch {
	case errors.Is(err, errNotConnected):
		return notConnected
	case errors.Is(err, errNoResponder):
		return noResponder
	case errors.Is(err, errUnacknowledged):
		return unacknowledged
	default:
		return refused
	}
}

// prepare checks an event before anything leaves, and gives its subject; or the answer that refuses it.
func (f *Flow) prepare(event Event) (subject string, refusal *Answer) {
	payload, err := f.check(event)
	switch {
	case errors.Is(err, errTooLarge):
		return "", &tooLarge
	case err != nil:
		return "", &invalid
	case event.expired(): // S5
		return "", &expired
	}
	subject, ok := f.subject(event, payload)
	if !ok {
		return "", &invalid
	}
	return subject, nil
}

// sender sends the events of one flow.
type sender interface {
	send(Event) Answer
}

// streamSender sends to a stream. What is its pattern's own stands in before and publish.
type streamSender struct {
	*Bus
	flow    *Flow
	stream  jetstream.Stream
	memory  Memory
	reads   bool // whether this application may read what the stream holds: as its only provider
	before  func(Event) *Answer
	publish func(Event, string) Answer
}

func openStreamSender(ctx context.Context, bus *Bus, application *Application, flow *Flow) (sender, error) {
	stream, err := bus.js.Stream(ctx, flow.Stream)
	if err != nil {
		return nil, err
	}
	s := &streamSender{
		Bus: bus, flow: flow, stream: stream, memory: newMemory(), reads: flow.soleProvider(bus.application),
	}
	s.publish = s.store
	switch flow.Pattern {
	case "last-value":
		s.publish = s.storeNewer
	case "claim-check":
		offering := &offering{sender: s, application: application}
		offering.contents, err = bus.js.ObjectStore(ctx, flow.Bucket)
		s.before = offering.stageAll
	}
	return s, err
}

func (s *streamSender) send(event Event) Answer {
	subject, refusal := s.flow.prepare(event)
	if refusal != nil {
		return *refusal
	}
	if s.before != nil {
		if refusal := s.before(event); refusal != nil {
			return *refusal
		}
	}
	answer := s.publish(event, subject)
	if answer == stored {
		s.memory.remember(event)
	}
	return answer
}

// store publishes, repeats, and resolves what was there already (S3, S4).
func (s *streamSender) store(event Event, subject string) Answer {
	acknowledgement, err := s.publishEvent(s.flow, event, subject, s.unheard(event))
	switch {
	case err != nil:
		return answerFor(err)
	case acknowledgement.Duplicate:
		return s.answerDuplicate(event, acknowledgement.Sequence)
	default:
		return stored
	}
}

// unheard remembers a publish of this adapter's own that nobody acknowledged: it may be what the bus knows already (S4).
func (s *streamSender) unheard(event Event) func() {
	return func() {
		if s.memory.recall(event) == unknown {
			s.memory.remember(event)
		}
	}
}

// publishEvent publishes under the event's own id; at most once is never repeated.
func (b *Bus) publishEvent(
	flow *Flow, event Event, subject string, unheard func(), options ...jetstream.PublishOpt,
) (*jetstream.PubAck, error) {
	if !b.connection.IsConnected() {
		return nil, errNotConnected
	}
	repeats := publishRepeats
	if flow.atMostOnce() {
		repeats = 0
	}
	return b.publish(event.toNATS(subject), repeats, unheard, append(options, jetstream.WithMsgID(event.messageID()))...)
}

// answerDuplicate compares the event with what the stream holds under its id (S4).
func (s *streamSender) answerDuplicate(event Event, sequence uint64) Answer {
	if !s.reads {
		return s.answerFromMemory(event)
	}
	ctx, cancel := context.WithTimeout(context.Background(), requestWait)
	defer cancel()
	known, err := s.stream.GetMsg(ctx, sequence)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return s.answerFromMemory(event)
	}
	if err != nil {
		return unavailable
	}
	return s.answerAgainst(event, eventFromNATS(known.Header, known.Data))
}

func (s *streamSender) answerAgainst(event, known Event) Answer {
	if event.digest() == known.digest() {
		return stored
	}
	return s.raiseConflict(event)
}

func (s *streamSender) answerFromMemory(event Event) Answer {
	switch s.memory.recall(event) {
	case sameContent:
		return stored
	case otherContent:
		return s.raiseConflict(event)
	default:
		return conflictUnknown
	}
}

func (s *streamSender) raiseConflict(event Event) Answer {
	_ = s.notice(event, "conflict") // logged there; the application hears of the conflict in any case
	return conflict
}

// storeNewer publishes over an older value only (S7).
func (s *streamSender) storeNewer(event Event, subject string) Answer {
	const rounds = 10 // a publish that so often loses the race for its subject gives up
	for range rounds {
		answer, again := s.tryNewer(event, subject)
		if !again {
			return answer
		}
	}
	return unavailable
}

func (s *streamSender) tryNewer(event Event, subject string) (answer Answer, again bool) {
	last, sequence, err := s.lastValue(subject)
	if err != nil {
		slog.Warn("last value not read", "channel", s.flow.Channel, "error", err)
		return unavailable, false
	}
	if last != nil {
		if last.messageID() == event.messageID() {
			return s.answerAgainst(event, *last), false
		}
		at, _ := event.time("ce-time")
		if lastAt, _ := last.time("ce-time"); !at.After(lastAt) {
			return superseded, false
		}
	}
	acknowledgement, err := s.publishEvent(s.flow, event, subject, s.unheard(event), jetstream.WithExpectLastSequencePerSubject(sequence))
	var refused *jetstream.APIError
	switch {
	case errors.As(err, &refused) && refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence: // 10071
		return Answer{}, true
	case err != nil:
		return answerFor(err), false
	case acknowledgement.Duplicate:
		return s.answerDuplicate(event, acknowledgement.Sequence), false
	default:
		return stored, false
	}
}

// lastValue is the subject's last event and its sequence; nil and 0 where it has none.
func (s *streamSender) lastValue(subject string) (*Event, uint64, error) {
	ctx, cancel := context.WithTimeout(context.Background(), requestWait)
	defer cancel()
	last, err := s.stream.GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	event := eventFromNATS(last.Header, last.Data)
	return &event, last.Sequence, nil
}
