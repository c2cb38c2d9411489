from tests.record import clock

__all__ = ["clock"]
