"""The app's configuration."""

from django.apps import AppConfig


class DepartmentsConfig(AppConfig):
    """Units and the leading group; their list can be imported."""

    name = "departments"
    verbose_name = "单位"

    def ready(self):
        from core.import_kinds import register_import_kind
        from departments.services.imports import DepartmentImport

        register_import_kind(DepartmentImport())
