"""Official texts of the library, and alignments of two of them: who handed them in, and what was read of them.

The texts themselves lie in HUIQI_DATA/documents, in the form of `huiqi documents`; what was read of them lies beside
(see `readings`). A row holds what lists need.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.scoping import ScopedModel, ScopedQuerySet
from huiqi.portal.acts.actors import Actor, Capacity, Scope
from huiqi.portal.acts.models import Acted

READING, HELD, UNREADABLE, REMOVED = "reading", "held", "unreadable", "removed"
RUNNING, READY, FAILED, DISCARDED = "running", "ready", "failed", "discarded"
FILE, PASTED, FOLDER, EXAMPLE = "file", "pasted", "folder", "example"
LEVELS = {
    "nation": ("国家", "Nation"),
    "province": ("省级", "Province"),
    "prefecture": ("市（州）级", "Prefecture"),
    "county": ("县级", "County"),
}


class SharedQuerySet(ScopedQuerySet):
    """Rows that are also seen by everybody who opens the page, where they are shared."""

    def _reached(self, capacity: Capacity) -> Q:
        # A firm's member or a mere user reaches no text, shared or not.
        if capacity.firms is not None or capacity.person is not None:
            return Q(pk__in=[])
        return super()._reached(capacity) | Q(shared=True)


class OfficialText(ScopedModel, Acted):
    """One text. `name` is its id in the library's folder, "" until it is read.

    `shared` texts are seen on the whole site, others within the area of the office that handed them in.
    `counts` are whole numbers by name; `unencoded` are its benefit sentences that no measure holds, by the rules
    whose digest is `rules`. `refusal` is the reader's finding where it could not be read.
    """

    SCOPED_BY = {"region": "region", "agency": "agency"}

    name = models.CharField(max_length=120, blank=True)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=8, default=FILE)
    state = models.CharField(max_length=10, default=READING)
    shared = models.BooleanField(default=True)
    region = models.CharField(max_length=6)
    agency = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300, blank=True)
    number = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=10, blank=True)
    place = models.CharField(max_length=6, blank=True)
    """The region whose text it is, "" where it does not tell."""
    dated = models.DateField(null=True)
    year = models.PositiveSmallIntegerField(null=True)
    counts = models.JSONField(default=dict)
    unencoded = models.PositiveIntegerField(default=0)
    rules = models.CharField(max_length=64, blank=True)
    refusal = models.JSONField(default=dict)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    objects = SharedQuerySet.as_manager()

    class Meta:
        verbose_name = "文件"
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "region"],
                condition=Q(state__in=[READING, HELD]),
                name="one_text_of_a_digest_and_region",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="text_state"),
            models.Index(fields=["region", "state"], name="text_region"),
            models.Index(fields=["digest"], name="text_digest"),
        ]

    def __str__(self) -> str:
        return self.title or self.file_name

    def scope(self) -> Scope:
        """A text belongs to the region of the office that handed it in."""
        return Scope(region=self.region, agency=self.agency or None)

    def address(self) -> str:
        """The text's page."""
        return reverse("document", kwargs={"number": self.pk})


class ComparisonQuerySet(ScopedQuerySet):
    """Alignments; besides its own place, one is seen only by who sees the texts that it quotes."""

    def visible_to(self, actor: Actor, page: str) -> ComparisonQuerySet:
        """Only rows of the actor's areas whose texts they see."""
        texts = OfficialText.objects.visible_to(actor, page).values("pk")
        rows = super().visible_to(actor, page)
        return rows.filter(superior__in=texts, subordinate__in=texts).filter(
            Q(before=None) | Q(before__in=texts)
        )


class Comparison(ScopedModel, Acted):
    """An alignment of a superior's text with a subordinate's; `before` is the superior's version before it was amended.

    The result lies in a file; `counts` are whole numbers by name. `issued` is the day of the superior text, where
    its copy prints none.
    """

    SCOPED_BY = {"region": "region", "agency": "agency"}

    superior = models.ForeignKey(OfficialText, on_delete=models.PROTECT, related_name="+")
    subordinate = models.ForeignKey(OfficialText, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(OfficialText, on_delete=models.PROTECT, null=True, related_name="+")
    issued = models.DateField(null=True)
    region = models.CharField(max_length=6)
    agency = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, default=RUNNING)
    counts = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    error = models.CharField(max_length=500, blank=True)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        verbose_name = "上下级对照"
        constraints = [
            models.CheckConstraint(
                condition=~Q(superior=models.F("subordinate")), name="two_texts_are_aligned"
            ),
        ]
        indexes = [models.Index(fields=["region", "-id"], name="comparison_region")]

    def __str__(self) -> str:
        return f"{self.superior} → {self.subordinate}"

    def scope(self) -> Scope:
        """It belongs to the region of the office that asked for it."""
        return Scope(region=self.region, agency=self.agency or None)

    def address(self) -> str:
        """Its page."""
        return reverse("alignment", kwargs={"number": self.pk})
