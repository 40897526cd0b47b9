"""The app's configuration."""

from django.apps import AppConfig

from core.panels import register_column, register_count, register_panel, register_to_dos
from core.recomputation import register_recomputation


class ComplaintsConfig(AppConfig):
    """Puts complaints on the workbench and the pages of units and indicators, and into exports."""

    name = "complaints"
    verbose_name = "投诉"

    def ready(self):
        # These need the models, which exist only now.
        from complaints import panels, receivers
        from complaints.selectors.business_clocks import business_to_dos
        from complaints.selectors.supervision import closed_complaints, complaint_as_subject, proposed_complaints
        from complaints.selectors.waiting import complaint_to_dos
        from complaints.selectors.worklist import count_waiting
        from complaints.services.exports import ComplaintExport
        from complaints.services.imports import ComplaintImport
        from complaints.services.recomputation import recompute_provisional_dates
        from complaints.views.imports import relevance_panel
        from core.import_kinds import register_import_kind
        from core.models import ImportBatch
        from core.services.exports import register_export
        from departments.models import Department
        from departments.signals import department_closing
        from indicators.models import Indicator
        from indicators.selectors.dispatch_records import register_open_matters
        from supervision.models import Issue
        from supervision.selectors.proposals import register_proposals
        from supervision.selectors.similar import register_closed_cases
        from supervision.selectors.subjects import register_subject_kind
        from supervision.signals import subject_touched

        department_closing.connect(receivers.keep_units_with_open_complaints, dispatch_uid="complaints.keep_units")
        subject_touched.connect(receivers.write_on_timeline, dispatch_uid="complaints.write_on_timeline")
        register_subject_kind(complaint_as_subject)
        register_proposals(proposed_complaints)
        register_closed_cases(closed_complaints)
        register_open_matters("complaints", panels.open_matters)
        register_panel(Issue, panels.issue_panel, "complaints/_issue_panel.html")
        register_recomputation("complaints", recompute_provisional_dates)
        register_export(ComplaintExport())
        register_import_kind(ComplaintImport())
        register_to_dos(complaint_to_dos)
        register_to_dos(business_to_dos)
        register_count("complaints", count_waiting)
        register_count("own_complaints", count_waiting)
        register_panel(ImportBatch, relevance_panel, "complaints/_import_relevance.html")
        register_panel(Department, panels.department_panel, "complaints/_department_panel.html")
        register_panel(Indicator, panels.indicator_panel, "complaints/_indicator_panel.html")
        register_column(Department, "在办工单", panels.open_column)
