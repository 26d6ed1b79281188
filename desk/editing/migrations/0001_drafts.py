"""The table of drafts."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One draft of a person for each file."""

    initial = True
    dependencies = []  # noqa: RUF012 - as Django reads it
    operations = [  # noqa: RUF012 - as above
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("opened", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "name"), name="one_draft_a_file")],
            },
        )
    ]
