package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// documents reads the AsyncAPI document and the files beside it, YAML or JSON, each once. It implements jsonschema.URLLoader.
type documents struct{ read map[string]any }

func (d documents) Load(location string) (any, error) {
	if known, ok := d.read[location]; ok {
		return known, nil
	}
	value, err := readDocument(location)
	if err != nil {
		return nil, err
	}
	d.read[location] = value
	return value, nil
}

func readDocument(location string) (any, error) {
	at, err := url.Parse(location)
	if err != nil || at.Scheme != "file" {
		return nil, fmt.Errorf("%s: a document is a file beside the contract", location)
	}
	text, err := os.ReadFile(filepath.FromSlash(at.Path))
	if err != nil {
		return nil, err
	}
	text, err = yaml.YAMLToJSON(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at.Path, err)
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return nil, fmt.Errorf("%s: %w", at.Path, err)
	}
	return value, nil
}

// headerDocuments are the same files without what they say of headers that are copied and never checked (E2).
type headerDocuments struct{}

func (headerDocuments) Load(location string) (any, error) {
	value, err := readDocument(location)
	return withoutTrace(value), err
}

func withoutTrace(value any) any {
	switch value := value.(type) {
	case []any:
		for i := range value {
			value[i] = withoutTrace(value[i])
		}
	case map[string]any:
		for name, member := range value {
			value[name] = withoutTrace(member)
		}
		if required, ok := value["required"].([]any); ok {
			value["required"] = slices.DeleteFunc(required, func(name any) bool { return name == "traceparent" || name == "tracestate" })
		}
		if properties, ok := value["properties"].(map[string]any); ok {
			delete(properties, "traceparent")
			delete(properties, "tracestate")
		}
	}
	return value
}

// node is a place in a document. Its location is what $refs are relative to, and what tells one place from another.
type node struct {
	documents documents
	file      string   // URL
	pointer   []string // JSON Pointer, in tokens
	value     any
}

func (d documents) root(path string) (node, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return node{}, err
	}
	file := (&url.URL{Scheme: "file", Path: filepath.ToSlash(absolute)}).String()
	value, err := d.Load(file)
	return node{documents: d, file: file, value: value}, err
}

func (n node) location() string {
	location := n.file + "#"
	for _, token := range n.pointer {
		location += "/" + url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(token))
	}
	return location
}

// child is the member of that name, as it stands: a $ref is not followed. Its value is nil where there is none.
func (n node) child(name string) node {
	members, _ := n.value.(map[string]any)
	return node{n.documents, n.file, append(slices.Clone(n.pointer), name), members[name]}
}

// follow goes where a $ref leads, if there is one.
func (n node) follow() (node, error) {
	for range 16 {
		members, _ := n.value.(map[string]any)
		reference, ok := members["$ref"].(string)
		if !ok {
			return n, nil
		}
		base, err := url.Parse(n.file)
		if err != nil {
			return n, err
		}
		target, err := base.Parse(reference)
		if err != nil {
			return n, err
		}
		tokens := strings.Split(strings.TrimPrefix(target.Fragment, "/"), "/")
		target.Fragment, target.RawFragment = "", ""
		value, err := n.documents.Load(target.String())
		if err != nil {
			return n, err
		}
		found := node{documents: n.documents, file: target.String(), value: value}
		for _, token := range tokens {
			if token != "" {
				found = found.child(unescapePointer(token))
			}
		}
		if found.value == nil {
			return n, fmt.Errorf("%s: $ref %s leads nowhere", n.location(), reference)
		}
		n = found
	}
	return n, fmt.Errorf("%s: $ref in a circle", n.location())
}

// members are the members of an object, by name, each with its $ref followed.
func (n node) members() (map[string]node, error) {
	found := map[string]node{}
	members, _ := n.value.(map[string]any)
	for name := range members {
		member, err := n.child(name).follow()
		if err != nil {
			return nil, err
		}
		found[name] = member
	}
	return found, nil
}

// decode reads the value into a Go value.
func (n node) decode(into any) error {
	text, err := json.Marshal(n.value)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", n.location(), err)
	}
	return nil
}

func (n node) compile(compiler *jsonschema.Compiler) (*jsonschema.Schema, error) {
	return compiler.Compile(n.location())
}

func unescapePointer(token string) string {
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
}
