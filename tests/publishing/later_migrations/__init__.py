"""The app's own migrations and one that a later release might bring."""

from pathlib import Path

from publishing import migrations

__path__ = [*__path__, *migrations.__path__]
NEWEST = max(path.stem for path in Path(migrations.__file__).parent.glob("0*.py"))
