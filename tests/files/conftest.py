from tests.documents.conftest import store
from tests.record import clock

__all__ = ["clock", "store"]
