package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

const (
	// stallWait is how long the application may leave content standing still on its way; the bus may for requestWait.
	stallWait = 30 * time.Second
)

// item is one entry of a bundle's manifest: what the object must be.
type item struct {
	index  int
	object string // name in the bucket
	bytes  uint64
	sha256 string // in hex
}

func (e Event) items() []item {
	payload, _ := e.payload()
	var items []item
	for index, entry := range valuesAt(payload, "/manifest/*") {
		members, _ := entry.(map[string]any)
		bytes, _ := members["bytes"].(float64)
		digest, _ := members["sha256"].(string)
		items = append(items, item{index, fmt.Sprintf("%s/%d", e.id(), index), uint64(bytes), strings.ToLower(digest)})
	}
	return items
}

func (i item) fits(info *jetstream.ObjectInfo) bool {
	digest, err := jetstream.DecodeObjectDigest(info.Digest)
	return err == nil && info.Size == i.bytes && hex.EncodeToString(digest) == i.sha256
}

// find is the object of an item, or nil.
func find(contents jetstream.ObjectStore, item item) (*jetstream.ObjectInfo, error) {
	ctx, cancel := context.WithTimeout(context.Background(), requestWait)
	defer cancel()
	info, err := contents.GetInfo(ctx, item.object)
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		return nil, nil
	}
	return info, err
}

// offering brings a bundle from the application into the store before its event is published (C1).
type offering struct {
	sender      *streamSender
	application *Application
	contents    jetstream.ObjectStore
}

// stageAll stores every item; or gives the answer that refuses the bundle.
func (o *offering) stageAll(event Event) *Answer {
	if o.sender.memory.recall(event) == otherContent {
		// Another bundle's objects have the names of this one's: they must not be written over.
		answer := o.sender.raiseConflict(event)
		return &answer
	}
	for _, item := range event.items() {
		right, err := o.store(event.id(), item)
		if err != nil {
			slog.Warn("content not stored", "channel", o.sender.flow.Channel, "item", item.index)
			return &unavailable
		}
		if !right {
			return &contentWrong
		}
	}
	return nil
}

// store says whether the item is in the store, whole and right. What is wrong is deleted.
func (o *offering) store(id string, item item) (bool, error) {
	there, err := find(o.contents, item)
	if err != nil || there != nil && item.fits(there) {
		return err == nil, err
	}
	info, err := o.put(id, item)
	if err == nil && item.fits(info) {
		return true, nil
	}
	if err != nil && !errors.Is(err, errTooLong) && !errors.Is(err, errNoContent) {
		return false, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), requestWait)
	defer cancel()
	if err := o.contents.Delete(ctx, item.object); err != nil && !errors.Is(err, jetstream.ErrObjectNotFound) {
		return false, err
	}
	return false, nil
}

func (o *offering) put(id string, item item) (*jetstream.ObjectInfo, error) {
	// Without a deadline the library gives each chunk one of its own.
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	watch := time.AfterFunc(stallWait, cancel)
	defer watch.Stop()
	content, err := o.application.content(ctx, id, item.index)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	exact := &limited{reader: content, left: item.bytes}
	return o.contents.Put(ctx, jetstream.ObjectMeta{Name: item.object}, whole{watched{exact, watch}})
}

// fetching hands the contents of a bundle to the application before its event (C2).
type fetching struct {
	receiver *receiver
	contents jetstream.ObjectStore
}

func (f *fetching) stageAll(event Event) (settlement, error) {
	for _, item := range event.items() {
		staged, err := f.stage(event.id(), item)
		if err != nil {
			return settlement{}, err
		}
		if staged == failed {
			return settlement{action: retry}, nil
		}
		if staged == rejected { // C3
			return terminated("content"), f.receiver.refuse(event, "content")
		}
	}
	if event.expired() { // staging takes its time
		return terminated("expired"), nil
	}
	return settlement{}, nil
}

// stage streams one item to the application. An object that is missing, or not as the manifest says, counts as rejected.
func (f *fetching) stage(id string, item item) (meaning, error) {
	info, err := find(f.contents, item)
	if err != nil {
		return failed, err
	}
	if info == nil || !item.fits(info) {
		return rejected, nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	watch := time.AfterFunc(stallWait, cancel)
	defer watch.Stop()
	object, err := f.contents.Get(eachRead{ctx}, item.object) // its Read fails at the end where the digest is wrong
	if err != nil {
		return failed, err
	}
	defer object.Close()
	return meaningOf(f.receiver.application.stage(ctx, id, item.index, watched{moving{object}, watch})), nil
}

// eachRead limits each read of an object to requestWait, and the whole not at all: the library takes its limit from the deadline,
// and a read that waits is ended by nothing else. One that came to its limit gives nothing, and no error.
type eachRead struct{ context.Context }

func (eachRead) Deadline() (time.Time, bool) { return time.Now().Add(requestWait), true }

// moving fails where a read gave nothing, which an object's does after requestWait.
type moving struct{ reader io.Reader }

func (m moving) Read(into []byte) (int, error) {
	n, err := m.reader.Read(into)
	if n == 0 && err == nil && len(into) > 0 {
		return 0, errStill
	}
	return n, err
}

var (
	errTooLong = errors.New("more content than the manifest says")
	errStill   = errors.New("the bus has given no content for a while")
)

// limited fails once more has come than there should be.
type limited struct {
	reader io.Reader
	left   uint64
}

func (l *limited) Read(into []byte) (int, error) {
	n, err := l.reader.Read(into)
	if uint64(n) > l.left {
		return 0, errTooLong
	}
	l.left -= uint64(n)
	return n, err
}

// watched puts off, with every read, the time at which the content counts as standing still.
type watched struct {
	reader io.Reader
	watch  *time.Timer
}

func (w watched) Read(into []byte) (int, error) {
	n, err := w.reader.Read(into)
	w.watch.Reset(stallWait)
	return n, err
}

// whole fills what it is given: the object store makes a chunk of each read, however short.
type whole struct{ reader io.Reader }

func (w whole) Read(into []byte) (int, error) {
	n, err := io.ReadFull(w.reader, into)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}
