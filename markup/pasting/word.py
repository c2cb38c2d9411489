"""Word's .docx files, by mammoth: its HTML is read as what is pasted is."""

import io
import re
import zipfile
from dataclasses import replace

import mammoth

from markup.pasting.grids import TooMuch
from markup.pasting.paste import pasted

# Styles of Word that mammoth does not name by itself.
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
"""
MOST_XML = 50_000_000
LEFT_OUT = {"comments": ("word/comments.xml", re.compile(rb"<w:comment ")), "deleted": ("word/document.xml", re.compile(rb"<w:del "))}


def from_word(data, **options):
    """The Pasted of the bytes of a .docx. Its pictures, comments and deletions are counted. Raises TooMuch for what cannot be read."""
    try:
        counts = left_out(data)
        result = mammoth.convert_to_html(
            io.BytesIO(data), style_map=STYLES, convert_image=mammoth.images.img_element(lambda _: {"src": ""})
        )
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, RecursionError) as error:
        raise TooMuch("file") from error
    found = pasted(result.value, is_office=True, **options)
    return replace(found, left_out=found.left_out | counts, is_plain=False)


def left_out(data):
    """What mammoth leaves unread: counts by name, without those that are nought."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_XML:
            raise TooMuch("file")
        names = set(archive.namelist())
        counts = {name: len(mark.findall(archive.read(part))) for name, (part, mark) in LEFT_OUT.items() if part in names}
    return {name: count for name, count in counts.items() if count}
