"""``python -m benchmarks fill`` fills an empty database, ``python -m benchmarks run [word]`` measures."""

import argparse
import os

import django


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("act", choices=("fill", "run"))
    parser.add_argument("word", nargs="?", default="", help="run: only cases with this word in name or address")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    django.setup()
    # Models can be imported only now.
    from benchmarks.cases import run
    from benchmarks.fill import fill

    if arguments.act == "fill":
        fill()
    else:
        run(arguments.word)


if __name__ == "__main__":
    main()
