"""Printing is logged: the browser says so when its print dialogue opens (static/app/page.js)."""

from django.http import HttpResponse
from django.views.generic import View

from core import clock
from core.access import ANY_USER
from core.views.base import PermissionDeclared
from overview.services import record_print


class Prints(PermissionDeclared, View):
    """``POST /prints/`` with ``path``, the page being printed."""

    permission = ANY_USER
    http_method_names = ("post",)

    def post(self, request, *args, **kwargs):
        record_print(actor=request.user, path=request.POST.get("path", ""), now=clock.now())
        return HttpResponse(status=204)
