"""What the paper itself forbids, said on the page of the act with what was typed."""

from core.exceptions import RuleViolation
from core.views.base import TransitionView, put_errors_on_form


class SaysRefusals(TransitionView):
    """For doors with a form: a rule of the row is no error page but a sentence above the form (409)."""

    abstract = True

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except RuleViolation as error:
            put_errors_on_form(form, error)
            return self.render_to_response(self.get_context_data(form=form), status=error.status_code)
