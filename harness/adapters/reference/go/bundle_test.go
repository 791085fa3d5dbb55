package main

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

func TestTheItemsOfAManifest(t *testing.T) {
	event := body(`{"manifest":[{"bytes":3,"sha256":"AB"},{"bytes":4}]}`)
	items := event.items()
	if len(items) != 2 || items[0] != (item{0, "t1/0", 3, "ab"}) || items[1] != (item{1, "t1/1", 4, ""}) {
		t.Errorf("%v", items)
	}
	if items := body(`{}`).items(); len(items) != 0 {
		t.Errorf("no manifest: %v", items)
	}
}

func TestAnObjectFitsBySizeAndDigest(t *testing.T) {
	empty := item{sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
	info := jetstream.ObjectInfo{Digest: "SHA-256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU="}
	if !empty.fits(&info) {
		t.Error("the empty object is not its own")
	}
	longer, other := empty, empty
	longer.bytes, other.sha256 = 1, strings.Repeat("0", 64)
	if longer.fits(&info) || other.fits(&info) || empty.fits(&jetstream.ObjectInfo{Digest: "none"}) {
		t.Error("another size or digest fits")
	}
}

// still gives nothing, and no error.
type still struct{}

func (still) Read([]byte) (int, error) { return 0, nil }

func TestContentOnItsWay(t *testing.T) {
	text := []byte("0123456789")
	for name, test := range map[string]struct {
		left uint64
		want error
	}{
		"as long as it should be": {10, nil}, "shorter": {11, nil}, "longer": {9, errTooLong},
	} {
		reader := &limited{reader: iotest.OneByteReader(bytes.NewReader(text)), left: test.left}
		if _, err := io.ReadAll(reader); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := io.ReadAll(moving{still{}}); !errors.Is(err, errStill) {
		t.Errorf("an object whose chunks do not come: %v", err)
	}
	watch := time.NewTimer(time.Hour)
	defer watch.Stop()
	chunks := whole{watched{iotest.OneByteReader(bytes.NewReader(text)), watch}}
	into := make([]byte, 4)
	for _, want := range []struct {
		bytes int
		err   error
	}{{4, nil}, {4, nil}, {2, io.EOF}, {0, io.EOF}} {
		if n, err := chunks.Read(into); n != want.bytes || err != want.err {
			t.Errorf("%d %v", n, err)
		}
	}
}
