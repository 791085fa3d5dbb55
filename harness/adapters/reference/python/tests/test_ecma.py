"""Patterns mean what ECMA-262 has them mean, with the flag u."""

import pytest
import regex

from adapter.ecma import compile_pattern


@pytest.mark.parametrize(
    ("pattern", "takes", "refuses"),
    [
        (r"^a$", ["a"], ["a\n", "ba"]),
        (r"^\d+$", ["12"], ["١٢"]),
        (r"^[\d]+$", ["12"], ["١٢"]),
        (r"^\w$", ["a", "_"], ["é"]),
        (r"^\W$", ["é"], ["a"]),
        (r"^[^\W]$", ["a"], ["é"]),
        (r"^\s$", ["\ufeff", "\u00a0", "\n"], ["\x1c", "\x85"]),
        (r"^\S$", ["\x1c", "a"], ["\ufeff"]),
        (r"^.$", ["\x85", "é", "🚓"], ["\n", "\u2028"]),
        (r"^[.$]$", [".", "$"], ["a"]),
        (r"\bab\b", ["x ab!", "éab"], ["abc"]),
        (r"^\u{1F693}$", ["🚓"], ["\u1f69"]),
        (r"^\uD83D\uDE93$", ["🚓"], ["\ud83d"]),
        (r"^\u00e9\x41$", ["éA"], ["e"]),
        (r"^\p{Lu}[^\p{L}]$", ["É1"], ["éa"]),
        (r"^(?<x>a|b)\k<x>\1$", ["aaa"], ["aab"]),
        (r"^a\/\-b$", ["a/-b"], ["a-b"]),
        (r"^[[&|~\-\]]+$", ["[&|~-]"], ["a"]),
        (r"^[[:alpha:]]$", [":]"], ["z"]),
        (r"^(?:[]|a)$", ["a"], [""]),
        (r"^[^]$", ["\n"], [""]),
        (r"^\cJ[\b]\0$", ["\n\x08\x00"], ["J"]),
        (r"(?<=£\d{1,3})p$", ["£12p"], ["12p"]),
        (r"^[!-~]{1,3}$", ["a!~"], ["", "a b", "abcd"]),
    ],
)
def test_pattern(pattern, takes, refuses):
    compiled = compile_pattern(pattern)
    assert [text for text in takes if not compiled.search(text)] == []
    assert [text for text in refuses if compiled.search(text)] == []


def test_what_is_no_pattern_is_said():
    with pytest.raises(regex.error):
        compile_pattern("(")
