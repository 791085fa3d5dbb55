package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// answering is a sender that always gives the same answer.
type answering Answer

func (a answering) send(Event) Answer { return Answer(a) }

func TestTheAnswersOfThePort(t *testing.T) {
	reply := Event{map[string]string{"ce-id": "r1", "ce-datacontenttype": "application/json"}, []byte("{}")}
	adapter := &Adapter{largestBody: 100, senders: map[string]sender{
		"Stored":   answering(stored),
		"Asked":    answering{Status: 200, Reason: "reply", Reply: &reply},
		"Conflict": answering(conflictUnknown),
	}}
	server := httptest.NewServer(newPort(adapter).Handler)
	defer server.Close()
	for name, test := range map[string]struct {
		method, path, kind, contentType string
		status                          int
		answer                          string // Content-Type of the answer
		body                            string
	}{
		"stored":          {"POST", "/", "Stored", "application/json", 202, "", ""},
		"a reply":         {"POST", "/", "Asked", "application/json", 200, "application/json", "{}"},
		"a conflict":      {"POST", "/", "Conflict", "application/json", 409, "application/problem+json", "urn:busworthy:conflict-unknown"},
		"an unknown type": {"POST", "/", "Other", "application/json", 422, "application/problem+json", "urn:busworthy:unknown-type"},
		"structured mode": {"POST", "/", "", "application/cloudevents+json", 415, "application/problem+json", "urn:busworthy:wrong-mode"},
		"another path":    {"POST", "/other", "Stored", "application/json", 404, "text/plain; charset=utf-8", "404"},
		"another method":  {"GET", "/", "", "", 405, "text/plain; charset=utf-8", "Not Allowed"},
	} {
		request, _ := http.NewRequest(test.method, server.URL+test.path, strings.NewReader("{}"))
		request.Header.Set("Ce-Type", test.kind)
		request.Header.Set("Content-Type", test.contentType)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != test.status || response.Header.Get("Content-Type") != test.answer || !strings.Contains(string(text), test.body) {
			t.Errorf("%s: %d %s %s", name, response.StatusCode, response.Header.Get("Content-Type"), text)
		}
	}
	adapter.opening.Store(1)
	if answer := adapter.send(Event{Headers: map[string]string{"ce-type": "Other"}}); answer.Status != 503 {
		t.Errorf("before all is open: %v", answer)
	}
}

func TestWhatAnAnswerOfTheApplicationMeans(t *testing.T) {
	for status, want := range map[int]meaning{
		200: accepted, 202: accepted, 204: accepted, 299: accepted,
		400: rejected, 404: rejected, 409: rejected, 422: rejected, 499: rejected,
		0: failed, 199: failed, 302: failed, 408: failed, 429: failed, 500: failed, 503: failed,
	} {
		if got := meaningOf(status); got != want {
			t.Errorf("%d: %d", status, got)
		}
	}
}

func TestTheApplicationIsAskedOnceAndInTime(t *testing.T) {
	var mutex sync.Mutex
	asked := map[string]int{}
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		mutex.Lock()
		asked[request.URL.Path]++
		mutex.Unlock()
		switch request.URL.Path {
		case "/moved":
			http.Redirect(response, request, "/ok", http.StatusTemporaryRedirect)
		case "/slow":
			<-hang
		case "/gone":
			panic(http.ErrAbortHandler)
		case "/long":
			_, _ = response.Write(make([]byte, 1000))
		}
	}))
	defer server.Close()
	defer close(hang)
	for path, want := range map[string]int{"/ok": 200, "/moved": 307, "/slow": 0, "/gone": 0, "/long": 200} {
		limit := time.Minute
		if path == "/slow" {
			limit = 20 * time.Millisecond
		}
		status, reply := newApplication(server.URL+path).deliver(task(), limit, 100)
		if status != want || len(reply.Body) > 101 {
			t.Errorf("%s: %d, %d bytes", path, status, len(reply.Body))
		}
	}
	mutex.Lock()
	defer mutex.Unlock()
	for path, times := range asked {
		if times != 1 {
			t.Errorf("%s was asked %d times", path, times)
		}
	}
}
