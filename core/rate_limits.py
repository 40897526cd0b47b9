"""How often an address may do what needs no log-in. Counted in the cache that the processes share."""

from django.core.cache import cache

from core.exceptions import TooManyRequests


def check_rate(kind: str, address: str, *, most: int, seconds: int) -> None:
    """Count one ``kind`` of act of ``address``; TooManyRequests above ``most`` in a span of ``seconds``."""
    key = f"rate:{kind}:{address}"
    if cache.add(key, 1, timeout=seconds):
        return
    if cache.incr(key) > most:
        minutes = max(1, seconds // 60)
        raise TooManyRequests(f"操作过于频繁，请 {minutes} 分钟后再试")
