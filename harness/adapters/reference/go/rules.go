package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
)

// Rule is one of a message's x-rules, described in contracts/rules.schema.json. A rule about an absent field holds.
type Rule struct {
	Rule     string   `json:"rule"`
	Field    string   `json:"field"`
	Header   string   `json:"header"`   // equals-header
	Alphabet string   `json:"alphabet"` // check-character
	Slices   [][2]int `json:"slices"`   // check-character
	Other    string   `json:"other"`    // not-before
	Of       string   `json:"of"`       // count, sum
}

// known refuses a rule that this adapter would not keep: the set is closed.
func (r Rule) known() error {
	switch r.Rule {
	case "equals-header", "check-character", "not-before", "count", "sum":
		return nil
	}
	return fmt.Errorf("x-rules: no rule %q is known here", r.Rule)
}

// holds says whether every value that the rule's field finds keeps the rule.
func (r Rule) holds(payload any, headers map[string]string) bool {
	for _, value := range valuesAt(payload, r.Field) {
		if !r.holdsFor(value, payload, headers) {
			return false
		}
	}
	return true
}

func (r Rule) holdsFor(value, payload any, headers map[string]string) bool {
	switch r.Rule {
	case "equals-header":
		text, ok := textOf(value)
		header, there := headers[r.Header]
		return ok && there && text == header
	case "check-character":
		text, ok := value.(string)
		return ok && r.checkCharacter(text)
	case "not-before":
		return notBefore(value, valuesAt(payload, r.Other))
	case "count":
		return value == float64(len(valuesAt(payload, r.Of)))
	case "sum":
		sum, ok := sumOf(valuesAt(payload, r.Of))
		return ok && value == sum
	}
	return false
}

// checkCharacter says whether the last character is alphabet[the digits before it, as one number, mod the alphabet's length].
func (r Rule) checkCharacter(text string) bool {
	characters := []rune(text)
	slices := r.Slices
	if slices == nil {
		slices = [][2]int{{0, -1}}
	}
	var digits strings.Builder
	for _, slice := range slices {
		from, to := index(slice[0], len(characters)), index(slice[1], len(characters))
		for at := from; at < to; at++ {
			if characters[at] >= '0' && characters[at] <= '9' {
				digits.WriteRune(characters[at])
			}
		}
	}
	number, ok := new(big.Int).SetString(digits.String(), 10)
	if !ok {
		return false
	}
	remainder := new(big.Int).Mod(number, big.NewInt(int64(len(r.Alphabet))))
	return characters[len(characters)-1] == rune(r.Alphabet[remainder.Int64()])
}

// index counts a negative place from the end, and keeps it within the text.
func index(at, length int) int {
	if at < 0 {
		at += length
	}
	return min(max(at, 0), length)
}

func notBefore(value any, others []any) bool {
	for _, other := range others {
		first, firstOK := timeOf(other)
		second, secondOK := timeOf(value)
		if !firstOK || !secondOK || second.Before(first) {
			return false
		}
	}
	return true
}

// largest whole number that float64 holds exactly.
const largestExact = 1<<53 - 1

// sumOf is false where a value is no whole number, or the sum is beyond exact arithmetic.
func sumOf(values []any) (float64, bool) {
	sum := 0.0
	for _, value := range values {
		number, ok := value.(float64)
		if !ok || number != float64(int64(number)) {
			return 0, false
		}
		if sum += number; sum > largestExact || sum < -largestExact {
			return 0, false
		}
	}
	return sum, true
}

// textOf writes a value as JSON has it, a text without its quotes; false for an object, an array or null.
func textOf(value any) (string, bool) {
	switch value := value.(type) {
	case string:
		return value, true
	case bool:
		return strconv.FormatBool(value), true
	case float64:
		text, err := json.Marshal(value)
		return string(text), err == nil
	}
	return "", false
}

// valuesAt finds the values at a JSON Pointer in which * stands for every item of an array. Unknown places give none.
func valuesAt(value any, pointer string) []any {
	found := []any{value}
	for _, token := range strings.Split(pointer, "/")[1:] {
		token = unescapePointer(token)
		var next []any
		for _, at := range found {
			next = append(next, step(at, token)...)
		}
		found = next
	}
	return found
}

func step(value any, token string) []any {
	switch value := value.(type) {
	case []any:
		if token == "*" {
			return value
		}
		if at, err := strconv.Atoi(token); err == nil && at >= 0 && at < len(value) {
			return value[at : at+1]
		}
	case map[string]any:
		if member, ok := value[token]; ok {
			return []any{member}
		}
	}
	return nil
}

func timeOf(value any) (time.Time, bool) {
	text, ok := value.(string)
	if !ok {
		return time.Time{}, false
	}
	return parseTime(text)
}
