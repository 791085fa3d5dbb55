package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Application is what stands behind the adapter, over HTTP.
type Application struct {
	url    string
	client *http.Client
}

// errNoContent: the application has no such content to give.
var errNoContent = errors.New("no such content")

func newApplication(url string) *Application {
	return &Application{url, &http.Client{
		Transport:     &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true, IdleConnTimeout: 30 * time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // R6
	}}
}

// deliver POSTs an event. The status is 0 where the connection failed or the time limit passed. At most maxBytes and one byte of
// the answer's body are read: what is longer fails the check. An answer that breaks off has its status, and no event.
func (a *Application) deliver(event Event, limit time.Duration, maxBytes int) (int, Event) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url, bytes.NewReader(event.Body))
	if err != nil {
		return 0, Event{}
	}
	event.toHTTP(request.Header)
	response, err := a.client.Do(request)
	if err != nil {
		return 0, Event{}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, int64(maxBytes)+1))
	if err != nil {
		return response.StatusCode, Event{}
	}
	return response.StatusCode, eventFromHTTP(response.Header, body)
}

// content streams one item of a bundle from the application (C1). The caller closes it.
func (a *Application) content(ctx context.Context, id string, item int) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, a.contentURL(id, item), nil)
	if err != nil {
		return nil, err
	}
	response, err := a.client.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode == http.StatusOK {
		return response.Body, nil
	}
	response.Body.Close()
	if meaningOf(response.StatusCode) == failed {
		return nil, fmt.Errorf("content: status %d", response.StatusCode)
	}
	return nil, errNoContent
}

// stage streams one item of a bundle to the application (C2), chunked: content that breaks off does not arrive whole.
func (a *Application) stage(ctx context.Context, id string, item int, content io.Reader) int {
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, a.contentURL(id, item), io.NopCloser(content))
	if err != nil {
		return 0
	}
	request.Header.Set("Content-Type", "application/octet-stream")
	response, err := a.client.Do(request)
	if err != nil {
		return 0
	}
	response.Body.Close()
	return response.StatusCode
}

func (a *Application) contentURL(id string, item int) string {
	return fmt.Sprintf("%s/content/%s/%d", a.url, url.PathEscape(id), item)
}

// meaning is what a status of the application says of the message.
type meaning int

const (
	accepted meaning = iota
	rejected         // R7
	failed           // R8
)

func meaningOf(status int) meaning {
	switch {
	case status >= 200 && status < 300:
		return accepted
	case status >= 400 && status < 500 && status != http.StatusRequestTimeout && status != http.StatusTooManyRequests:
		return rejected
	default:
		return failed
	}
}
