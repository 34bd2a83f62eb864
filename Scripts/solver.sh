#!/usr/bin/env bash
# Runs the sufficiency tests with z3 in a virtual environment of its own, .build-solver: the system's Python is left
# as it is. usage: Scripts/solver.sh ZKVM [OPTIONS OF run.py]
set -euo pipefail
zkvm=$(realpath "$1")
shift
cd "$(dirname "$0")/.."
version=5.4.1.0

python=.build-solver/bin/python
if ! "$python" -c "import importlib.metadata as m; assert m.version('z3-solver') == '$version'" 2>/dev/null; then
  # Debian's Python has no ensurepip without python3-venv; another Python brings it along.
  python3 -c 'import ensurepip' 2>/dev/null || bash Scripts/setup.sh python3-venv
  rm -rf .build-solver
  python3 -m venv .build-solver
  "$python" -m pip install --quiet --disable-pip-version-check "z3-solver==$version"
fi
exec "$python" Tests/Sufficiency/run.py "$zkvm" "$@"
