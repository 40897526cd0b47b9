"""The app's configuration."""

from django.apps import AppConfig

from core.panels import register_count, register_to_dos


class BulletinsConfig(AppConfig):
    """Puts bulletins on the workbench."""

    name = "bulletins"
    verbose_name = "通报"

    def ready(self):
        # These need the models, which exist only now.
        from bulletins.selectors.waiting import bulletin_to_dos, count_waiting

        register_to_dos(bulletin_to_dos)
        register_count("bulletins", count_waiting)
