"""Exception of the inspectors."""


class Refused(Exception):
    """Refusal of a file; its text ends a sentence that begins with the file's name."""
