"""The one exception of the inspectors of files."""


class Refused(Exception):
    """A file is not kept; the text ends a sentence that begins with the file's name."""
