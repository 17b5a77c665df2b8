"""The addresses of the site: those of the register of pages."""

from __future__ import annotations

from huiqi.portal.look.registry import addresses

urlpatterns = addresses()
