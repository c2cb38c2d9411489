"""Parts of a template that are the same on many pages, drawn once for a state of the record and held in the process."""

from django import template
from django.urls import get_script_prefix
from django.utils.translation import get_language

from publishing.held import Held

MOST = 1000  # parts of one state; then they are drawn anew

register = template.Library()
parts = Held(lambda moment: {}, most=4)


@register.tag
def held(parser, token):
    """`{% held "name" what-else-it-depends-on %}...{% endheld %}`; always the same are moment, language and what addresses begin with."""
    _tag, *depends = token.split_contents()
    nodes = parser.parse(["endheld"])
    parser.delete_first_token()
    return HeldNode(nodes, [parser.compile_filter(value) for value in depends])


class HeldNode(template.Node):
    def __init__(self, nodelist, depends):
        self.nodelist, self.depends = nodelist, depends

    def render(self, context):
        request = context["request"]
        if getattr(request, "draft", None):
            return self.nodelist.render(context)
        key = (get_script_prefix(), get_language(), *(value.resolve(context) for value in self.depends))
        kept = parts(request.moment)
        part = kept.get(key)
        if part is None:
            if len(kept) >= MOST:
                kept.clear()
            part = kept[key] = self.nodelist.render(context)
        return part
