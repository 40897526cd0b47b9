"""Password rules by table (quality.md Security)."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import PasswordRecord, User
from accounts.passwords import one_time_password
from tests.factories.accounts import NOW, PASSWORD


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Battery&Staple17", None),
        ("battery-staple-17", None),
        ("Battery staple", None),
        ("Ab1!ab1!a", "password_too_short"),
        ("batterystaple", "password_too_uniform"),
        ("batterystaple17", "password_too_uniform"),
        ("1234567890123", "password_too_uniform"),
        ("Zjj_Reporter2026", "password_contains_name"),
        ("住建局王五Aa12345", "password_contains_name"),
    ],
)
def test_password_rules(word, code):
    person = User(username="zjj_reporter", name="王五")
    if code is None:
        validate_password(word, person)
        return
    with pytest.raises(ValidationError) as refusal:
        validate_password(word, person)
    assert code in {error.code for error in refusal.value.error_list}


@pytest.mark.django_db
def test_last_five_passwords_are_refused(reporter):
    for number in range(6):
        earlier = User()
        earlier.set_password(f"Earlier-word-{number}")
        PasswordRecord.objects.create(user=reporter, password=earlier.password, at=NOW)
    for refused in (PASSWORD, "Earlier-word-5", "Earlier-word-2"):
        with pytest.raises(ValidationError, match="最近 5 次"):
            validate_password(refused, reporter)
    validate_password("Earlier-word-1", reporter)


def test_one_time_password_keeps_the_rules_and_can_be_read_out():
    for _ in range(50):
        word = one_time_password()
        validate_password(word, User(username="zjj_reporter", name="王五"))
        assert not set(word) & set("0O1lI5S")
    assert one_time_password() != one_time_password()
