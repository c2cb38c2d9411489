"""Takes the second factor of one person away, for the last administrator whose phone is lost. Who may run it has the database."""

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from accounts import second_factor
from accounts.models import AccountEvent


class Command(BaseCommand):
    help = "Take away the second factor of a person, who sets up a new one at the next log-in. All their sessions end."

    def add_arguments(self, parser):
        parser.add_argument("name", help="the user name")
        parser.add_argument("--reason", default="", help="told to the person, at the desk and by mail")

    def handle(self, name, reason, **options):
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account {name}.")
        there_was = second_factor.forget(user, AccountEvent.What.RESET, "manage.py", reason)
        said = "is taken away" if there_was else "was not there"
        self.stdout.write(f"The second factor of {name} {said}; all sessions are ended.")
