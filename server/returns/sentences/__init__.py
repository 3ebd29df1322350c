"""The narrative parts of a return, prefilled in Vietnamese from its figures; whoever writes it edits them."""

from server.returns.sentences.parts import PARTS, sentences

__all__ = ["PARTS", "sentences"]
