"""What a browser calls itself, in two words that a person recognises: enough to tell a phone from an office's machine."""

from __future__ import annotations

_MAKES = (
    ("MicroMessenger", "WeChat"),
    ("DingTalk", "DingTalk"),
    ("HuaweiBrowser", "Huawei"),
    ("QQBrowser", "QQ"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser_of(said: str) -> str:
    """Return make and system, as far as they are told: "Chrome · Windows"; "" where nothing is."""
    found = [next((name for sign, name in table if sign in said[:400]), "") for table in (_MAKES, _SYSTEMS)]
    return " · ".join(each for each in found if each)
