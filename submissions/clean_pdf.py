"""Script that writes a PDF anew with its pages alone; run by files/bounded.py, the PDF as standard input, the copy as standard output.

Title, author, programs, dates, notes with their writers' names, forms, bookmarks and attachments stay behind: nothing but what the pages
draw is copied. pikepdf (qpdf) does it, in a process with bounds of its own.
"""

import contextlib
import io
import resource
import sys

MEMORY = 1_000_000_000
SECONDS = 20
OF_PAGES = {"/Type", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents", "/UserUnit", "/Group"}
OF_OBJECTS = ("/Metadata", "/PieceInfo", "/LastModified", "/AA", "/A", "/OpenAction")


def main():
    with contextlib.suppress(ValueError, OSError):  # a system without such limits
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    import pikepdf

    copy = pikepdf.new()
    with pikepdf.open(sys.stdin.buffer) as source:
        for page in source.pages:
            for name in set(page.obj.keys()) - OF_PAGES - {"/Parent"}:
                del page.obj[name]
        copy.pages.extend(source.pages)
        for value in copy.objects:
            if isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
                for name in OF_OBJECTS:
                    if name in value:
                        del value[name]
        written = io.BytesIO()
        copy.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    sys.stdout.buffer.write(written.getvalue())


if __name__ == "__main__":
    main()
