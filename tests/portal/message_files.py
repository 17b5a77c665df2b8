"""The site's texts in English: which texts there are, the .po file that people edit, the .mo file that Django reads.

`python tests/portal/message_files.py` adds what is missing to the .po file (with an empty translation) and writes
the .mo file anew; no gettext tools are needed.
"""

import ast
import gettext
import io
import re
import struct
import sys
from pathlib import Path

PORTAL = Path(__file__).parent.parent.parent / "src" / "huiqi" / "portal"
PO = PORTAL / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
HEADER = "Content-Type: text/plain; charset=UTF-8\nLanguage: en\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
_CALLS = {"_", "gettext", "gettext_lazy", "ngettext"}

Messages = dict[tuple[str, ...], tuple[str, ...]]
"""A text (or its singular and plural, the same in Chinese) with its English, one or two."""


def used() -> dict[tuple[str, ...], str]:
    """Return every text of the templates and pages, with the first file that shows it."""
    found: dict[tuple[str, ...], str] = {}
    for path in sorted(PORTAL.rglob("*")):
        if path.suffix not in {".html", ".py"} or "migrations" in path.parts:
            continue
        text = path.read_text("utf-8")
        texts = _of_template(text) if path.suffix == ".html" else _of_module(text)
        for each in texts:
            found.setdefault(each, str(path.relative_to(PORTAL)))
    for each in data_labels():
        found.setdefault((each,), "labels of the data")
    return found


def data_labels():
    """Yield the labels that stand in data and are shown translated."""
    from huiqi.portal.answers.reasons import SOURCES
    from huiqi.rules.facts import CHANGES, KNOWN_BY, SUBJECTS
    from huiqi.rules.measure import AMOUNT_IS, DELIVERIES, KINDS
    from huiqi.rules.verdicts import VERDICTS

    for labels in (SUBJECTS, KNOWN_BY, CHANGES, KINDS, DELIVERIES, AMOUNT_IS, VERDICTS, SOURCES):
        yield from labels.values()
    yield from ("同一主体", "同一人", "同一笔", "资金来源", "办理渠道", "收款账户", "所需材料")


def _of_template(text):
    from django.utils.translation.template import templatize

    return _of_calls(templatize(text))


def _of_calls(text):
    # templatize turns a template into lines of gettext calls among Xs.
    for match in re.finditer(r"\b(n?gettext)\(", text):
        call = _call_at(text, match.start())
        if call is not None:
            yield from _of_module(call)


def _call_at(text, start):
    depth, place, quote = 0, start, ""
    while place < len(text):
        character = text[place]
        if quote:
            if character == "\\":
                place += 1
            elif text.startswith(quote, place):
                place += len(quote) - 1
                quote = ""
        elif character in "\"'":
            quote = character * 3 if text.startswith(character * 3, place) else character
            place += len(quote) - 1
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                return text[start : place + 1]
        place += 1
    return None


def _of_module(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
            wanted = 2 if node.func.id == "ngettext" else 1
            texts = [each.value for each in node.args[:wanted] if isinstance(each, ast.Constant)]
            if len(texts) == wanted and all(isinstance(each, str) for each in texts):
                yield tuple(texts)


def read_po(text: str) -> Messages:
    """Return the texts of a .po file with their English."""
    found: Messages = {}
    entry: dict[str, str] = {}
    key = ""
    for line in [*text.splitlines(), ""]:
        match = re.fullmatch(r'(msgid|msgid_plural|msgstr(?:\[\d\])?) (".*")', line)
        if match:
            key = match[1]
            entry[key] = ast.literal_eval(match[2])
        elif line.startswith('"'):
            entry[key] += ast.literal_eval(line)
        elif not line and "msgid" in entry:
            ids = tuple(entry[name] for name in ("msgid", "msgid_plural") if name in entry)
            names = ("msgstr[0]", "msgstr[1]") if len(ids) == 2 else ("msgstr",)
            found[ids] = tuple(entry.get(name, "") for name in names)
            entry = {}
    found.pop(("",), None)
    return found


def written_po(messages: Messages, where: dict[tuple[str, ...], str]) -> str:
    """Return the .po file of the texts, by the file that shows them first."""
    out = io.StringIO()
    out.write('msgid ""\nmsgstr ""\n')
    out.writelines(_quoted(line) + "\n" for line in HEADER.splitlines(True))
    for ids in sorted(messages, key=lambda each: (where.get(each, "~"), each)):
        english = messages[ids]
        out.write(f"\n#: {where.get(ids, 'no longer used')}\nmsgid {_quoted(ids[0])}\n")
        if len(ids) == 2:
            out.write(f"msgid_plural {_quoted(ids[1])}\n")
            out.writelines(f"msgstr[{n}] {_quoted(each)}\n" for n, each in enumerate(english))
        else:
            out.write(f"msgstr {_quoted(english[0])}\n")
    return out.getvalue()


def written_mo(messages: Messages) -> bytes:
    """Return the .mo file (GNU gettext, little end first) of the texts that have English."""
    rows = {b"": HEADER.encode()}
    for ids, english in messages.items():
        if all(english):
            rows["\0".join(ids).encode()] = "\0".join(english).encode()
    keys = sorted(rows)
    start = 28 + 16 * len(keys)
    ids, values = b"".join(key + b"\0" for key in keys), b"".join(rows[key] + b"\0" for key in keys)
    table, place = [], start
    for key in keys:
        table += [len(key), place]
        place += len(key) + 1
    for key in keys:
        table += [len(rows[key]), place]
        place += len(rows[key]) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, 28 + 16 * len(keys))
    return head + struct.pack(f"<{len(table)}I", *table) + ids + values


def translations(data: bytes) -> gettext.GNUTranslations:
    """Return a .mo file as Python's own reader reads it."""
    return gettext.GNUTranslations(io.BytesIO(data))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def main() -> None:
    """Add what is missing, leave out what is no longer used, write the .mo file; tell what has no English yet."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
    django.setup()
    where = used()
    known = read_po(PO.read_text("utf-8")) if PO.exists() else {}
    messages = {ids: known.get(ids, ("",) * len(ids)) for ids in where}
    PO.write_text(written_po(messages, where), "utf-8")
    MO.write_bytes(written_mo(messages))
    lacking = [ids[0] for ids, english in messages.items() if not all(english)]
    sys.stdout.write(f"{len(messages)} texts, {len(lacking)} without English\n")
    sys.stdout.writelines(f"  {each}\n" for each in lacking)


if __name__ == "__main__":
    main()
