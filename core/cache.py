"""The shared cache, of which nothing depends: while Redis is away it is empty, and the work goes on.

What stands in it can be had again: counts of rate limits and facts read a moment ago. Rate limits count nothing
meanwhile; ``/readyz`` says that Redis is away.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import TimeoutError as TooSlow

logger = logging.getLogger(__name__)


def as_if_empty(name: str, answer: Callable[..., Any]) -> Callable[..., Any]:
    """Return the cache's method ``name``, which gives ``answer`` of its arguments while Redis does not answer."""
    method = getattr(RedisCache, name)

    @wraps(method)
    def forgiving(*arguments, **options):
        try:
            return method(*arguments, **options)
        except (NotConnected, TooSlow):
            logger.warning("the cache does not answer: %s passed over", name)
            return answer(*arguments, **options)

    return forgiving


class ForgivingRedisCache(RedisCache):
    """Django's cache on Redis, empty instead of broken."""

    get = as_if_empty("get", lambda _cache, _key, default=None, **_options: default)
    get_many = as_if_empty("get_many", lambda *_arguments, **_options: {})
    has_key = as_if_empty("has_key", lambda *_arguments, **_options: False)
    add = as_if_empty("add", lambda *_arguments, **_options: True)
    set = as_if_empty("set", lambda *_arguments, **_options: None)
    set_many = as_if_empty("set_many", lambda *_arguments, **_options: [])
    touch = as_if_empty("touch", lambda *_arguments, **_options: False)
    incr = as_if_empty("incr", lambda _cache, _key, delta=1, **_options: delta)
    delete = as_if_empty("delete", lambda *_arguments, **_options: False)
    delete_many = as_if_empty("delete_many", lambda *_arguments, **_options: None)
