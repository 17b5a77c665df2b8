"""Everything that is not answered, as findings with its status: `{"findings": [{code, cell, what, why, mend}]}`."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from huiqi.findings import BadInput, Finding
from huiqi.portal.acts.misfits import said
from huiqi.portal.acts.refusals import Changed, NotYours, Refused
from huiqi.portal.api.bearer import NotSignedIn, TooOften

_NOT_ALLOWED = Finding("", 0, "", "method-not-allowed", "这个地址不能这样请求", "", "可用的方法见响应头Allow")
_LANGUAGE = "zh-CN"


def add_handlers(api: NinjaAPI) -> None:
    """Let an API answer every refusal in one shape."""

    @api.exception_handler(BadInput)
    def bad_input(request: HttpRequest, refused: BadInput) -> HttpResponse:
        status = refused.status if isinstance(refused, Refused) else HTTPStatus.UNPROCESSABLE_ENTITY
        if isinstance(refused, Changed) and "If-Match" in request.headers:
            status = HTTPStatus.PRECONDITION_FAILED
        answer = told(api, request, refused.findings, status)
        if isinstance(refused, NotSignedIn):
            answer["WWW-Authenticate"] = "Bearer"
        if isinstance(refused, TooOften):
            answer["Retry-After"] = str(refused.seconds)
        return answer

    @api.exception_handler(ValidationError)
    def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        findings = [
            Finding("", 0, ".".join(str(part) for part in each["loc"][1:]), "bad-value", said(each), "", "")
            for each in error.errors
        ]
        in_body = all(each["loc"] and each["loc"][0] == "body" for each in error.errors)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if in_body else HTTPStatus.BAD_REQUEST
        return told(api, request, findings, status)

    @api.exception_handler(HttpError)
    def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        what = "请求正文不是JSON" if error.status_code == HTTPStatus.BAD_REQUEST else str(error)
        mend = "请以UTF-8编码的JSON对象为正文"
        finding = Finding("", 0, "", "not-json", what, "", mend)
        return told(api, request, [finding], error.status_code)

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, _error: Http404) -> HttpResponse:
        return told(api, request, NotYours().findings, HTTPStatus.NOT_FOUND)


def told(api: NinjaAPI, request: HttpRequest, findings: Iterable[Finding], status: int) -> HttpResponse:
    """Return findings as an answer."""
    answer = api.create_response(request, {"findings": [each.as_json() for each in findings]}, status=status)
    return with_headers(answer)


def not_allowed(api: NinjaAPI, request: HttpRequest, allowed: str) -> HttpResponse:
    """Return the answer to a method that an address does not know."""
    answer = told(api, request, [_NOT_ALLOWED], HTTPStatus.METHOD_NOT_ALLOWED)
    answer["Allow"] = allowed
    return answer


def with_headers(answer: Any) -> Any:
    """Answers are for the one who asked, and kept nowhere."""
    if not answer.has_header("Cache-Control"):
        patch_cache_control(answer, no_store=True, private=True)
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        answer["Content-Language"] = _LANGUAGE
    return answer
