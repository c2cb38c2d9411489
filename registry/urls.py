from django.urls import path, re_path

from registry.addresses import ACTIVITY, ENTITY, METHODOLOGY, PARTY, RELEASE
from registry.views import activity, activity_list, cdm_registry, entity, issuance, methodology, party, releases, stat_tables, statistics

app_name = "registry"

urlpatterns = [
    path("projects/", activity_list.projects, name="projects"),
    path("projects/index.md", activity_list.projects, {"is_source": True}),
    path("programmes/", activity_list.programmes, name="programmes"),
    path("programmes/index.md", activity_list.programmes, {"is_source": True}),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/index.md", statistics.statistics, {"is_source": True}),
    path("registry/", cdm_registry.cdm_registry, name="registry"),
    path("registry/index.md", cdm_registry.cdm_registry, {"is_source": True}),
    path("statistics/compare/", stat_tables.compare, name="compare"),
    path("statistics/compare/index.md", stat_tables.compare, {"is_source": True}),
    re_path(rf"^projects/{ACTIVITY}/$", activity.activity, name="activity"),
    re_path(rf"^projects/{ACTIVITY}/index\.md$", activity.activity, {"is_source": True}),
    path("methodologies/", methodology.methodology_list, name="methodologies"),
    path("methodologies/index.md", methodology.methodology_list, {"is_source": True}),
    re_path(rf"^methodologies/{METHODOLOGY}/$", methodology.methodology_page, name="methodology"),
    re_path(rf"^methodologies/{METHODOLOGY}/index\.md$", methodology.methodology_page, {"is_source": True}),
    path("dna/", party.party_list, name="parties"),
    path("dna/index.md", party.party_list, {"is_source": True}),
    path("parties/", party.to_list, name="parties_redirect"),
    re_path(rf"^parties/{PARTY}/$", party.party_page, name="party"),
    re_path(rf"^parties/{PARTY}/index\.md$", party.party_page, {"is_source": True}),
    path("doe/", entity.entity_list, name="entities"),
    path("doe/index.md", entity.entity_list, {"is_source": True}),
    path("entities/", entity.to_list, name="entities_redirect"),
    re_path(rf"^entities/{ENTITY}/$", entity.entity_page, name="entity"),
    re_path(rf"^entities/{ENTITY}/index\.md$", entity.entity_page, {"is_source": True}),
    path("releases/", releases.release_list, name="releases"),
    path("releases/index.md", releases.release_list, {"is_source": True}),
    re_path(rf"^releases/{RELEASE}/$", releases.release_page, name="release"),
    re_path(rf"^releases/{RELEASE}/index\.md$", releases.release_page, {"is_source": True}),
    re_path(rf"^releases/{RELEASE}/changes/$", releases.release_changes, name="changes"),
    re_path(rf"^releases/{RELEASE}/changes/index\.md$", releases.release_changes, {"is_source": True}),
    path("issuance/", issuance.issuance, name="issuance"),
    path("issuance/index.md", issuance.issuance, {"is_source": True}),
]
