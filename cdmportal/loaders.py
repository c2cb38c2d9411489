"""Our own HTML templates without their indentation and blank lines: it is for those who write them, and every visitor would load it.

What is put into a template stays as it is; only the template's own text is shortened, once, when it is compiled.
"""

import re

from django.template.loaders.filesystem import Loader

LINE_START = re.compile(r"\n\s+")


class CompactLoader(Loader):
    def get_contents(self, origin):
        text = super().get_contents(origin)
        return LINE_START.sub("\n", text) if origin.template_name.endswith(".html") else text
