"""Whose address counts behind a proxy."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from config.proxy import RealAddressMiddleware


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("127.0.0.1", "10.0.0.7", "10.0.0.7"),
        ("127.0.0.1", "6.6.6.6, 10.0.0.7", "10.0.0.7"),  # the left part was written by the caller
        ("127.0.0.1", "10.0.0.7, 172.16.5.1", "10.0.0.7"),  # two trusted hops
        ("127.0.0.1", "172.16.5.1", "172.16.5.1"),
        ("10.0.0.7", "127.0.0.1", "10.0.0.7"),  # not from a trusted proxy
        ("127.0.0.1", None, "127.0.0.1"),
    ],
)
def test_real_address_is_the_last_hop_that_is_no_trusted_proxy(settings, peer, forwarded, caller):
    settings.TRUSTED_PROXIES = ["127.0.0.1", "172.16.0.0/12"]
    headers = {"REMOTE_ADDR": peer} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})
    request = RequestFactory().get("/", **headers)
    RealAddressMiddleware(lambda _request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == caller
