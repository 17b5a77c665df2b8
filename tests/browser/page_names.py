"""Which page stands at an address."""

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve


def page_at(address):
    """The name of the page at an address, "" where there is none."""
    try:
        return resolve(urlsplit(address).path).url_name or ""
    except Resolver404:
        return ""
