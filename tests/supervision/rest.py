"""What the tests of ``/api/v1/issues/`` share."""

LIST = "/api/v1/issues/"


def numbers(api, query: str = "") -> set[str]:
    """Return the numbers of the rows of a list."""
    answer = api.get(f"{LIST}{query}")
    assert answer.status_code == 200, answer.content.decode()
    return {row["number"] for row in answer.json()["results"]}


def one(row, act: str = "") -> str:
    """Return the address of an issue, or of an act on it."""
    return f"{LIST}{row.number}/{act and f'{act}/'}"


def refusal(answer, status: int, field: str = "") -> str:
    """Return the sentence of a refusal of ``status``, at ``field`` where named; it is Chinese."""
    assert answer.status_code == status, answer.content.decode()
    said = answer.json()
    if field:
        assert [error["field"] for error in said["errors"]] == [field]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in said["detail"])
    return said["detail"]
