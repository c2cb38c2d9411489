from cdmportal.settings import *  # noqa: F403
from cdmportal.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.publishing.turning"]
