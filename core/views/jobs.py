"""The progress of background work, for the person who waits for it."""

from django.http import Http404, HttpResponseRedirect
from django.views.generic import View

from core.attachments.downloads import attachment_response
from core.models import Job
from core.views.base import ObjectDoor, PageView


class JobDetail(ObjectDoor, PageView):
    """How far a job is. The part ``jobs/_progress.html`` asks for itself until the job is over."""

    model = Job
    template_name = "jobs/detail.html"

    def get_template_names(self):
        return ["jobs/_progress.html"] if self.request.htmx else [self.template_name]

    def page_context(self, now):
        return {"job": self.object}

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        job = self.object
        if self.request.htmx and job.state == Job.State.DONE and job.next_url:
            response["HX-Redirect"] = job.next_url
        response["Vary"] = "HX-Request"
        return response

    def get(self, request, *args, **kwargs):
        job = self.object
        if job.state == Job.State.DONE and job.next_url and not request.htmx:
            return HttpResponseRedirect(job.next_url)
        return super().get(request, *args, **kwargs)


class JobFile(ObjectDoor, View):
    """The file a job made."""

    model = Job

    def get(self, request, *args, **kwargs):
        if self.object.file is None:
            raise Http404
        return attachment_response(self.object.file)
