package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"time"
)

// newPort is the HTTP side that the application speaks to: POST / and GET /health.
func newPort(adapter *Adapter) *http.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{$}", adapter.post)
	mux.HandleFunc("GET /health", adapter.health)
	return &http.Server{
		Addr:              net.JoinHostPort("", adapter.environment.ListenPort),
		Handler:           mux,
		ReadHeaderTimeout: 10 * time.Second,
	}
}

func (a *Adapter) health(response http.ResponseWriter, _ *http.Request) { // L2
	if !a.healthy() {
		response.WriteHeader(http.StatusServiceUnavailable)
	}
}

// post takes an event from the application. What has begun is finished though the application hangs up (S6).
func (a *Adapter) post(response http.ResponseWriter, request *http.Request) {
	if structured(request.Header.Get("Content-Type")) { // E4
		write(response, wrongMode)
		return
	}
	body, err := io.ReadAll(io.LimitReader(request.Body, int64(a.largestBody)+1))
	if err != nil {
		return // the application hung up before its event was here
	}
	// An application that is still sending would not hear an answer.
	_, _ = io.Copy(io.Discard, request.Body)
	write(response, a.send(eventFromHTTP(request.Header, body)))
}

// write answers; all but 200 and 202 as a problem without content (S2).
func write(response http.ResponseWriter, answer Answer) {
	switch {
	case answer.Reply != nil:
		answer.Reply.toHTTP(response.Header())
		response.WriteHeader(answer.Status)
		_, _ = response.Write(answer.Reply.Body)
	case answer.Status == http.StatusAccepted:
		response.WriteHeader(answer.Status)
	default:
		response.Header().Set("Content-Type", "application/problem+json")
		response.WriteHeader(answer.Status)
		_ = json.NewEncoder(response).Encode(map[string]any{"type": "urn:busworthy:" + answer.Reason, "status": answer.Status})
	}
}
