"""Every sentence of a document and its class (惠企, 资格, 目标, 任务 …), after docs/sentence-classes.md."""

from huiqi.documents.sentences.classing import Verdict, class_of, class_sentences
from huiqi.documents.sentences.model import KINDS, STRUCTURAL, ClassedSentence, Kind
from huiqi.documents.sentences.splitting import split_sentences

__all__ = [
    "KINDS",
    "STRUCTURAL",
    "ClassedSentence",
    "Kind",
    "Verdict",
    "class_of",
    "class_sentences",
    "split_sentences",
]
