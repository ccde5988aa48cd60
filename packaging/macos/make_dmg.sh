#!/bin/sh
# Puts the graders' program onto a disk image. UNTESTED: see README.md beside it.
#   sh packaging/macos/make_dmg.sh VERSION
# IDENTITY: a "Developer ID Application" certificate to sign with.
# PROFILE:  a notarytool keychain profile to notarise with.
set -eu
version=${1:?usage: make_dmg.sh VERSION}
cd "$(dirname "$0")/../../dist"
app=DermConcord.app
image=dermconcord-$version.dmg

if [ -n "${IDENTITY-}" ]; then
    codesign --force --deep --options runtime --timestamp --sign "$IDENTITY" "$app"
    codesign --verify --strict "$app"
fi

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp -R "$app" "$stage/"
ln -s /Applications "$stage/Applications"
rm -f "$image"
hdiutil create -volname DermConcord -srcfolder "$stage" -format ULFO "$image"

if [ -n "${PROFILE-}" ]; then
    xcrun notarytool submit "$image" --keychain-profile "$PROFILE" --wait
    xcrun stapler staple "$image"
fi
