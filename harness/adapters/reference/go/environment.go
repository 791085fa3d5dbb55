package main

import (
	"errors"
	"os"
)

// Environment is what the adapter is told at its start.
type Environment struct {
	Contract, Application, ApplicationURL, ListenPort string
	BusURL, Credentials, CA, Cert, Key, InboxPrefix   string
}

func readEnvironment() (Environment, error) {
	var missing error
	required := func(name string) string {
		value := os.Getenv(name)
		if value == "" {
			missing = errors.Join(missing, errors.New(name+" is not set: see ADAPTERS.md, Environment and life"))
		}
		return value
	}
	environment := Environment{
		Contract:       required("CONTRACT"),
		Application:    required("APPLICATION"),
		ApplicationURL: required("APPLICATION_URL"),
		ListenPort:     required("LISTEN_PORT"),
		BusURL:         required("BUS_URL"),
		InboxPrefix:    required("INBOX_PREFIX"),
		Credentials:    os.Getenv("BUS_CREDENTIALS"),
		CA:             os.Getenv("BUS_CA"),
		Cert:           os.Getenv("BUS_CERT"),
		Key:            os.Getenv("BUS_KEY"),
	}
	return environment, missing
}
