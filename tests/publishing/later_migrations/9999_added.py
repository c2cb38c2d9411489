from django.db import migrations, models

from tests.publishing.later_migrations import NEWEST


class Migration(migrations.Migration):
    dependencies = [("publishing", NEWEST)]
    operations = [
        migrations.AddField("edition", "added", models.CharField(max_length=1, default="x", db_default="x")),
        migrations.AlterField("edition", "author", models.CharField(max_length=160, blank=True)),
    ]
