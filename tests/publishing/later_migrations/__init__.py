"""The app's own migrations and one that a later release might bring."""

from publishing import migrations

__path__ = [*__path__, *migrations.__path__]
