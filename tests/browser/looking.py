"""What is looked at on any page: it answers in its language, holds something, fits a phone, and axe finds nothing."""

from urllib.parse import urlsplit

VIEWS = (("zh-hans", "desktop"), ("zh-hans", "phone"), ("en", "desktop"), ("en", "phone"))


def looked_at(one, address, views=VIEWS, refused=0):
    """Look at a page in these languages and widths; what is wrong with it. `refused`: with which status it must say no."""
    path, wrong = urlsplit(address).path, []
    answer = one.context.request.get(address if "://" in address else one.site.address + address)
    if answer.status >= 400 and not refused:
        return [f"{path} answers {answer.status}"]
    is_file = "attachment" in answer.headers.get("content-disposition", "")
    if is_file or "text/html" not in answer.headers.get("content-type", ""):
        return [] if answer.body() else [f"{path} is empty"]
    one.troubles.clear()
    for language, width in views:
        one.speak(language)
        one.size(width)
        status = one.go(address).status
        wrong += [
            f"{path} ({language}, {width}): {each}" for each in seen(one, status, language, width, refused)
        ]
    one.speak("zh-hans")
    one.size("desktop")
    return wrong + one.troubles


def seen(one, status, language, width, refused=0):
    """What is wrong with the page that the window shows."""
    if status != refused if refused else status >= 400:
        yield f"answers {status}"
    lang = one.page.get_attribute("html", "lang")
    if lang != language:
        yield f"speaks {lang}, not {language}"
    if len(one.text()) < 5:
        yield "is empty"
    if width == "phone" and one.overflow() > 0:
        yield f"is {one.overflow()} points wider than a phone"
    yield from one.violations()
