"""Builders of the files that these tests read; all texts in them are fictional."""

import io
import zipfile
from pathlib import Path

import pytest

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_P = "http://schemas.openxmlformats.org/package/2006/relationships"
_NAMESPACES = (
    f'xmlns:w="{_W}" xmlns:r="{_R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_ROOTS = {
    "numbering": "numbering",
    "styles": "styles",
    "footnotes": "footnotes",
    "header": "hdr",
    "footer": "ftr",
}


class WordWriter:
    """Writes DOCX files from the XML of their parts, without the prefix of the elements' namespace declared."""

    @staticmethod
    def paragraph(words="", *, style=None, number=None, runs=""):
        """A paragraph; `number` is a pair of list and level."""
        about = f'<w:pStyle w:val="{style}"/>' if style else ""
        if number:
            about += f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
        text = f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>' if words else ""
        return f"<w:p><w:pPr>{about}</w:pPr>{text}{runs}</w:p>"

    @staticmethod
    def level(place, style, words, more=""):
        """A level of a list, numbered from one, with nothing between the number and the words."""
        return (
            f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}'
            f'<w:suff w:val="nothing"/><w:lvlText w:val="{words}"/></w:lvl>'
        )

    @staticmethod
    def bytes(body, **parts):
        """A file with the body and other parts (numbering, styles, footnotes, header, footer)."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("[Content_Types].xml", "<Types/>")
            file.writestr("_rels/.rels", _relations({"officeDocument": "word/document.xml"}))
            file.writestr("word/_rels/document.xml.rels", _relations({each: f"{each}.xml" for each in parts}))
            file.writestr(
                "word/document.xml", f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>"
            )
            for name, inner in parts.items():
                root = _ROOTS[name]
                file.writestr(f"word/{name}.xml", f"<w:{root} {_NAMESPACES}>{inner}</w:{root}>")
        return out.getvalue()


def _relations(targets):
    inner = "".join(
        f'<Relationship Id="r{number}" Type="{_R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{_P}">{inner}</Relationships>'


class PdfWriter:
    """Writes PDF files with a Chinese font that the reader has to know by its name."""

    @staticmethod
    def bytes(pages, *, size=14, password=None, rules=(), watermark=""):
        """A file; each page is a list of (left, height from the bottom, words); `rules` are lines on every page."""
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont
        from reportlab.pdfgen.canvas import Canvas

        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(595, 842), invariant=1, encrypt=password)
        for page in pages:
            canvas.setFont("STSong-Light", size)
            for left, height, words in page:
                canvas.drawString(left, height, words)
            if watermark:
                canvas.saveState()
                canvas.rotate(45)
                canvas.drawString(300, 100, watermark)
                canvas.restoreState()
            for rule in rules:
                canvas.line(*rule)
            canvas.showPage()
        canvas.save()
        return out.getvalue()

    @staticmethod
    def scanned(pages=1):
        """A file whose pages are pictures."""
        from PIL import Image
        from reportlab.lib.utils import ImageReader
        from reportlab.pdfgen.canvas import Canvas

        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(595, 842), invariant=1)
        for _ in range(pages):
            canvas.drawImage(ImageReader(Image.new("RGB", (60, 84), "white")), 0, 0, 595, 842)
            canvas.showPage()
        canvas.save()
        return out.getvalue()


@pytest.fixture
def word():
    return WordWriter()


@pytest.fixture
def pdf():
    return PdfWriter()


@pytest.fixture
def old_word_file():
    """A notice made with LibreOffice: lists in styles, a revision, a note, a text box, a merged table."""
    return Path(__file__).parent / "files" / "linjiang-notice.doc"


@pytest.fixture
def read(tmp_path):
    """Reads bytes as a file of a given name."""
    from huiqi.documents.formats import read_source

    def read_bytes(raw, name="notice"):
        path = tmp_path / name
        path.write_bytes(raw)
        return read_source(path)

    return read_bytes


@pytest.fixture
def refusal(read):
    """The code of the refusal of bytes, whose message is one line that names the file."""
    from huiqi.documents.errors import UnreadableDocument

    def code(raw, name="notice"):
        with pytest.raises(UnreadableDocument) as caught:
            read(raw, name)
        message = str(caught.value)
        assert "\n" not in message
        assert name in message
        assert caught.value.findings[0].mend
        return caught.value.code

    return code
