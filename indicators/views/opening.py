"""Opening a row's page marks the messages that led there as read (domain §1)."""

from accounts.services import mark_read
from core import clock


class MarksMessagesRead:
    """Mixed into a page of one row, left of the page's base."""

    def get(self, request, *args, **kwargs):
        mark_read(user=request.user, now=clock.now(), url=self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)
