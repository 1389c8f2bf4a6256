#!/bin/sh
# Make .venv if it is not there and install one lock into it: install/python.sh run|test|node
set -eu
cd "$(dirname "$0")/.."
lock=$1

find_python() {
    for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 python; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    echo "Ducha needs Python 3.11 or newer, and none was found. Install it, or name it: make run PYTHON=/path/to/python3" >&2
    exit 1
}

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        echo "$python cannot make virtual environments: its modules venv and ensurepip are missing." >&2
        echo "On Debian and Ubuntu: apt-get install python3-venv. Elsewhere: install a complete Python, then try again." >&2
        exit 1
    fi
    echo "      making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
fi

# Every file is checked against the hashes of the lock. One line is shown for each package.
rm -f .venv/.locked
{
    .venv/bin/python -m pip install --disable-pip-version-check --no-input --require-hashes --progress-bar off \
        -r "locks/$lock.txt" && touch .venv/.locked
} | sed -n -e 's/^Collecting \([^ ]*\).*/      \1/p' -e 's/^Installing.*/      unpacking .../p'
if ! [ -e .venv/.locked ]; then
    echo "The packages of locks/$lock.txt could not be installed; pip says why above. A proxy or mirror is named to pip as always (pip config)." >&2
    exit 1
fi

case $lock in
run | test)
    # The project itself stays where it is: a path file in .venv points here.
    .venv/bin/python -m pip install --disable-pip-version-check --no-input --quiet --no-deps --no-build-isolation \
        --config-settings editable_mode=compat --editable .
    ;;
esac
