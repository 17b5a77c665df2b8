"""The addresses of the site: those of the register of pages, and the API's."""

from __future__ import annotations

from huiqi.portal.api.building import api_addresses
from huiqi.portal.look.registry import addresses

urlpatterns = [*addresses(), *api_addresses()]
