"""用户手册, served from the same files that stand in docs/, and the way to say what is wrong."""

from django.http import Http404
from django.urls import reverse

from core import clock
from core.access import ANY_USER
from core.views import FormPage, PageView
from overview.forms import FeedbackForm
from overview.handbook import CHAPTERS, chapter_for, chapter_html
from overview.services import send_feedback


class Help(PageView):
    """``/help/`` opens the chapter of one's own role, ``/help/<slug>/`` any chapter."""

    permission = ANY_USER
    template_name = "help/chapter.html"

    def page_context(self, now):
        slug = self.kwargs.get("slug") or chapter_for(self.request.user.roles)
        if slug not in CHAPTERS:
            raise Http404("手册里没有这一章")
        return {"chapters": CHAPTERS.values(), "chapter": CHAPTERS[slug], "text": chapter_html(slug)}


class Feedback(FormPage):
    """意见建议: one text box, sent to the office's inboxes."""

    permission = ANY_USER
    form_class = FeedbackForm
    template_name = "help/feedback.html"
    success_message = "已送达县营商办，谢谢"

    def perform(self, form):
        send_feedback(actor=self.request.user, text=form.cleaned_data["text"], now=clock.now())
        return reverse("overview:help")
