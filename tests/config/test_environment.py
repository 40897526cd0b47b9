"""Every variable that the settings read stands, explained, in .env.example."""

import re

from tests.meta.sources import ROOT

READ = re.compile(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"|\brequired\("([A-Z_]+)"')
#: Only bin/run asks for demo data; in production it is never on.
NOT_FOR_PRODUCTION = {"DEMO"}


def test_env_example_names_every_variable_of_the_settings():
    settings = "".join((ROOT / "config" / "settings" / name).read_text() for name in ("base.py", "prod.py"))
    read = {name for pair in READ.findall(settings) for name in pair if name} - NOT_FOR_PRODUCTION
    named = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read - named == set()
