#!/bin/sh
# Find or install a Chromium for the browser tests and print its path.
# In this order: $DUCHA_CHROMIUM, one on the PATH, Debian's (as root), the one that npm's @sparticuz/chromium carries.
set -eu
cd "$(dirname "$0")/.."
own=$PWD/var/chromium

if [ -n "${DUCHA_CHROMIUM:-}" ]; then
    echo "$DUCHA_CHROMIUM"
    exit
fi
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name"; then
        exit
    fi
done
if [ -x "$own/chromium.sh" ]; then
    echo "$own/chromium.sh"
    exit
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "      installing Chromium with apt-get" >&2
    apt-get update -qq >&2 || true
    if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1 && command -v chromium; then
        exit
    fi
fi

echo "      unpacking the Chromium that npm's @sparticuz/chromium carries" >&2
PATH=$(sh install/node.sh):$PATH
mkdir -p "$own"
cp install/chromium/package.json install/chromium/package-lock.json "$own/"
npm ci --prefix "$own" --ignore-scripts --no-audit --no-fund --silent >&2
node install/chromium/unpack.mjs "$own/node_modules/@sparticuz/chromium/bin" "$own" >&2
tar -xf "$own/al2023.tar" -C "$own"
rm "$own/al2023.tar"
# Its libraries come last: where the machine has its own, those are used.
cat >"$own/chromium.sh" <<EOF
#!/bin/sh
LD_LIBRARY_PATH=\${LD_LIBRARY_PATH:-/usr/lib/x86_64-linux-gnu:/lib64}:$own/lib exec "$own/chromium" "\$@"
EOF
chmod +x "$own/chromium" "$own/chromium.sh"
echo "$own/chromium.sh"
