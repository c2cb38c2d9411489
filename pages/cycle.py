"""Project cycle in eight steps, with who acts, for its page. Facts: decision 3/CMP.1, annex; UNFCCC project cycle pages."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from publishing.links import links

ADDRESS = "/about/project-cycle/"
WIDTH, ROW = 288, 46
PARTICIPANTS, DNA, DOE = _("Project participants"), _("Designated national authority"), _("Designated operational entity")
BOARD, REGISTRY = _("Executive Board"), _("CDM registry")
# Name, who acts, the page about those, whether it is done anew for each monitoring period.
STEPS = (
    (_("Design"), PARTICIPANTS, "/projects/", False),
    (_("National approval"), DNA, "/dna/", False),
    (_("Validation"), DOE, "/doe/", False),
    (_("Registration"), BOARD, "/executive-board/", False),
    (_("Monitoring"), PARTICIPANTS, "/projects/", True),
    (_("Verification and certification"), DOE, "/doe/", True),
    (_("Issuance"), BOARD, "/executive-board/", True),
    (_("Forwarding"), REGISTRY, "/registry/", True),
)


@dataclass(frozen=True)
class CycleStep:
    """A step with its place from the top of the drawing; `address` is empty where its page is not to be read."""

    number: int
    name: str
    who: str
    address: str
    is_repeated: bool

    @property
    def y(self):
        return ROW * (self.number - 1)


class Cycle:
    """The cycle at a moment, with the sizes of its drawing."""

    width, height = WIDTH, ROW * len(STEPS)

    def __init__(self, moment):
        known = links(moment)
        known.look_up({address for _name, _who, address, _is_repeated in STEPS})
        rows = enumerate(STEPS, 1)
        self.steps = [CycleStep(n, name, who, address if known[address] else "", again) for n, (name, who, address, again) in rows]

    @property
    def once(self):
        return [step for step in self.steps if not step.is_repeated]

    @property
    def repeated(self):
        return [step for step in self.steps if step.is_repeated]
