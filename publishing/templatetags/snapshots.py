"""`{% snapshot %}`: parts of a template that are drawn once for a version of the record."""

from django import template
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
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


class ProvisionalPart(SafeString):
    """Part that makes the answer around it a provisional one (`Moment.is_provisional`)."""


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
        part = parts.get_or_make(key, lambda: self.drawn(context, request.moment))
        request.moment.is_provisional = request.moment.is_provisional or isinstance(part, ProvisionalPart)
        return part

    def drawn(self, context, moment):
        """The part; one that rests on what is still to be replaced says so whenever it is shown."""
        part, is_provisional = moment.watching(lambda: self.nodelist.render(context))
        return ProvisionalPart(part) if is_provisional else part
