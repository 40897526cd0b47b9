"""The answer to 导出: the workbook itself, or the way to the page where it is being made."""

from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseRedirect

from core import clock
from core.attachments.downloads import as_attachment
from core.models import Job
from core.services.exports import Parameters, export_filename, export_list
from core.spreadsheets.writing import XLSX


def answer_export(request: HttpRequest, code: str, parameters: Parameters | None = None) -> HttpResponseBase:
    """Return the list ``code`` as a download, or a redirect to its job.

    ``parameters`` are the filters, those of the address of ``request`` where left out. The calling view has checked
    that the user may open the list.
    """
    asked = dict(request.GET.lists()) if parameters is None else parameters
    made = export_list(code, parameters=asked, actor=request.user, now=clock.now())
    if isinstance(made, Job):
        return HttpResponseRedirect(made.get_absolute_url())
    return as_attachment(FileResponse(made, content_type=XLSX), export_filename(code))
