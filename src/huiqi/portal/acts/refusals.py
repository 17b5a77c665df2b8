"""Why an act is not done: each refusal is a finding with a stable code, fit for a page, the API and the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from huiqi.findings import BadInput, Finding


class Refused(BadInput):
    """An act that is not done; nothing was changed. `status` is what the API answers."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "refused"

    def __init__(self, what: str, why: str = "", mend: str = "", *, code: str = "", cell: str = "") -> None:
        super().__init__([Finding("", 0, cell, code or self.code, what, why, mend)])


class NotYours(Refused):
    """The act is not among those of any of the actor's roles, or its subject lies outside their area.

    Both are said in the same words, so that a refusal tells nobody what exists.
    """

    status = HTTPStatus.NOT_FOUND
    code = "not-found"

    def __init__(self) -> None:
        super().__init__("没有找到，或您无权办理", mend="请核对地址，或向本单位管理员确认岗位与辖区")


class NotNow(Refused):
    """The subject's state does not allow the act."""

    status = HTTPStatus.CONFLICT
    code = "not-in-this-state"


class NotByYou(Refused):
    """Another person must do this act: who did an earlier one on the same subject may not do it (不相容岗位)."""

    status = HTTPStatus.FORBIDDEN
    code = "incompatible-role"


class Changed(Refused):
    """The subject is newer than what the actor looked at; `changes` says what changed, by whom, when."""

    status = HTTPStatus.CONFLICT
    code = "changed-meanwhile"

    def __init__(self, changes: Sequence[Mapping[str, str]]) -> None:
        lines = "；".join(f"{each['at']} {each['by']} {each['title']}" for each in changes)
        super().__init__("这条记录刚被他人改动，您的操作没有执行", why=lines, mend="请看过新的内容后再办理")
        self.changes = tuple(changes)


class KeyTaken(Refused):
    """The request key was used before for other content."""

    status = HTTPStatus.CONFLICT
    code = "request-key-taken"

    def __init__(self) -> None:
        super().__init__("同一请求编号已用于另一项操作", mend="请用新的请求编号重新提交")


class Taken(Refused):
    """What was to be made was made by somebody else at the same moment."""

    status = HTTPStatus.CONFLICT
    code = "made-meanwhile"

    def __init__(self) -> None:
        super().__init__("同样的内容刚由另一项操作登记，您的操作没有执行", mend="请刷新页面查看已登记的内容")
