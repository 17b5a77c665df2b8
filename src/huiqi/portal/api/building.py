"""The API put together: the endpoints of all domains, one operation for every act, one shape of refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from huiqi import __version__
from huiqi.findings import Finding
from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.api.act_operations import add_acts
from huiqi.portal.api.bearer import Bearer, anybody
from huiqi.portal.api.refusing import add_handlers, not_allowed, told, with_headers
from huiqi.portal.api.registry import PUBLIC, endpoints
from huiqi.portal.api.shapes import Findings

MOST_BYTES = 1 << 20
"""Bytes of a request's body; files are sent to endpoints that watch the size themselves."""
_ALWAYS = (400, 404, 405, 413, 422, 429)
_WITH_TOKEN = (401,)
_OF_ACTS = (403, 409, 412)
_DESCRIPTION = (
    "与网页相同的办理与查询，供程序使用。请求头 Authorization: Bearer 令牌；金额为以元为单位的文本，两位小数。"
    "Money is text in yuan with two decimals; lists are read part by part with `after`; "
    "every POST to an act bears an Idempotency-Key."
)


class _Chinese(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}


class _Strict(Parser):
    """JSON with each key once, and no numbers that JSON does not have."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(request.body.decode(), object_pairs_hook=_once, parse_constant=_refuse)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key stands twice")
    return made


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


@cache
def the_api() -> NinjaAPI:
    """Return the API; call it once Django's apps are ready."""
    api = NinjaAPI(
        title="惠企 Huiqi",
        version=__version__,
        description=_DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
        renderer=_Chinese(),
        parser=_Strict(),
    )
    add_handlers(api)
    for each in endpoints().values():
        public = PUBLIC in each.opens
        statuses = (*_ALWAYS, *(() if public else _WITH_TOKEN))
        api.api_operation(
            [each.method],
            f"/{each.path}",
            auth=anybody if public else Bearer(each.opens),
            response={200: each.answers, **dict.fromkeys(statuses, Findings)},
            operation_id=each.name,
            summary=each.zh,
            description=f"{each.en}. {(each.view.__doc__ or '').strip()}",
            tags=[each.group],
            openapi_extra=dict(each.more),
            url_name=each.name,
        )(each.view)
    add_acts(api, dict.fromkeys((*_ALWAYS, *_WITH_TOKEN, *_OF_ACTS), Findings))
    return api


@cache
def whole_schema() -> dict[str, Any]:
    """Return the OpenAPI of the site; it does not change while the site runs."""
    return dict(the_api().get_openapi_schema(path_params={}))


@cache
def _schema_text() -> bytes:
    return json.dumps(whole_schema(), ensure_ascii=False, cls=JSONRenderer.encoder_class).encode()


def openapi(_request: HttpRequest) -> HttpResponse:
    """Give the OpenAPI of the site."""
    return HttpResponse(_schema_text(), content_type="application/json")


def api_addresses() -> list[URLPattern | URLResolver]:
    """Return the URL patterns of the API; under /api/ nothing else answers."""
    api = the_api()
    patterns, app, namespace = api.urls
    for each in patterns:
        if isinstance(each, URLPattern):
            each.callback = _guarded(api, each.callback)
    return [
        path("api/openapi.json", _guarded(api, require_safe(openapi)), name="openapi"),
        path("api/", include((patterns, app), namespace=namespace)),
        path("api/<path:rest>", _nothing(api), name="api-nothing"),
    ]


def _guarded(api: NinjaAPI, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse bodies that are too long before they are read; say in one shape what cannot be asked so."""

    @csrf_exempt
    def guarded(request: Any, **values: Any) -> HttpResponse:
        if _length(request) > MOST_BYTES and request.content_type != "application/octet-stream":
            what, mend = f"请求正文超过{MOST_BYTES >> 20}MB", "请分成几次请求"
            finding = Finding("", 0, "", "body-too-large", what, "", mend)
            return told(api, request, [finding], HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        answer = view(request, **values)
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return not_allowed(api, request, answer["Allow"])
        made: HttpResponse = with_headers(answer)
        return made

    return guarded


def _length(request: HttpRequest) -> int:
    text = request.headers.get("Content-Length") or "0"
    return int(text) if text.isdecimal() and len(text) < 20 else 0


def _nothing(api: NinjaAPI) -> Callable[..., HttpResponse]:
    @csrf_exempt
    def nothing(request: HttpRequest, rest: str) -> HttpResponse:
        return told(api, request, NotYours().findings, HTTPStatus.NOT_FOUND)

    return nothing
