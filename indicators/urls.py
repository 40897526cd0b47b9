"""HTML addresses of the app. Daily dispatch keeps its own in ``urls_dispatch``."""

from django.urls import include, path

from indicators.views import cases, catalogue, evidence, indicator, indicator_acts, sets

app_name = "indicators"

evidence_patterns = [
    path("", evidence.EvidenceList.as_view(), name="evidence"),
    path("add/", evidence.AddEvidence.as_view(), name="evidence_add"),
    path("<int:pk>/", evidence.EvidenceDetail.as_view(), name="evidence_detail"),
    path("<int:pk>/accept/", evidence.AcceptEvidence.as_view(), name="evidence_accept"),
    path("<int:pk>/return/", evidence.ReturnEvidence.as_view(), name="evidence_return"),
    path("<int:pk>/resubmit/", evidence.ResubmitEvidence.as_view(), name="evidence_resubmit"),
    path("<int:pk>/link/", evidence.LinkEvidence.as_view(), name="evidence_link"),
    path("<int:pk>/links/<int:link>/remove/", evidence.UnlinkEvidence.as_view(), name="evidence_unlink"),
]

case_patterns = [
    path("", cases.CaseList.as_view(), name="cases"),
    path("add/", cases.AddCase.as_view(), name="case_add"),
    path("<int:pk>/", cases.CaseDetail.as_view(), name="case_detail"),
    path("<int:pk>/edit/", cases.EditCase.as_view(), name="case_edit"),
    path("<int:pk>/submit/", cases.SubmitCase.as_view(), name="case_submit"),
    path("<int:pk>/withdraw/", cases.WithdrawCase.as_view(), name="case_withdraw"),
    path("<int:pk>/publish/", cases.PublishCase.as_view(), name="case_publish"),
    path("<int:pk>/return/", cases.ReturnCase.as_view(), name="case_return"),
]

set_patterns = [
    path("", sets.SetList.as_view(), name="sets"),
    path("copy/", sets.CopySet.as_view(), name="set_copy"),
    path("official/", sets.RecordOfficialResult.as_view(), name="official_add"),
    path("<int:pk>/prepare/", sets.PrepareSet.as_view(), name="set_prepare"),
    path("<int:pk>/indicators/add/", sets.AddIndicator.as_view(), name="indicator_add"),
    path("<int:pk>/activate/", sets.ActivateSet.as_view(), name="set_activate"),
]

indicator_patterns = [
    path("", indicator.IndicatorDetail.as_view(), name="detail"),
    path("edit/", indicator_acts.EditIndicator.as_view(), name="edit"),
    path("correct/", indicator_acts.CorrectValue.as_view(), name="correct"),
    path("remove/", indicator_acts.RemoveIndicator.as_view(), name="remove"),
    path("applicable/", indicator_acts.SetApplicable.as_view(), name="set_applicable"),
    path("standards/add/", indicator_acts.AddStandard.as_view(), name="add_standard"),
    path("standards/baseline-as-worst/", indicator_acts.TakeBaseline.as_view(), name="take_baseline"),
    path("standards/<int:standard>/check/", indicator_acts.CheckStandard.as_view(), name="check_standard"),
    path("assignments/add/", indicator_acts.Assign.as_view(), name="assign"),
    path("assignments/<int:assignment>/people/", indicator_acts.ChangePeople.as_view(), name="change_people"),
    path("assignments/<int:assignment>/end/", indicator_acts.EndAssignment.as_view(), name="end_assignment"),
    path("measures/add/", indicator_acts.AddMeasure.as_view(), name="add_measure"),
    path("measures/<int:measure>/note/", indicator_acts.NoteMeasure.as_view(), name="note_measure"),
    path("measures/<int:measure>/<slug:state>/", indicator_acts.SetMeasureState.as_view(), name="set_measure_state"),
    path("constraint/", indicator_acts.ProposeConstraint.as_view(), name="propose_constraint"),
    path("constraint/approve/", indicator_acts.ApproveConstraint.as_view(), name="approve_constraint"),
    path("constraint/lift/", indicator_acts.LiftConstraint.as_view(), name="lift_constraint"),
]

urlpatterns = [
    path("indicators/", catalogue.IndicatorList.as_view(), name="list"),
    path("indicators/export/", catalogue.IndicatorExport.as_view(), name="export"),
    path("indicators/frontier/", catalogue.FrontierRegister.as_view(), name="frontier"),
    path("indicators/setup/", catalogue.SetUp.as_view(), name="setup"),
    path("indicators/setup/baseline-as-worst/", indicator_acts.TakeAllBaselines.as_view(), name="take_all_baselines"),
    path("indicators/evidence/", include(evidence_patterns)),
    path("indicators/cases/", include(case_patterns)),
    path("indicators/sets/", include(set_patterns)),
    path("", include("indicators.urls_dispatch")),
    path("indicators/<str:code>/", include(indicator_patterns)),
]
