"""Where a request comes from: the address behind the proxies that the site knows of."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return the address, an IPv6 one by its network of 64 bits; "" where it cannot be told.

    HUIQI_PROXIES says how many proxies of one's own stand before the site: each adds the address it heard to the
    end of X-Forwarded-For, and what a stranger wrote before those is not looked at.
    """
    proxies: int = settings.PROXIES
    heard = request.META.get("REMOTE_ADDR", "")
    if proxies:
        told = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",")]
        heard = told[-proxies] if len(told) >= proxies else ""
    try:
        address = ipaddress.ip_address(heard)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
