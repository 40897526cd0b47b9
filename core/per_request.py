"""Facts asked for several times while one page is made, read once: the calendar, the times of dispatch.

The answers live as long as the request that asked, and only one that reads: whoever writes sees what is in the
database. Outside of a request (tasks, commands, tests of selectors) everything is read each time.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def one_request() -> Iterator[None]:
    """Keep the answers of ``once_per_request`` functions until the block ends."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def once_per_request(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Let a selector answer from what it answered before to the same arguments in this request.

    For facts only that are the same for everybody and do not depend on the moment. Callers must not change what
    they get: others of the same request get it too.
    """

    @wraps(function)
    def asked_once(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        answers = _answers.get()
        if answers is None:
            return function(*args, **kwargs)
        key = (function, args, tuple(sorted(kwargs.items())))
        if key not in answers:
            answers[key] = function(*args, **kwargs)
        return answers[key]

    return asked_once
