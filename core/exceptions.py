"""Domain errors: what services raise, with the Chinese sentence the user will read.

Doors never catch them. ``core.middleware.DomainErrorMiddleware`` translates them for HTML and
``core.api.errors.exception_handler`` for REST, always as ``{code, detail, errors}``.
"""


def field_error(field: str, code: str, detail: str) -> dict:
    """Return one entry of ``DomainError.errors``: which field, a stable code, a Chinese sentence."""
    return {"field": field, "code": code, "detail": detail}


class DomainError(Exception):
    """Something the rules refuse. ``detail`` is a sentence for the user, ``errors`` point at fields."""

    status_code = 400
    code = "invalid"

    def __init__(self, detail: str, *, code: str | None = None, errors: list[dict] | None = None):
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.errors = errors or []


class InvalidInput(DomainError):
    """The input's shape or meaning is wrong (400); usually carries field errors."""

    @classmethod
    def at(cls, field: str, detail: str, *, code: str = "invalid"):
        """Return the error for a single ``field``."""
        return cls(detail, code=code, errors=[field_error(field, code, detail)])


class FileRefused(InvalidInput):
    """An uploaded file is not what it says, or of a kind that is not taken (400); said at the field ``file``."""

    code = "unsupported_file"

    def __init__(self, detail: str, *, code: str | None = None, errors: list[dict] | None = None):
        super().__init__(detail, code=code, errors=errors)
        self.errors = self.errors or [field_error("file", self.code, detail)]


class FileTooLarge(FileRefused):
    """An uploaded file is larger than the limit (413)."""

    status_code = 413
    code = "file_too_large"


class NotAllowed(DomainError):
    """The row is visible to this person, but the act is somebody else's (403)."""

    status_code = 403
    code = "not_allowed"


class InvalidTransition(DomainError):
    """The row stands in another state (409)."""

    status_code = 409
    code = "invalid_transition"


class RuleViolation(DomainError):
    """A rule of the row itself forbids the act (409)."""

    status_code = 409
    code = "rule_violation"


class Locked(RuleViolation):
    """The date is closed for departments (409); the sentence says why and until when (domain §4)."""

    code = "locked"


class VersionConflict(DomainError):
    """Somebody else changed the row meanwhile (409)."""

    status_code = 409
    code = "version_conflict"


class PreconditionFailed(DomainError):
    """``If-Match`` named another version than the row has (412)."""

    status_code = 412
    code = "precondition_failed"


class TooManyRequests(DomainError):
    """A rate limit was reached (429)."""

    status_code = 429
    code = "throttled"


class ScopeRequired(RuntimeError):
    """A scoped table was read without saying for whom: a bug, never a user's mistake."""
