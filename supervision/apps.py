"""The app's configuration."""

from django.apps import AppConfig

from core.panels import register_column, register_count, register_panel, register_to_dos
from core.recomputation import register_recomputation


class SupervisionConfig(AppConfig):
    """Puts issues and orders on the workbench and the pages of units and indicators; shows evidence with its row."""

    name = "supervision"
    verbose_name = "督查"

    def ready(self):
        # These need the models, which exist only now.
        from core.import_kinds import register_import_kind
        from core.services.exports import register_export
        from departments.models import Department
        from departments.signals import department_closing
        from indicators.models import Indicator
        from indicators.models.evidence import register_evidence_readers
        from indicators.selectors.dispatch_records import register_open_matters
        from supervision import panels, receivers
        from supervision.selectors import orders, waiting
        from supervision.selectors.evidence_readers import evidence_readers
        from supervision.services.exports import IssueExport
        from supervision.services.imports import IssueImport
        from supervision.services.recomputation import recompute_provisional_dates

        register_evidence_readers(evidence_readers)
        department_closing.connect(receivers.keep_units_with_open_issues, dispatch_uid="supervision.keep_units")
        register_recomputation("supervision", recompute_provisional_dates)
        register_open_matters("supervision", panels.open_matters)
        register_panel(Department, panels.department_panel, "supervision/_department_panel.html")
        register_panel(Indicator, panels.indicator_panel, "supervision/_indicator_panel.html")
        register_column(Department, "在办问题", panels.open_column)
        for to_dos in (waiting.issue_to_dos, waiting.look_back_to_dos, orders.order_to_dos):
            register_to_dos(to_dos)
        register_count("issues", waiting.count_waiting)
        register_count("own_issues", waiting.count_waiting)
        register_count("look_backs", waiting.count_look_backs)
        register_count("supervision", orders.count_waiting)
        register_export(IssueExport())
        register_import_kind(IssueImport())
