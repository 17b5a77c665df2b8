"""Files as firms send them, and files that lie."""

import io

from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas


def pdf(pages=1, **more):
    """A PDF with a line of text on each page."""
    made = io.BytesIO()
    canvas = Canvas(made, **more)
    for number in range(pages):
        canvas.drawString(72, 720, f"page {number + 1}")
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def locked_pdf():
    return pdf(encrypt=StandardEncryption("secret", strength=128))


def raw_pdf(*objects, root=1):
    """A PDF of objects as they are written, with its table of places."""
    made, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return made + trailer % (len(objects) + 1, root, start)


PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>"


def active_pdf(what=b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"):
    return raw_pdf(b"<< /Type /Catalog /Pages 2 0 R %b >>" % what, PAGES, PAGE)


def picture(form="PNG", size=(40, 30), **more):
    made = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(made, form, **more)
    return made.getvalue()
