"""``/bulletins/<number>/``: one paper as it looks, its files, and beside the one before it."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.generic import View

from accounts.services import mark_read
from bulletins.documents import file_name, paper_of
from bulletins.models import Bulletin
from bulletins.selectors.comparison import number_pairs, paper_before, section_pairs
from bulletins.selectors.details import bulletins_for
from bulletins.selectors.files import bulletin_file
from bulletins.views.page import name_of, page_of, shut_addresses
from core import clock
from core.access import Permission
from core.attachments.downloads import as_attachment
from core.documents import picture_of
from core.documents.fonts import FontMissing
from core.views.base import ObjectDoor, PageView


class BulletinDoor(ObjectDoor):
    """Fetches the paper through the user: departments find only what is out."""

    abstract = True
    permission = Permission.READ_BULLETINS
    model = Bulletin

    def get_object(self):
        rows = bulletins_for(self.request.user).prefetch_related(
            "sections__versions__changed_by", "sections__changed_by"
        )
        return get_object_or_404(rows, number=self.kwargs["number"])


class BulletinDetail(BulletinDoor, PageView):
    """The paper: a draft with tinted numbers and its form, an issued one as it was issued."""

    template_name = "bulletins/detail.html"

    def get(self, request, *args, **kwargs):
        mark_read(user=request.user, now=clock.now(), url=self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def page_context(self, now):
        asked = self.request.GET.get("section", "")
        return page_of(self.object, user=self.request.user, now=now, asked=asked)


class CompareBulletins(BulletinDoor, PageView):
    """与上期对照: numbers and words beside those of the issued paper before it."""

    template_name = "bulletins/compare.html"

    def page_context(self, now):
        before = paper_before(self.object)
        return {
            "bulletin": self.object,
            "name": name_of(self.object),
            "before": before,
            "before_name": name_of(before) if before else "",
            "numbers": number_pairs(before, self.object) if before else [],
            "sections": section_pairs(before, self.object) if before else [],
            "shut": shut_addresses(self.object, self.request.user),
        }


class BulletinDocument(BulletinDoor, View):
    """The paper as a file, ``?format=`` docx, xlsx, html or signing_sheet; an issued one from its stored bytes."""

    def get(self, request, *args, **kwargs):
        return bulletin_file(self.object, request.GET.get("format", "docx"), user=request.user)


class BulletinPicture(BulletinDoor, View):
    """The daily brief as a picture to forward; without a Chinese font on the server a sentence says so."""

    def get(self, request, *args, **kwargs):
        if self.object.kind != Bulletin.Kind.DAILY_BRIEF:
            raise Http404("只有快报可以生成图片")
        try:
            picture = picture_of(paper_of(self.object))
        except FontMissing as error:
            messages.error(request, error.detail)
            return HttpResponseRedirect(self.object.get_absolute_url())
        name = file_name(self.object, "html").rpartition(".")[0]
        return as_attachment(HttpResponse(picture, content_type="image/png"), f"{name}.png", inline=True)
