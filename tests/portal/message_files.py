"""The site's texts in English: which texts there are, the .po files that people edit, the .mo files that Django reads.

Each domain of the site has its own. `python tests/portal/message_files.py [DOMAIN…]` adds what is missing to the .po
file (with the English that another domain has for it, else with none) and writes the .mo file anew; no gettext tools
are needed. A text that two domains show stands in the files of both, with the same English.
"""

import ast
import gettext
import io
import re
import struct
import sys
from pathlib import Path

PORTAL = Path(__file__).parent.parent.parent / "src" / "huiqi" / "portal"
LABELS = "look"
"""The domain whose file holds the labels of the data."""
HEADER = "Content-Type: text/plain; charset=UTF-8\nLanguage: en\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
_CALLS = {"_", "gettext", "gettext_lazy", "ngettext"}

Messages = dict[tuple[str, ...], tuple[str, ...]]
"""A text (or its singular and plural, the same in Chinese) with its English, one or two."""


def domains() -> list[str]:
    """Return the site's domains, by the names of their folders."""
    return sorted(each.parent.name for each in PORTAL.glob("*/apps.py"))


def po(domain: str) -> Path:
    """Return a domain's file that people edit."""
    return PORTAL / domain / "locale" / "en" / "LC_MESSAGES" / "django.po"


def mo(domain: str) -> Path:
    """Return a domain's file that Django reads."""
    return po(domain).with_suffix(".mo")


def used(domain: str) -> dict[tuple[str, ...], str]:
    """Return every text of a domain's templates and pages, with the first file that shows it."""
    found: dict[tuple[str, ...], str] = {}
    for path in sorted((PORTAL / domain).rglob("*")):
        if path.suffix not in {".html", ".py", ".txt"} or "migrations" in path.parts:
            continue
        text = path.read_text("utf-8")
        texts = _of_module(text) if path.suffix == ".py" else _of_template(text)
        for each in texts:
            found.setdefault(each, str(path.relative_to(PORTAL)))
    if domain == LABELS:
        for label in data_labels():
            found.setdefault((label,), "labels of the data")
    return found


def read_all() -> Messages:
    """Return all texts with their English, of every domain."""
    every: Messages = {}
    for domain in domains():
        if po(domain).exists():
            every |= {ids: text for ids, text in read_po(po(domain).read_text("utf-8")).items() if all(text)}
    return every


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
    elsewhere = read_all()
    for domain in sys.argv[1:] or domains():
        where = used(domain)
        if not where:
            continue
        known = read_po(po(domain).read_text("utf-8")) if po(domain).exists() else {}
        messages = {
            ids: known[ids] if all(known.get(ids, ("",))) else elsewhere.get(ids, ("",) * len(ids))
            for ids in where
        }
        po(domain).parent.mkdir(parents=True, exist_ok=True)
        po(domain).write_text(written_po(messages, where), "utf-8")
        mo(domain).write_bytes(written_mo(messages))
        _tell(domain, messages)


def _tell(domain: str, messages: Messages) -> None:
    lacking = [ids[0] for ids, english in messages.items() if not all(english)]
    sys.stdout.write(f"{domain}: {len(messages)} texts, {len(lacking)} without English\n")
    sys.stdout.writelines(f"  {each}\n" for each in lacking)


if __name__ == "__main__":
    main()
