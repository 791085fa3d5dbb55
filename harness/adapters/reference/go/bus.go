package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	publishWait    = 2 * time.Second
	publishRepeats = 3
	reconnectWait  = 200 * time.Millisecond
	lookAgain      = 100 * time.Millisecond
	// requestWait bounds one request to the bus that is not a publish.
	requestWait = 5 * time.Second
)

// What may become of a publish beside an acknowledgement and a refusal (*jetstream.APIError).
var (
	errNotConnected   = errors.New("not-connected")
	errNoResponder    = errors.New("no-responder")
	errUnacknowledged = errors.New("unacknowledged") // it may be stored
)

// Bus is the connection of one application.
type Bus struct {
	connection  *nats.Conn
	js          jetstream.JetStream
	application string
}

// connect gives a connection that is made, and made again, for ever (L1). What is said meanwhile, such as an acknowledgement or a
// reply, is kept until then; an event of the application is refused meanwhile.
func connect(environment Environment) (*Bus, error) {
	options := []nats.Option{
		nats.Name(environment.Application),
		nats.CustomInboxPrefix(environment.InboxPrefix),
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(reconnectWait),
		nats.IgnoreAuthErrorAbort(),
		nats.IgnoreDiscoveredServers(),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil { // nil at the adapter's own end
				slog.Warn("bus: disconnected", "error", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { slog.Info("bus: connected again") }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { slog.Warn("bus", "error", err) }),
	}
	if environment.Credentials != "" {
		options = append(options, nats.UserCredentials(environment.Credentials))
	}
	if environment.CA != "" {
		options = append(options, nats.RootCAs(environment.CA))
	}
	if environment.Cert != "" {
		options = append(options, nats.ClientCert(environment.Cert, environment.Key))
	}
	connection, err := nats.Connect(environment.BusURL, options...)
	if err != nil {
		return nil, err
	}
	js, err := jetstream.New(connection)
	if err != nil {
		return nil, err
	}
	return &Bus{connection, js, environment.Application}, nil
}

// publish sends a message to its stream and waits for the acknowledgement; without one it repeats the same, as often as told (S3).
// While there is no connection, what is sent waits for it. unheard is called after each publish without one: it may be stored.
func (b *Bus) publish(message *nats.Msg, repeats int, unheard func(), options ...jetstream.PublishOpt) (*jetstream.PubAck, error) {
	for repeat := 0; ; repeat++ {
		acknowledgement, err := b.publishOnce(message, options)
		if !errors.Is(err, errUnacknowledged) {
			return acknowledgement, err
		}
		unheard()
		if repeat == repeats {
			return nil, err
		}
	}
}

func (b *Bus) publishOnce(message *nats.Msg, options []jetstream.PublishOpt) (*jetstream.PubAck, error) {
	ctx, cancel := context.WithTimeout(context.Background(), publishWait)
	defer cancel()
	acknowledgement, err := b.js.PublishMsg(ctx, message, append(options, jetstream.WithRetryAttempts(0))...)
	var refused *jetstream.APIError
	switch {
	case err == nil, errors.As(err, &refused):
		return acknowledgement, err
	case errors.Is(err, jetstream.ErrNoStreamResponse):
		return nil, errNoResponder
	default:
		return nil, errUnacknowledged
	}
}

// notice reports an event: its attributes and a reason, without its body (R12). Waits until that is stored.
func (b *Bus) notice(event Event, reason string) error {
	message := nats.NewMsg("notice." + b.application)
	for name, value := range event.Headers {
		if name != "traceparent" && name != "tracestate" {
			message.Header.Set(name, value)
		}
	}
	message.Header.Set("Reason", reason)
	_, err := b.publish(message, publishRepeats, func() {})
	if err != nil {
		slog.Warn("notice not stored", "reason", reason, "error", err)
	}
	return err
}

// untilOpen waits for what is not there yet, a stream, a consumer or a bucket, as long as it takes (L1). False where stopped before.
func untilOpen(stop context.Context, what string, open func(context.Context) error) bool {
	for {
		ctx, cancel := context.WithTimeout(stop, requestWait)
		err := open(ctx)
		cancel()
		if err == nil {
			return true
		}
		slog.Info("not ready", "channel", what, "error", err)
		if !pause(stop, lookAgain) {
			return false
		}
	}
}

// pause waits; false where stopped before.
func pause(stop context.Context, wait time.Duration) bool {
	select {
	case <-stop.Done():
		return false
	case <-time.After(wait):
		return true
	}
}
