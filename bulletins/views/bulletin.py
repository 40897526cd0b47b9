"""``/bulletins/<number>/``: one paper as it looks, with its sources and acts."""

from django.shortcuts import get_object_or_404

from accounts.services import mark_read
from bulletins.documents.web import paper_context
from bulletins.models import Bulletin
from bulletins.selectors.details import bulletins_for
from bulletins.workflow import BULLETIN
from core import clock
from core.access import Permission
from core.views.base import ObjectDoor, PageView


class BulletinDetail(ObjectDoor, PageView):
    """The paper: a draft with tinted numbers, an issued one as it was issued."""

    permission = Permission.READ_BULLETINS
    model = Bulletin
    template_name = "bulletins/detail.html"

    def get_object(self):
        return get_object_or_404(bulletins_for(self.request.user), number=self.kwargs["number"])

    def get(self, request, *args, **kwargs):
        mark_read(user=request.user, now=clock.now(), url=self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def page_context(self, now):
        is_draft = self.object.status == Bulletin.Status.DRAFT
        return {
            "actions": BULLETIN.available(self.object, self.request.user),
            **paper_context(self.object, is_marked=is_draft),
        }
