"""The app's configuration."""

from django.apps import AppConfig

from core.kept import pass_over
from core.panels import register_count, register_to_dos


class OverviewConfig(AppConfig):
    """Adds what the office does next to the workbench, and the size of the catalogue to the navigation."""

    name = "overview"
    verbose_name = "总览"

    def ready(self):
        # Selectors need the models, which exist only now.
        from overview.selectors import office

        pass_over("overview.page.print")
        register_to_dos(office.office_to_dos)
        register_count("indicators", office.catalogue_size)
