"""Pages of a list of plain rows."""

from django.core.paginator import Page, Paginator

PAGE_SIZE = 50


def page_of(request, rows) -> Page:
    """Return the page the address asks for; a page beyond the last is the last one."""
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
