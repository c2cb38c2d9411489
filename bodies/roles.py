"""The roles that a body has."""

from django.db import models


class Role(models.TextChoices):
    CHAIR = "chair", "Chair"
    VICE_CHAIR = "vice-chair", "Vice-Chair"
    MEMBER = "member", "Member"
    ALTERNATE = "alternate", "Alternate member"
    EXECUTIVE_SECRETARY = "executive-secretary", "Executive Secretary"
    ACTING = "acting", "Acting head"
