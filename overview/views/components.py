"""The page that shows every component, for those who build pages."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404

from core.access import ANY_USER
from core.templatetags.ui import STATUS_COLOURS
from core.views import PageView


class SampleForm(forms.Form):
    """A form with one field of each kind, refused so that errors show."""

    days = forms.DecimalField(
        label="报装时间",
        max_value=365,
        help_text="从受理到通气的天数",
        error_messages={"max_value": "报装时间应在 0 到 365 之间"},
    )
    department = forms.ChoiceField(label="责任单位", choices=[("zjj", "县住建局")])
    coordination = forms.ChoiceField(
        label="协调层级",
        choices=[("self", "自行解决"), ("office", "营商办协调"), ("county_leader", "县领导协调")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="困难", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    later = forms.BooleanField(label="佐证 2 个工作日内补", required=False)


class Components(PageView):
    """Every component and state; offered in development and in the demo run only (architecture §10)."""

    permission = ANY_USER
    template_name = "overview/components.html"

    def dispatch(self, request, *args, **kwargs):
        if not (settings.DEBUG or settings.DEMO):
            raise Http404("没有这一页")
        return super().dispatch(request, *args, **kwargs)

    def page_context(self, now):
        form = SampleForm({"days": "600", "department": "zjj", "coordination": "self"})
        return {
            "form": form,
            "statuses": STATUS_COLOURS,
            "lights": list(STATUS_COLOURS["light"]),
            "points": [Decimal(value) for value in (71, 72, 72, 75, 74, 78, 80, 82)],
            "page": Paginator(range(34), 12).page(1),
            "events": [
                SimpleNamespace(at=now, by="县营商办", text="同意销号（1 / 2）", is_main=True, is_alert=False),
                SimpleNamespace(
                    at=now - timedelta(days=3), by="", text="验收不通过，退回整改", is_main=False, is_alert=True
                ),
                SimpleNamespace(at=now - timedelta(days=9), by="县政数局", text="签收", is_main=False, is_alert=False),
            ],
            "days": [
                SimpleNamespace(date=now.date() + timedelta(days=index), word=word, kind=kind)
                for index, (word, kind) in enumerate(
                    [("不计", ""), ("第 1 日", "today"), ("休息", "rest"), ("调休班", "adj"), ("到期", "due")]
                )
            ],
            "steps": [
                SimpleNamespace(label=label, note="", is_done=index < 2, is_current=index == 2)
                for index, label in enumerate(("受理", "派单", "办理中", "审核", "归档"))
            ],
        }
