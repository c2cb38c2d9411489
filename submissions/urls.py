from django.urls import path, re_path

from submissions import views

app_name = "submissions"
SHAPE = r"(?P<secret>[A-Za-z0-9_-]{43,64})"

urlpatterns = [
    path("public-inputs/<slug:slug>/submit/", views.submit, name="submit"),
    re_path(rf"^public-inputs/receipt/{SHAPE}/$", views.receipt, name="receipt"),
    re_path(rf"^public-inputs/confirm/{SHAPE}/$", views.confirm, name="confirm"),
    re_path(rf"^public-inputs/withdraw/{SHAPE}/$", views.withdraw, name="withdraw"),
]
