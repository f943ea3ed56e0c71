"""BERT's uncased WordPiece, as the sentence model was trained with it (Devlin et al. 2019; Wu et al. 2016).

Banksia tokenises queries in Swift. This copy embeds the label sentences at build time and is the reference that the
Swift one is compared with.
"""

from __future__ import annotations

import json
import unicodedata

CONTEXT = 128
"""Tokens kept of a text, the two special ones included."""
LONGEST_WORD = 100
"""A longer word is one unknown token, as in the original tokeniser: it bounds the search below."""

# The blocks in which BERT treats every character as a word of its own (CJK ideographs, extensions A to E, compatibility).
IDEOGRAPHS = (
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0x2F800, 0x2FA1F),
)  # fmt: skip


class WordPiece:
    """A vocabulary and the greedy longest-match-first split into it."""

    def __init__(self, tokeniser_json: bytes) -> None:
        self.ids: dict[str, int] = json.loads(tokeniser_json)["model"]["vocab"]
        self.unknown, self.start, self.end = (self.ids[token] for token in ("[UNK]", "[CLS]", "[SEP]"))

    def vocabulary_text(self) -> bytes:
        """One token a line; the line number, from zero, is the id."""
        ordered = sorted(self.ids, key=lambda token: self.ids[token])
        if [self.ids[token] for token in ordered] != list(range(len(ordered))):
            raise ValueError("the vocabulary's ids have gaps, so line numbers cannot stand for them")
        return "\n".join(ordered).encode()

    def encode(self, text: str) -> list[int]:
        """The ids of a text between the start and the end token, cut to `CONTEXT`."""
        pieces = [piece for word in words(text) for piece in self._pieces(word)]
        return [self.start, *pieces[: CONTEXT - 2], self.end]

    def _pieces(self, word: str) -> list[int]:
        if len(word) > LONGEST_WORD:
            return [self.unknown]
        found: list[int] = []
        begin = 0
        while begin < len(word):
            for end in range(len(word), begin, -1):
                candidate = word[begin:end] if begin == 0 else "##" + word[begin:end]
                if candidate in self.ids:
                    found.append(self.ids[candidate])
                    begin = end
                    break
            else:  # one part cannot be spelled: then the whole word is unknown
                return [self.unknown]
        return found


def words(text: str) -> list[str]:
    """Lower-case words without accents and control characters; punctuation and ideographs stand alone."""
    return "".join(cleaned(character) for character in unicodedata.normalize("NFD", text.lower())).split()


def cleaned(character: str) -> str:
    """What one decomposed character contributes: nothing, itself, or itself as a word of its own."""
    category, code = unicodedata.category(character), ord(character)
    if character in "\t\n\r" or category == "Zs":
        return " "
    if category in ("Mn", "Cc", "Cf") or code in (0, 0xFFFD):
        return ""
    # All of ASCII that is neither letter, digit, blank nor control counts as punctuation, also `$`, `+` or `^`.
    ascii_symbol = 33 <= code <= 126 and not character.isalnum()
    alone = ascii_symbol or category.startswith("P") or any(first <= code <= last for first, last in IDEOGRAPHS)
    return f" {character} " if alone else character
