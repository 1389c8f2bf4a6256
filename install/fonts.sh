#!/bin/sh
# Chinese fonts for the pictures that browser tests take. Without them the tests pass, and the pictures show boxes.
set -eu
if [ "$(uname)" != Linux ] || { command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh-cn family)" ]; }; then
    exit
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "      installing Chinese fonts with apt-get"
    { apt-get update -qq || true; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends fontconfig fonts-noto-cjk; } >/dev/null 2>&1 && exit
fi
echo "      no Chinese font was found: pictures of pages will show boxes (Debian: apt-get install fonts-noto-cjk)"
