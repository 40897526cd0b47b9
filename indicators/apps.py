"""The app's configuration."""

from django.apps import AppConfig

from core.kept import pass_over_drafts
from core.panels import register_column, register_count, register_panel, register_to_dos


class IndicatorsConfig(AppConfig):
    """Imports indicators and values; shows on the units' pages which indicators they lead and assist with."""

    name = "indicators"
    verbose_name = "指标"

    def ready(self):
        # These need the models, which exist only now.
        from core.import_kinds import register_import_kind
        from core.services.exports import register_export
        from departments.models import Department
        from departments.signals import department_closing
        from indicators import panels, receivers
        from indicators.selectors import waiting
        from indicators.selectors.catalogue_to_dos import catalogue_to_dos
        from indicators.services.coordination_export import CoordinationExport
        from indicators.services.indicator_import import IndicatorImport
        from indicators.services.observation_import import ObservationImport
        from indicators.services.report_export import ReportExport

        department_closing.connect(receivers.keep_units_that_lead, dispatch_uid="indicators.keep_units")
        register_import_kind(ObservationImport())
        register_import_kind(IndicatorImport())
        register_panel(Department, panels.duties_panel, "indicators/_duties_panel.html")
        register_column(Department, "牵头", panels.lead_column)
        register_column(Department, "配合", panels.assist_column)
        register_export(ReportExport())
        register_export(CoordinationExport())
        pass_over_drafts("indicators.dailyreport.save")
        register_to_dos(waiting.daily_to_dos)
        register_to_dos(catalogue_to_dos)
        register_count("daily_reports", waiting.count_of_reports)
        register_count("dispatch", waiting.count_of_reviews)
