"""What every model must have (architecture §5, §9)."""

from django.db import models

from core.scoping import ScopedModel
from tests.meta.sources import project_models

#: Rows that belong to a department and are still nobody's secret, each with the reason.
OPEN_TO_ALL = {
    "accounts.User": "a person has a department; who may list people is a permission, and no case hangs on it",
    "bulletins.ReportRun": "how a run of the schedule went; the paper it names is fetched through the user",
    "departments.Department": "the tree itself, public",
    "departments.FormerName": "the names of the tree in former years, public",
    "indicators.Assignment": "who leads and assists belongs to the catalogue, which all business roles read",
    "indicators.Measure": "the work plan belongs to the catalogue likewise",
}


def test_every_model_says_what_it_is():
    silent = [model._meta.label for model in project_models() if model.__str__ is models.Model.__str__]
    assert not silent, "define __str__"


def test_every_model_is_ordered():
    unordered = [model._meta.label for model in project_models() if not model._meta.ordering]
    assert not unordered, "give Meta.ordering: an unordered list pages wrongly"


def test_every_scoped_model_says_who_sees_its_rows():
    scoped = [model for model in project_models() if issubclass(model, ScopedModel)]
    silent = [model._meta.label for model in scoped if model.visible_q.__func__ is ScopedModel.visible_q.__func__]
    assert not silent, "define visible_q"


def ties(model) -> list[str]:
    """Return the foreign keys by which ``model`` hangs on a department or on a scoped row."""
    return [
        field.name
        for field in model._meta.get_fields()
        if field.concrete
        and field.is_relation
        and (
            field.related_model._meta.label == "departments.Department" or issubclass(field.related_model, ScopedModel)
        )
    ]


def test_every_model_of_a_department_or_below_a_scoped_one_is_scoped():
    unscoped = {
        model._meta.label: ties(model)
        for model in project_models()
        if not issubclass(model, ScopedModel) and model._meta.label not in OPEN_TO_ALL and ties(model)
    }
    assert not unscoped, "these hang on a department's row: make them ScopedModels"


def test_open_models_still_exist_and_need_their_exception():
    by_label = {model._meta.label: model for model in project_models()}
    assert all(ties(by_label[label]) and not issubclass(by_label[label], ScopedModel) for label in OPEN_TO_ALL)
