"""Read the keys of a mapping with findings instead of exceptions, so that one run tells all that is wrong."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator

from huiqi.findings import Finding, nearest
from huiqi.rules.positions import Mapping, Node, Position, Scalar, Sequence

_KEY = re.compile(r"[A-Za-z_]+")


class Reader:
    """A mapping being read. `findings` collects what is wrong; unknown keys are found at once."""

    def __init__(self, node: Node | None, findings: list[Finding], keys: Iterable[str], what: str) -> None:
        self.findings = findings
        self.what = what
        self.usable = isinstance(node, Mapping)
        self.node = (
            node if isinstance(node, Mapping) else Mapping({}, node.at if node else Position("", 0, 0))
        )
        allowed = list(keys)
        if not self.usable:
            self.say("not-a-mapping", f"a {what} must be a mapping", "", "write `key: value` lines")
        for key in self.node.entries:
            if key not in allowed:
                self._unknown(key, allowed)

    def _unknown(self, key: str, allowed: list[str]) -> None:
        value = self.node.entries[key]
        if isinstance(value, Scalar) and not value.text and not _KEY.fullmatch(key):
            why = "a comma inside { } ends a value that has no quotes"
            self.say(
                "unquoted-comma", f"{key} stands alone", why, 'put the words in quotes: words: "甲，乙"', key
            )
            return
        hint = nearest(key, allowed) or f"a {self.what} has: {', '.join(sorted(allowed))}"
        self.say("unknown-key", f"{key} is no key of a {self.what}", "", hint, key)

    def place(self, key: str = "") -> Position:
        """Return where a key's value stands, else where the mapping begins."""
        node = self.node.get(key)
        return node.at if node is not None else self.node.at

    def say(self, code: str, what: str, why: str = "", mend: str = "", key: str = "") -> None:
        """Note something wrong at a key."""
        at = self.place(key)
        if key in self.node.key_positions and key not in self.node.entries:
            at = self.node.key_positions[key]
        self.findings.append(Finding(at.file, at.line, key, code, what, why, mend))

    def has(self, key: str) -> bool:
        """Tell whether the key stands there."""
        return key in self.node.entries

    def scalar(self, key: str, required: bool = False) -> Scalar | None:
        """Return the scalar of a key."""
        node = self.node.get(key)
        if node is None:
            if required:
                self.say("missing-key", f"a {self.what} needs {key}", "", f"add `{key}:`")
            return None
        if not isinstance(node, Scalar):
            self.say("not-a-text", f"{key} must be a single value", "", f"write `{key}: value`", key)
            return None
        if required and not node.text.strip():
            self.say("empty-value", f"{key} is empty", "", "write its value", key)
        return node

    def text(self, key: str, required: bool = False) -> str:
        """Return the text of a key, empty where absent."""
        scalar = self.scalar(key, required)
        return scalar.text.strip() if scalar else ""

    def whole(self, key: str, default: int) -> int:
        """Return a whole number."""
        text = self.text(key)
        if not text:
            return default
        digits = text.replace("_", "").replace(",", "")
        if not digits.isascii() or not digits.isdigit() or len(digits) > 30:
            self.say(
                "not-a-number", f"{key} must be a whole number, not {text[:40]}", "", "write digits only", key
            )
            return default
        return int(digits)

    def truth(self, key: str, default: bool = False) -> bool:
        """Return yes/true or no/false."""
        text = self.text(key)
        if text in ("yes", "true"):
            return True
        if text in ("", "no", "false"):
            return default if not text else False
        self.say("not-yes-no", f"{key} must be yes or no, not {text[:40]}", "", "write yes or no", key)
        return default

    def choice(self, key: str, allowed: Container[str] | Iterable[str], required: bool = False) -> str:
        """Return one of the allowed words, empty where absent or wrong."""
        text = self.text(key, required)
        words = list(allowed)  # type: ignore[arg-type]
        if text and text not in words:
            hint = nearest(text, words) or f"it is one of {', '.join(words)}"
            self.say("unknown-word", f"{key} cannot be {text[:60]}", "", hint, key)
            return ""
        return text

    def sequence(self, key: str, required: bool = False) -> tuple[Node, ...]:
        """Return the items of a list; a single value counts as a list of one."""
        node = self.node.get(key)
        if node is None:
            if required:
                self.say("missing-key", f"a {self.what} needs {key}", "", f"add `{key}:`")
            return ()
        if isinstance(node, Sequence):
            return node.items
        if isinstance(node, Scalar):
            return (node,) if node.text.strip() else ()
        self.say(
            "not-a-list",
            f"{key} must be a list",
            "",
            f"write `{key}: [a, b]` or lines that begin with -",
            key,
        )
        return ()

    def texts(
        self, key: str, required: bool = False, allowed: Iterable[str] | None = None
    ) -> tuple[str, ...]:
        """Return a list of words."""
        words: list[str] = []
        choices = list(allowed) if allowed is not None else None
        for item in self.sequence(key, required):
            if not isinstance(item, Scalar):
                self.say("not-a-text", f"{key} must hold words", "", f"write `{key}: [a, b]`", key)
            elif choices is not None and item.text not in choices:
                hint = nearest(item.text, choices) or f"it is one of {', '.join(choices)}"
                self.say("unknown-word", f"{key} cannot hold {item.text[:60]}", "", hint, key)
            else:
                words.append(item.text.strip())
        return tuple(words)

    def mappings(self, key: str, keys: Iterable[str], what: str, required: bool = False) -> Iterator[Reader]:
        """Yield a reader for each mapping of a list."""
        allowed = list(keys)
        for item in self.sequence(key, required):
            reader = Reader(item, self.findings, allowed, what)
            if reader.usable:
                yield reader

    def mapping(self, key: str, keys: Iterable[str], what: str, required: bool = False) -> Reader | None:
        """Return a reader for a nested mapping."""
        node = self.node.get(key)
        if node is None:
            if required:
                self.say("missing-key", f"a {self.what} needs {key}", "", f"add `{key}:`")
            return None
        reader = Reader(node, self.findings, keys, what)
        return reader if reader.usable else None

    def entries(self, key: str) -> dict[str, Node]:
        """Return a nested mapping with free keys."""
        node = self.node.get(key)
        if node is None:
            return {}
        if not isinstance(node, Mapping):
            self.say("not-a-mapping", f"{key} must be a mapping", "", f"write `{key}: {{name: value}}`", key)
            return {}
        return node.entries

    def pairs(self, key: str) -> dict[str, str]:
        """Return a nested mapping of words to words."""
        pairs: dict[str, str] = {}
        for name, node in self.entries(key).items():
            if isinstance(node, Scalar):
                pairs[name] = node.text.strip()
            else:
                self.say("not-a-text", f"{key}.{name} must be a text", "", "", key)
        return pairs
