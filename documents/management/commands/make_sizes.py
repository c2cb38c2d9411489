from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand

from documents.models import Picture, PictureEdition
from files import sizes


class Command(BaseCommand):
    help = "Make the sizes of pictures that are missing, as after a restore or with a new maker, and forget those that nothing needs."

    def handle(self, **options):
        wanted = {}
        for model in (Picture, PictureEdition):
            for picture in model.objects.exclude(file="").defer("body").iterator():
                wanted.setdefault((picture.file.sha256, picture.focus_x, picture.focus_y), picture)
        made, failed = 0, 0
        for (_digest, *focus), picture in wanted.items():
            try:
                made += sizes.make(picture.file, focus)
            except ValidationError as error:
                failed += 1
                self.stderr.write(f"{picture.file}: {' '.join(error.messages)}")
        self.stdout.write(f"{len(wanted)} pictures; {made} sizes made, {sizes.forget_unused()} forgotten, {failed} pictures without.")
