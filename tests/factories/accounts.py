"""People for tests."""

from accounts.models import User, UserRole

PASSWORD = "Correct#Horse42"


def make_user(username: str, *roles: str, department=None, **fields) -> User:
    """Create an active person with ``roles`` whose password is ``PASSWORD``."""
    user = User(username=username, name=fields.pop("name", f"{username}测试员"), department=department, **fields)
    user.set_password(PASSWORD)
    user.save()
    UserRole.objects.bulk_create(UserRole(user=user, role=role) for role in roles)
    return user
