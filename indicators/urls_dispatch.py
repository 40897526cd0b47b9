"""Addresses of daily dispatch, included by ``indicators.urls``."""

urlpatterns: list = []
