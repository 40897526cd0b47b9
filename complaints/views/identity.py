"""``/complaints/<number>/reveal/``: who complained, shown once to those who may, with a purpose."""

from django.shortcuts import get_object_or_404

from accounts.confirmation import require_recent_password
from complaints.forms.acts import RevealForm
from complaints.models import Complaint
from complaints.selectors.details import complaints_for
from complaints.services.identity import check_may_reveal, reveal_identity
from core import clock
from core.access import Permission
from core.exceptions import InvalidInput
from core.views.base import FormPage, ObjectDoor, put_errors_on_form


class RevealIdentity(ObjectDoor, FormPage):
    """Asks what for, then shows name and phone in the answer itself: nothing is kept, nothing is cached."""

    permission = Permission.READ_COMPLAINTS
    model = Complaint
    form_class = RevealForm
    template_name = "complaints/reveal.html"

    def get_object(self):
        return get_object_or_404(complaints_for(self.request.user), number=self.kwargs["number"])

    def check_permission(self, request):
        super().check_permission(request)
        now = clock.now()
        check_may_reveal(self.object, actor=request.user, now=now)
        require_recent_password(request, now=now)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"row": self.object}

    def get_context_data(self, **kwargs):
        return super().get_context_data(complaint=self.object, **kwargs)

    def form_valid(self, form):
        asked = {"purpose": form.cleaned_data["purpose"], "actor": self.request.user, "now": clock.now()}
        try:
            shown = reveal_identity(self.object, **asked)
        except InvalidInput as error:
            put_errors_on_form(form, error)
            return self.form_invalid(form)
        response = self.render_to_response(self.get_context_data(form=form, identity=shown))
        response["Cache-Control"] = "no-store"
        return response
