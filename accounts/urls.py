"""Log-in, one's own account, the inbox, and the console of the three administrators."""

from django.urls import path

from accounts.views import administration, console, inbox, login, outbox, password, profile, requests, second_factor

app_name = "accounts"

urlpatterns = [
    path("login/", login.SignIn.as_view(), name="login"),
    path("login/code/", second_factor.Code.as_view(), name="code"),
    path("login/second-factor/", second_factor.Enrolment.as_view(), name="enrolment"),
    path("logout/", login.SignOut.as_view(), name="logout"),
    # One's own
    path("account/", profile.Profile.as_view(), name="profile"),
    path("account/contact/", profile.Contact.as_view(), name="contact"),
    path("account/password/", password.Password.as_view(), name="password"),
    path("account/confirm/", password.Confirm.as_view(), name="confirm"),
    path("account/second-factor/off/", second_factor.TurnOff.as_view(), name="second_factor_off"),
    path("account/deputy/", profile.Deputy.as_view(), name="deputy"),
    path("account/deputy/dismiss/", profile.DismissDeputy.as_view(), name="deputy_dismiss"),
    path("account/acting/<str:username>/", profile.StartActing.as_view(), name="acting_start"),
    path("account/acting/", profile.StopActing.as_view(), name="acting_stop"),
    path("account/devices/<int:pk>/revoke/", profile.RevokeDevice.as_view(), name="device_revoke"),
    path("account/sessions/<int:pk>/end/", profile.EndSession.as_view(), name="session_end"),
    path("account/tokens/<int:pk>/revoke/", profile.RevokeToken.as_view(), name="token_revoke"),
    path("account/calendar/", profile.OpenFeed.as_view(), name="feed_open"),
    path("inbox/", inbox.Inbox.as_view(), name="inbox"),
    path("inbox/read-all/", inbox.ReadAll.as_view(), name="inbox_read_all"),
    path("inbox/<int:pk>/", inbox.OpenMessage.as_view(), name="message"),
    path("outbox/", outbox.Outbox.as_view(), name="outbox"),
    path("outbox/<int:pk>/resend/", outbox.Resend.as_view(), name="outbox_resend"),
    path("saved-views/", inbox.SaveView.as_view(), name="view_save"),
    path("saved-views/<int:pk>/delete/", inbox.DeleteView.as_view(), name="view_delete"),
    # The three administrators
    path("console/", console.Console.as_view(), name="console"),
    path("settings/", console.Settings.as_view(), name="settings"),
    path("audit/", console.AuditLog.as_view(), name="audit"),
    path("audit/check/", console.AuditCheck.as_view(), name="audit_check"),
    path("audit/export/", console.AuditExport.as_view(), name="audit_export"),
    path("accounts/", administration.AccountList.as_view(), name="accounts"),
    path("accounts/new/", administration.ProposeAccount.as_view(), name="account_new"),
    path("accounts/<str:username>/", administration.AccountDetail.as_view(), name="account"),
    path("accounts/<str:username>/edit/", administration.EditAccount.as_view(), name="account_edit"),
    path("accounts/<str:username>/roles/", administration.ProposeRoles.as_view(), name="account_roles"),
    path("accounts/<str:username>/department/", administration.ProposeDepartment.as_view(), name="account_department"),
    path("accounts/<str:username>/disable/", administration.ProposeDisabling.as_view(), name="account_disable"),
    path("accounts/<str:username>/enable/", administration.ProposeEnabling.as_view(), name="account_enable"),
    path("accounts/<str:username>/password/", administration.OneTimePassword.as_view(), name="account_password"),
    path("accounts/<str:username>/tokens/", administration.IssueToken.as_view(), name="account_token"),
    path(
        "accounts/<str:username>/second-factor/off/",
        administration.TurnOffSecondFactor.as_view(),
        name="account_second_factor_off",
    ),
    path("requests/", requests.RequestList.as_view(), name="requests"),
    path("requests/<int:pk>/", requests.RequestDetail.as_view(), name="request"),
    path("requests/<int:pk>/approve/", requests.ApproveRequest.as_view(), name="request_approve"),
    path("requests/<int:pk>/refuse/", requests.RefuseRequest.as_view(), name="request_refuse"),
    path("requests/<int:pk>/withdraw/", requests.WithdrawRequest.as_view(), name="request_withdraw"),
]
