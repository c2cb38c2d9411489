from tests.cdmportal.conftest import portal

__all__ = ["portal"]
