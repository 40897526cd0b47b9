"""Every failure of the API as ``{code, detail, errors}`` in Chinese (api.md, Errors)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core.exceptions import DomainError, field_error

SENTENCES = {
    status.HTTP_400_BAD_REQUEST: "提交的内容有误",
    status.HTTP_401_UNAUTHORIZED: "请先登录，或令牌无效、已过期",
    status.HTTP_403_FORBIDDEN: "您没有办理这一步的权限",
    status.HTTP_404_NOT_FOUND: "没有找到，或您不能查看",
    status.HTTP_405_METHOD_NOT_ALLOWED: "这个地址不支持该方法",
    status.HTTP_406_NOT_ACCEPTABLE: "不支持所要求的格式",
    status.HTTP_413_REQUEST_ENTITY_TOO_LARGE: "提交的内容过大",
    status.HTTP_415_UNSUPPORTED_MEDIA_TYPE: "不支持的内容类型",
    status.HTTP_429_TOO_MANY_REQUESTS: "请求过于频繁，请稍后再试",
}


class ReplayedAnswer(Exception):
    """The request carried an idempotency key already answered; ``response`` is the first answer."""

    def __init__(self, response: Response):
        super().__init__("replayed")
        self.response = response


def exception_handler(error, context) -> Response | None:
    """Translate domain, Django and DRF errors; None leaves anything else to Django's 500."""
    if isinstance(error, ReplayedAnswer):
        return error.response
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, DomainError):
        set_rollback()
        return failure(error.status_code, error.code, error.detail, error.errors)
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    errors = list(flat_errors(error.detail)) if isinstance(error, exceptions.ValidationError) else []
    detail = SENTENCES.get(error.status_code, "请求未能完成")
    if errors:
        detail = errors[0]["detail"] if len(errors) == 1 else f"{detail}，共 {len(errors)} 处"
    elif error.status_code == status.HTTP_400_BAD_REQUEST:
        detail = "提交的内容不是有效的 JSON 或表单"
    response = failure(error.status_code, code_of(error), detail, errors)
    if auth_header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = auth_header
    if (wait := getattr(error, "wait", None)) is not None:
        response["Retry-After"] = str(int(wait) + 1)
    return response


def code_of(error: exceptions.APIException) -> str:
    """Return the stable code of a DRF error."""
    return "invalid" if isinstance(error, exceptions.ValidationError) else str(error.default_code)


def failure(status_code: int, code: str, detail: str, errors: list[dict]) -> Response:
    """Return the answer to a refused request."""
    return Response({"code": code, "detail": detail, "errors": errors}, status=status_code)


def flat_errors(detail, path: str = ""):
    """Yield ``{field, code, detail}`` for each leaf of DRF's nested error detail."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            if name == "non_field_errors":
                own = path
            else:  # DRF numbers the faulty entries of a list
                own = f"{path}[{name}]" if isinstance(name, int) else f"{path}.{name}".lstrip(".")
            yield from flat_errors(inner, own)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            yield from flat_errors(inner, f"{path}[{index}]" if isinstance(inner, dict) else path)
    else:
        yield field_error(path, getattr(detail, "code", "invalid"), str(detail))
