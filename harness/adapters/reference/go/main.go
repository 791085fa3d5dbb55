// Command adapter is a reference adapter in Go: all of ADAPTERS.md, for every exchange pattern and both roles. Numbers in comments,
// such as R6, are those of its rules.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// finishWait is how long a stopping adapter finishes what is in hand; it is to be gone within 10 s (L3).
const finishWait = 9 * time.Second

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "adapter:", err)
		os.Exit(1)
	}
}

func run() error {
	environment, err := readEnvironment()
	if err != nil {
		return err
	}
	contract, err := readContract(environment.Contract)
	if err != nil {
		return fmt.Errorf("%s: %w", environment.Contract, err)
	}
	bus, err := connect(environment)
	if err != nil {
		return fmt.Errorf("bus: %w", err)
	}
	adapter, err := newAdapter(environment, contract, bus)
	if err != nil {
		return err
	}
	stop, stopped := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stopped()
	port, failed := newPort(adapter), make(chan error, 1)
	go func() { failed <- port.ListenAndServe() }()
	opened := make(chan struct{})
	go func() { adapter.open(stop); close(opened) }()
	select {
	case err := <-failed:
		return fmt.Errorf("port %s: %w", environment.ListenPort, err)
	case <-stop.Done():
	}
	<-opened
	adapter.end(port)
	return nil
}

// end finishes what is in hand on both sides, as far as there is time. What is left the bus delivers again.
func (a *Adapter) end(port *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), finishWait)
	defer cancel()
	finished := make(chan struct{})
	go func() { a.finish(); close(finished) }()
	if err := port.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) {
		slog.Warn("some requests of the application are unanswered")
	}
	select {
	case <-finished:
	case <-ctx.Done():
		slog.Warn("some messages are in hand still")
	}
	_ = a.bus.connection.FlushTimeout(time.Second)
	a.bus.connection.Close()
}
