"""`{% snapshot %}`: parts of a template that are drawn once for a version of the record."""

from django import template
from django.urls import get_script_prefix
from django.utils.translation import get_language

from markup.lru import LRU
from publishing.snapshots import instances

register = template.Library()
parts = LRU(most=1_000_000)  # characters
instances.append(parts)


@register.tag
def snapshot(parser, token):
    """`{% snapshot "name" what-else-it-depends-on %}...{% endsnapshot %}`; moment, language and the start of addresses always count."""
    _tag, *depends = token.split_contents()
    nodes = parser.parse(["endsnapshot"])
    parser.delete_first_token()
    return SnapshotNode(nodes, [parser.compile_filter(value) for value in depends])


class SnapshotNode(template.Node):
    def __init__(self, nodelist, depends):
        self.nodelist, self.depends = nodelist, depends

    def render(self, context):
        request = context["request"]
        if getattr(request, "draft", None):
            return self.nodelist.render(context)
        if not hasattr(request, "snapshot_state"):
            request.snapshot_state = (request.moment.version, get_script_prefix(), get_language())
        key = (request.snapshot_state, *[value.resolve(context) for value in self.depends])
        return parts.get_or_make(key, lambda: self.nodelist.render(context))
