"""Pages of units and of the leading group."""

from django.urls import path

from departments import views

app_name = "departments"

urlpatterns = [
    path("departments/", views.DepartmentList.as_view(), name="list"),
    path("departments/add/", views.AddDepartment.as_view(), name="add"),
    path("departments/export/", views.DepartmentExport.as_view(), name="export"),
    path("departments/options/", views.OwnOptions.as_view(), name="options"),
    path("departments/leading-group/", views.LeadingGroup.as_view(), name="leading_group"),
    path("departments/leading-group/add/", views.AddMember.as_view(), name="member_add"),
    path("departments/leading-group/<int:pk>/change/", views.ChangeMember.as_view(), name="member_change"),
    path("departments/leading-group/<int:pk>/end/", views.EndMember.as_view(), name="member_end"),
    path("departments/<slug:code>/", views.DepartmentDetail.as_view(), name="detail"),
    path("departments/<slug:code>/update/", views.UpdateDepartment.as_view(), name="update"),
    path("departments/<slug:code>/rename/", views.RenameDepartment.as_view(), name="rename"),
    path("departments/<slug:code>/move/", views.MoveDepartment.as_view(), name="move"),
    path("departments/<slug:code>/close/", views.CloseDepartment.as_view(), name="close"),
    path("departments/<slug:code>/head-approval/", views.SetHeadApproval.as_view(), name="head_approval"),
]
