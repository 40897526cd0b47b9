"""Opening a row's page marks the messages that led there as read (domain §1)."""

from accounts.services import mark_read
from core import clock
from core.views import PageView
from core.views.base import ObjectDoor


class RowPage(ObjectDoor, PageView):
    """The page of one row, to which messages lead."""

    abstract = True

    def get(self, request, *args, **kwargs):
        mark_read(user=request.user, now=clock.now(), url=self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)


class AddressedPage(PageView):
    """A page of many rows to which messages lead by its whole address, filters included."""

    abstract = True

    def get(self, request, *args, **kwargs):
        mark_read(user=request.user, now=clock.now(), url=request.get_full_path())
        return super().get(request, *args, **kwargs)
