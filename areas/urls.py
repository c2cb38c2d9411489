from django.urls import path, re_path

from areas import entry, joining, log_in, views, writing

app_name = "areas"
OF_AREA = "extranets/areas/<str:key>/"

urlpatterns = [
    path("extranets/log-in/", log_in.log_in, name="log_in"),
    path("extranets/log-in/code/", log_in.code, name="code"),
    path("extranets/log-in/phone/", log_in.phone, name="phone"),
    path("extranets/log-out/", log_in.log_out, name="log_out"),
    path("extranets/invitation/<str:token>/", joining.invitation, name="invitation"),
    path("extranets/areas/", views.mine, name="mine"),
    path(OF_AREA, views.area, name="area"),
    path(OF_AREA + "notices/add/", writing.add_notice, name="add_notice"),
    path(OF_AREA + "notices/<int:pk>/", views.notice, name="notice"),
    path(OF_AREA + "notices/<int:pk>/print/", views.printed_notice, name="printed_notice"),
    path(OF_AREA + "notices/<int:pk>/remove/", writing.remove_notice, name="remove_notice"),
    path(OF_AREA + "files/add/", writing.add_paper, name="add_paper"),
    path(OF_AREA + "files/all.zip", views.many, name="many"),
    path(OF_AREA + "files/<int:pk>/", views.paper, name="paper"),
    path(OF_AREA + "files/<int:pk>/add/", writing.add_version, name="add_version"),
    path(OF_AREA + "files/<int:pk>/remove/", writing.remove_paper, name="remove_paper"),
    path(OF_AREA + "files/<int:pk>/<int:number>/", views.download, name="download"),
    path(OF_AREA + "comments/<int:pk>/", writing.change_comment, name="change_comment"),
    path(OF_AREA + "comments/<int:pk>/settle/", writing.settle, name="settle"),
    path(OF_AREA + "dates.ics", views.dates, name="dates"),
    path(OF_AREA + "members/", writing.members, name="members"),
    path(OF_AREA + "members/<int:pk>/", writing.change_member, name="change_member"),
    path(OF_AREA + "invitations/<int:pk>/", writing.decide, name="decide"),
    path(OF_AREA + "reading/", views.reading, name="reading"),
    path(OF_AREA + "copy.zip", writing.export, name="export"),
    re_path(r"^extranets/(?:areas|invitation|log-in|log-out)/", entry.missing),
]
