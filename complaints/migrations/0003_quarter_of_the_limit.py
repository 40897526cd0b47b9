"""The moment from which a quarter of the limit is left, beside the running clock: nearly due is asked by two indexes."""

from django.db import migrations, models
from django.db.models import Q

AT_ONCE = 1_000


def fill(apps, schema_editor):
    """Write the moment to what has a running clock now."""
    complaints = apps.get_model("complaints", "Complaint")._base_manager
    running = complaints.filter(clock_due_at__isnull=False, current_round__isnull=False)
    columns = ("id", "clock_due_at", "current_round__limit_from", "current_round__dispatched_at")
    batch = []
    for row in running.order_by("id").values(*columns).iterator(AT_ONCE):
        due_at, start = row["clock_due_at"], row["current_round__limit_from"] or row["current_round__dispatched_at"]
        batch.append(complaints.model(id=row["id"], clock_quarter_at=due_at - (due_at - start) / 4))
        if len(batch) == AT_ONCE:
            complaints.bulk_update(batch, ["clock_quarter_at"])
            batch = []
    complaints.bulk_update(batch, ["clock_quarter_at"])


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_complaint_issue")]

    operations = [
        migrations.AddField(
            "complaint",
            "clock_quarter_at",
            models.DateTimeField("只剩四分之一时限", null=True, blank=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            "complaint",
            models.Index(
                fields=["clock_quarter_at"], condition=Q(clock_quarter_at__isnull=False), name="complaint_quarter"
            ),
        ),
        migrations.RemoveIndex("complaint", "complaint_clock"),
        migrations.AddIndex(
            "complaint",
            models.Index(
                fields=["clock_due_at", "id"],
                include=["current_round", "clock_quarter_at", "relevance"],
                condition=Q(clock_due_at__isnull=False),
                name="complaint_clock",
            ),
        ),
        migrations.AddIndex(
            "complaint",
            models.Index(
                fields=["current_round", "relevance"], condition=Q(status="dispatched"), name="complaint_unsigned"
            ),
        ),
    ]
