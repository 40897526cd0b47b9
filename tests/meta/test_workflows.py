"""Every transition table is complete: each state has a way in and a way out, or is declared final."""

from collections import deque

import pytest

from core.workflow import Workflow, WorkflowModel
from core.workflow_tables import workflows
from tests.meta.sources import project_models

TABLES = [pytest.param(workflow, id=name) for name, workflow in workflows()]


def states(workflow: Workflow) -> set[str]:
    named = {str(state) for act in workflow.transitions.values() for state in (*act.sources, *act.targets)}
    return named | {str(state) for state in workflow.entries | workflow.finals}


@pytest.mark.parametrize("workflow", TABLES)
def test_every_state_can_be_reached_from_an_entry(workflow):
    reached, waiting = set(), deque(str(state) for state in workflow.entries)
    while waiting:
        state = waiting.popleft()
        if state in reached:
            continue
        reached.add(state)
        for act in workflow.transitions.values():
            if state in {str(source) for source in act.sources}:
                waiting.extend(str(target) for target in act.targets)
    assert states(workflow) == reached


@pytest.mark.parametrize("workflow", TABLES)
def test_every_state_can_be_left_or_is_final(workflow):
    left = {
        str(source)
        for act in workflow.transitions.values()
        for source in act.sources
        if any(target != source for target in act.targets)
    }
    assert states(workflow) - left <= {str(state) for state in workflow.finals}


@pytest.mark.parametrize("workflow", TABLES)
def test_act_whose_target_varies_says_how_it_is_chosen(workflow):
    vague = [act.name for act in workflow.transitions.values() if len(act.targets) > 1 and act.choose is None]
    assert not vague


@pytest.mark.parametrize("workflow", TABLES)
def test_act_has_a_label_and_says_who(workflow):
    assert all(act.label and act.who for act in workflow.transitions.values())


def test_every_status_of_a_model_stands_in_a_table():
    tables = [states(workflow) for _name, workflow in workflows()]
    for model in project_models():
        if issubclass(model, WorkflowModel):
            values = set(dict(model._meta.get_field("status").choices))
            assert values in tables, f"{model._meta.label}: no table has exactly the states {sorted(values)}"
