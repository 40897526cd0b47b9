"""The shared cache: Redis where it answers, empty where it does not."""

import pytest

from core.cache import ForgivingRedisCache
from core.rate_limits import check_rate
from tests.config.processes import free_port


def cache_at(address: str) -> ForgivingRedisCache:
    return ForgivingRedisCache(address, {"OPTIONS": {"socket_connect_timeout": 1}})


@pytest.mark.redis
def test_cache_counts_in_redis(redis_url):
    cache = cache_at(redis_url)
    assert cache.add("count", 1)
    assert not cache.add("count", 1)
    assert cache.incr("count") == 2
    cache.set_many({"a": 1, "b": 2})
    assert cache.get_many(["a", "b"]) == {"a": 1, "b": 2}
    assert cache.delete("a")
    assert cache.get("a", "none") == "none"


def test_cache_without_redis_is_empty():
    cache = cache_at(f"redis://127.0.0.1:{free_port()}")
    cache.set("a", 1)
    assert cache.get("a", "none") == "none"
    assert cache.get_many(["a"]) == {}
    assert "a" not in cache
    assert cache.add("a", 1)
    assert cache.incr("a", 3) == 3
    assert not cache.delete("a")
    assert not cache.touch("a")
    assert cache.set_many({"a": 1}) == []
    cache.delete_many(["a"])


def test_rate_limit_without_redis_lets_everybody_pass(settings):
    address = f"redis://127.0.0.1:{free_port()}"
    settings.CACHES = {"default": {"BACKEND": "core.cache.ForgivingRedisCache", "LOCATION": address}}
    for _ in range(5):
        check_rate("look-up", "203.0.113.9", most=2, seconds=60)
