"""Answers kept until somebody writes: the calendar, the settings, the scores, what waits for a person.

Most pages ask the same questions as the page before, and most of what a page costs is Django building them. So a
process keeps the answers while nothing is written. That is exact: every write leaves a line of the audit log in its
own transaction, so the number of lines that are committed is the version of the data, the same for all processes,
and no request is answered from before a write that was committed when it began. Lines of acts that change nothing
anybody reads (``pass_over``) do not count; and what no draft has a part in is kept through the many saves of drafts
(``pass_over_drafts``), which come every few seconds before the cut-off.

Two limits keep the rest honest: answers live ``settings.ANSWERS_KEPT_SECONDS`` at most, because the time of day
passes without a line (a period begins with each full minute, as deadlines do); and a request that writes, or anything
outside of a request (tasks, commands), reads everything anew each time.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import connection

from core import clock

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")
Version = tuple[int, int]
Answers = dict[Hashable, Any]

#: The lines the sealer has numbered, and of those it has not come to the ones that count. One statement, one moment.
#: Both sums grow with every line that counts; sealing those that do not makes them grow, too, which does no harm.
_COUNT_LINES = """
    SELECT COALESCE((SELECT MAX(sequence) FROM core_auditevent), 0),
    COUNT(*) FILTER (WHERE NOT action IN %s), COUNT(*) FILTER (WHERE NOT action IN %s)
    FROM core_auditevent WHERE sequence IS NULL
"""

#: Far more than a busy ten seconds bring forth; beyond it somebody is asking for every address there is.
MOST_ANSWERS = 500


class _Shelf:
    """What this process keeps: the answers to the newest version of the data it has met, and to no other."""

    def __init__(self) -> None:
        self._kept: tuple[Version | None, Answers] = None, {}

    def answers(self, version: Version) -> Answers:
        """Return the answers to ``version``, none yet when it is a new one."""
        known, answers = self._kept
        if known != version or len(answers) >= MOST_ANSWERS:
            answers = {}
            self._kept = version, answers  # one assignment: threads never see a version with another's answers
        return answers


class _Request:
    """One request that reads: it stays with the version it met first, so that a page agrees with itself."""

    @cached_property
    def answers(self) -> dict[bool, Answers]:
        """The answers kept, by whether they outlast drafts."""
        seconds = settings.ANSWERS_KEPT_SECONDS
        if not seconds:
            return {False: {}, True: {}}
        period = int(clock.now().timestamp()) // seconds
        return {lasting: _shelves[lasting].answers((lines, period)) for lasting, lines in lines_committed().items()}


#: Keywords by which selectors are told the moment, and the times of day and the calendar in force.
OF_THE_MOMENT = frozenset({"now", "times", "calendar"})

_shelves = {False: _Shelf(), True: _Shelf()}
_passed_over: set[str] = set()
_drafts: set[str] = set()
_request: ContextVar[_Request | None] = ContextVar("request", default=None)


def pass_over(*actions: str) -> None:
    """Say which acts in the audit log change nothing that is kept: signing in, printing."""
    _passed_over.update(actions)


def pass_over_drafts(*actions: str) -> None:
    """Say which acts only save what is not handed in yet."""
    _drafts.update(actions)


def lines_committed() -> dict[bool, int]:
    """Return numbers that grow with every write when it is committed: with any, and with any but a draft's."""
    none = [""]
    ignored = sorted(_passed_over) or none, sorted(_passed_over | _drafts) or none
    places = tuple(f"({', '.join(['%s'] * len(actions))})" for actions in ignored)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_LINES % places, [*ignored[0], *ignored[1]])
        sealed, some, settled = cursor.fetchone()
    return {False: sealed + some, True: sealed + settled}


def forget(*, outlasted: bool = True) -> None:
    """Forget what is kept, as after a write; as after a draft with ``outlasted=False``."""
    _shelves.update({lasting: _Shelf() for lasting in ((False, True) if outlasted else (False,))})


@contextmanager
def one_request() -> Iterator[None]:
    """Answer from what is kept until the block ends; for requests that only read."""
    token = _request.set(_Request())
    try:
        yield
    finally:
        _request.reset(token)


def keep(key: Hashable, make: Callable[[], Answer], *, lasting: bool = False) -> Answer:
    """Return the answer kept under ``key``, else what ``make()`` answers. Others get it too: nobody may change it.

    Args:
        key: the question and everything the answer depends on besides the data and the time of day: the ``reader``
            where not everybody gets the same.
        lasting: no draft has a part in the answer.
    """
    request = _request.get()
    if request is None:
        return make()
    answers = request.answers[lasting]
    if key not in answers:
        answers[key] = make()
    return answers[key]


def kept(function: Callable[Arguments, Answer], *, lasting: bool = False) -> Callable[Arguments, Answer]:
    """Let a selector answer from what it answered before to the same arguments; for facts that are everybody's.

    The keywords of the moment are no part of the question: the period stands for them.
    """

    @wraps(function)
    def asked(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        return keep((function, *args, *_named(kwargs)), lambda: function(*args, **kwargs), lasting=lasting)

    return asked


def kept_through_drafts(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Do the same for a selector whose answer no draft has a part in."""
    return kept(function, lasting=True)


def kept_for_reader(function: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Do the same for a selector whose first argument is the person who reads."""

    @wraps(function)
    def asked(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        user, *others = args
        return keep((function, reader(user), *others, *_named(kwargs)), lambda: function(*args, **kwargs))

    return asked


def _named(kwargs: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted((name, value) for name, value in kwargs.items() if name not in OF_THE_MOMENT)


def reader(user) -> Hashable:
    """Return what of ``user`` decides what they see, for a key: the person, and for whom they act."""
    absent = getattr(user, "acting_for", None)
    return user.pk, absent and absent.pk
