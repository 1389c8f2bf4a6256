#!/bin/sh
# A Chinese face of type for papers as PDF, into var/fonts. Nothing is fetched where the machine has one, or the folder.
# The official faces may not be given away: put 方正小标宋, 仿宋_GB2312, 楷体_GB2312 and 黑体 into var/fonts if you have them.
set -eu
cd "$(dirname "$0")/.."
folder=${DUCHA_FONTS:-var/fonts}
mkdir -p "$folder"
if .venv/bin/python -m workflows.papers.faces "$folder"; then
    exit
fi
echo "      no Chinese font here: fetching Noto Serif SC (SIL Open Font License) from npm"
PATH=$(sh install/node.sh):$PATH
own=$PWD/var/faces
mkdir -p "$own"
cp install/faces/package.json install/faces/package-lock.json "$own/"
npm ci --prefix "$own" --ignore-scripts --no-audit --no-fund --silent
package=$own/node_modules/@expo-google-fonts/noto-serif-sc
cp "$package/400Regular/NotoSerifSC_400Regular.ttf" "$package/700Bold/NotoSerifSC_700Bold.ttf" "$folder/"
cp "$package/LICENSE_FONT" "$folder/LICENSE.NotoSerifSC"
rm -rf "$own"
