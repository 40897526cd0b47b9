"""Global search: one field for numbers, indicators, units, issues and papers."""

from django.http import HttpResponseRedirect
from django.urls import reverse

from core.access import Permission
from core.views import PageView
from overview.selectors.search import search


class Search(PageView):
    """``/search/?q=``: a number leads straight to its page, anything else lists what matches."""

    permission = Permission.READ_CATALOGUE
    template_name = "overview/search.html"

    def get(self, request, *args, **kwargs):
        self.hits = search(request.GET.get("q", ""), request.user)
        if self.hits.exact_code:
            return HttpResponseRedirect(reverse("indicators:detail", args=[self.hits.exact_code]))
        if self.hits.exact_issue:
            return HttpResponseRedirect(reverse("supervision:issue", args=[self.hits.exact_issue]))
        if self.hits.exact_paper:
            return HttpResponseRedirect(self.hits.exact_paper)
        return super().get(request, *args, **kwargs)

    def page_context(self, now):
        return {"hits": self.hits}
