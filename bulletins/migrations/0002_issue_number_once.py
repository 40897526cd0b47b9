"""A 期号 stands on one paper of its kind: the database's last word, as it has been for the 发文字号."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bulletins", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name="bulletin",
            constraint=models.UniqueConstraint(
                condition=models.Q(("issue_number", ""), _negated=True),
                fields=("kind", "issue_number"),
                name="issue_number_once_per_kind",
            ),
        ),
    ]
