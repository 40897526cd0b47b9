"""``python -m benchmarks fill`` fills an empty database, ``run [word]`` measures it, ``rush`` plays 17:25 on SQLite."""

import argparse
import os

import django


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("act", choices=("fill", "run", "rush"))
    parser.add_argument("word", nargs="?", default="", help="run: only cases with this word in name or address")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()
    # Models can be imported only now.
    from benchmarks.cases import run
    from benchmarks.fill import fill
    from benchmarks.rush import rush

    if arguments.act == "run":
        run(arguments.word)
    else:
        {"fill": fill, "rush": rush}[arguments.act]()


if __name__ == "__main__":
    main()
