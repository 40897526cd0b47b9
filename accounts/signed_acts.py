"""Acts among which some are signatures: those ask for the password again (quality.md Security)."""

from django.contrib import messages

from accounts.confirmation import FILES_LOST, require_recent_password
from core import clock
from core.views.acts import TableAct


class SignedTableAct(TableAct):
    """The page of an act that may be a signature. Say which are in ``is_signature``."""

    abstract = True

    def is_signature(self) -> bool:
        """Return whether the act, done by this person, is a signature."""
        raise NotImplementedError(f"{type(self).__name__} must say which of its acts are signatures")

    def check_permission(self, request):
        super().check_permission(request)
        if self.is_signature():
            require_recent_password(request, now=clock.now())

    def post(self, request, *args, **kwargs):
        if FILES_LOST in request.POST:  # the password was asked for in between: the form again, for its files
            options = {name: value for name, value in self.get_form_kwargs().items() if name not in ("data", "files")}
            form = self.page.form(**options | {"initial": self.typed_before(request)})
            messages.warning(request, "密码已确认，请重新选择附件后再提交")
            return self.render_to_response(self.get_context_data(form=form))
        return super().post(request, *args, **kwargs)

    def typed_before(self, request) -> dict[str, str]:
        """Return what had been typed when the password was asked for, by field."""
        return request.POST.dict()
