"""The addresses of the product with the public pages that a later part adds."""

from django.http import HttpResponse
from django.urls import include, path

from config.urls import urlpatterns as product


def page(request):
    return HttpResponse()


public = ([path("complaints/", page, name="submit"), path("progress/", page, name="progress")], "complaints")
urlpatterns = [*product, path("public/", include(public))]
