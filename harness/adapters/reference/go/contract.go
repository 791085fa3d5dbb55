package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Flow is one channel with an x-flow: how its messages travel, and what is promised of them. Described in contracts/flow.schema.json.
type Flow struct {
	Channel    string            `json:"-"`
	Address    string            `json:"-"`
	Parameters map[string]string `json:"-"` // parameter of the address → location
	Messages   Messages          `json:"-"`
	Replies    Messages          `json:"-"` // request-reply
	Senders    []string          `json:"-"` // applications
	Receivers  []string          `json:"-"` // applications

	Pattern        string  `json:"pattern"`
	Stream         string  `json:"stream"`
	Delivery       string  `json:"delivery"`
	Partitions     int     `json:"partitions"`
	AckWaitMs      int64   `json:"ackWaitMs"`
	BackoffMs      []int64 `json:"backoffMs"`
	BadInput       string  `json:"badInput"`
	ExpiryMs       int64   `json:"expiryMs"`
	MaxBytes       int     `json:"maxBytes"`
	Refusal        string  `json:"refusal"`
	Receipts       string  `json:"receipts"`
	State          string  `json:"state"`
	Bucket         string  `json:"bucket"`
	Classification string  `json:"classification"`
}

// Messages are the messages of a channel by name, which is their ce-type (N3).
type Messages map[string]*Message

// Message is one message of a channel, its schemas compiled.
type Message struct {
	Name    string
	Headers *jsonschema.Schema
	Payload *jsonschema.Schema
	Rules   []Rule
}

// Contract is what the effective AsyncAPI document says, by channel.
type Contract map[string]*Flow

// ackWait is how long the bus waits for an acknowledgement. Half of it is the application's (R6), half is for all else.
func (f *Flow) ackWait() time.Duration { return time.Duration(f.AckWaitMs) * time.Millisecond }

func (f *Flow) atMostOnce() bool { return f.Delivery == "at-most-once" }

// backoff is the delay after an attempt, which counts from 1 (R8); 0 where the flow has none.
func (f *Flow) backoff(attempt uint64) time.Duration {
	if len(f.BackoffMs) == 0 {
		return 0
	}
	at := min(max(attempt, 1), uint64(len(f.BackoffMs))) - 1
	return time.Duration(f.BackoffMs[at]) * time.Millisecond
}

// consumers are the pull consumers of an application (N4).
func (f *Flow) consumers(application string) []string {
	if f.Partitions == 0 {
		return []string{application}
	}
	var names []string
	for partition := range f.Partitions {
		names = append(names, fmt.Sprintf("%s-%d", application, partition))
	}
	return names
}

// soleProvider says whether an application alone publishes here: only then may it read the stream's messages (S4).
func (f *Flow) soleProvider(application string) bool {
	return len(f.Senders) == 1 && f.Senders[0] == application
}

// message is the message or reply of that name, or nil.
func (f *Flow) message(name string) *Message {
	if message, ok := f.Messages[name]; ok {
		return message
	}
	return f.Replies[name]
}

// reader compiles schemas while it reads the document: one compiler for payloads, one for headers.
type reader struct {
	payloads, headers *jsonschema.Compiler
}

func newReader(files documents) reader {
	compiler := func(loader jsonschema.URLLoader) *jsonschema.Compiler {
		made := jsonschema.NewCompiler()
		made.DefaultDraft(jsonschema.Draft2020)
		made.AssertFormat()
		made.UseLoader(loader)
		return made
	}
	return reader{compiler(files), compiler(headerDocuments{})}
}

// readContract reads the AsyncAPI document at path and the schemas beside it.
func readContract(path string) (Contract, error) {
	files := documents{map[string]any{}}
	root, err := files.root(path)
	if err != nil {
		return nil, err
	}
	read := newReader(files)
	channels, err := root.child("channels").members()
	if err != nil {
		return nil, err
	}
	contract, byLocation := Contract{}, map[string]*Flow{}
	for name, channel := range channels {
		if channel.child("x-flow").value == nil {
			continue
		}
		flow, err := read.flow(name, channel)
		if err != nil {
			return nil, fmt.Errorf("channel %s: %w", name, err)
		}
		contract[name], byLocation[channel.location()] = flow, flow
	}
	operations, err := root.child("operations").members()
	if err != nil {
		return nil, err
	}
	for name, operation := range operations {
		if err := read.operation(operation, byLocation); err != nil {
			return nil, fmt.Errorf("operation %s: %w", name, err)
		}
	}
	return contract, nil
}

func (r reader) flow(name string, channel node) (*Flow, error) {
	flow := &Flow{Channel: name, Parameters: map[string]string{}}
	extension, err := channel.child("x-flow").follow()
	if err != nil {
		return nil, err
	}
	if err := extension.decode(flow); err != nil {
		return nil, err
	}
	if err := channel.child("address").decode(&flow.Address); err != nil {
		return nil, err
	}
	parameters, err := channel.child("parameters").members()
	if err != nil {
		return nil, err
	}
	for parameter, at := range parameters {
		location, _ := at.child("location").value.(string)
		flow.Parameters[parameter] = location
	}
	flow.Messages, err = r.messages(channel)
	return flow, err
}

func (r reader) messages(channel node) (Messages, error) {
	members, err := channel.child("messages").members()
	if err != nil {
		return nil, err
	}
	messages := Messages{}
	for name, member := range members {
		message, err := r.message(member)
		if err != nil {
			return nil, fmt.Errorf("message %s: %w", name, err)
		}
		messages[message.Name] = message
	}
	return messages, nil
}

func (r reader) message(at node) (*Message, error) {
	message := &Message{}
	if err := at.child("name").decode(&message.Name); err != nil {
		return nil, err
	}
	if err := at.child("x-rules").decode(&message.Rules); err != nil {
		return nil, err
	}
	for _, rule := range message.Rules {
		if err := rule.known(); err != nil {
			return nil, err
		}
	}
	var err error
	if message.Headers, err = at.child("headers").compile(r.headers); err != nil {
		return nil, err
	}
	message.Payload, err = at.child("payload").compile(r.payloads)
	return message, err
}

// operation enters who performs it, and with what replies, into the flow of its channel.
func (r reader) operation(at node, flows map[string]*Flow) error {
	channel, err := at.child("channel").follow()
	if err != nil {
		return err
	}
	flow, ok := flows[channel.location()]
	if !ok {
		return nil
	}
	var applications []string
	if err := at.child("x-applications").decode(&applications); err != nil {
		return err
	}
	performers := &flow.Receivers
	if at.child("action").value == "send" {
		performers = &flow.Senders
	}
	for _, application := range applications {
		if !slices.Contains(*performers, application) {
			*performers = append(*performers, application)
		}
	}
	reply, err := at.child("reply").child("channel").follow()
	if err != nil || reply.value == nil || flow.Replies != nil {
		return err
	}
	flow.Replies, err = r.messages(reply)
	return err
}

// wildcard is the address with a * for each parameter.
func (f *Flow) wildcard() string {
	tokens := strings.Split(f.Address, ".")
	for i, token := range tokens {
		if strings.HasPrefix(token, "{") {
			tokens[i] = "*"
		}
	}
	return strings.Join(tokens, ".")
}
