"""A county's application that was handed in, with its file, and one that is still a draft, for the permission matrix."""

import base64
import hashlib

from offices import NOW, TODAY

from huiqi.portal.accounts.models import User
from huiqi.portal.applications import files
from huiqi.portal.applications.models import Application, Attachment
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.payments.payees import keys
from huiqi.portal.secrets.sealing import seal

MEASURE, DRAFT = "guesthouse-award", "incubator-award"
CONTENT = b"%PDF-1.7\n%%EOF\n"


def applications_of_county(firm):
    """Return the rows by name."""
    user = User.objects.order_by("pk").first()
    made = _application(firm, MEASURE, user, state="handed_in", as_of=TODAY, handed_in_at=NOW, round=1)
    digest = hashlib.sha256(CONTENT).hexdigest()
    text = base64.b64encode(CONTENT).decode()
    files._file(digest).write_text(seal(text, files._place(digest), keys()), "ascii")
    file = Attachment.objects.create(
        application=made,
        slot="rating",
        name="rating.pdf",
        kind="pdf",
        size=len(CONTENT),
        digest=digest,
        from_round=1,
        by=user,
        at=NOW,
    )
    return {
        "application": made,
        "attachment": file,
        "draft application": _application(firm, DRAFT, user),
    }


def _application(firm, measure, user, **more):
    variant = library().possible(measure, firm.region, TODAY)[0][0]
    return Application.objects.create(
        firm=firm,
        county=firm.region,
        measure=measure,
        variant=variant.region,
        rule_digest=variant.digest,
        delivery=variant.delivery,
        begun_by=user,
        begun_at=NOW,
        **more,
    )
