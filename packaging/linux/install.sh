#!/bin/sh
# Enters DermConcord into this person's menu, or takes it out with --remove. Needs no administrator.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
data=${XDG_DATA_HOME:-$HOME/.local/share}
entry=$data/applications/dermconcord.desktop

case $here in
*[\"\`\$\\%]*)
    echo "The menu cannot start a program from $here: move the folder to a plainer name." >&2
    exit 1
    ;;
esac

refresh() {
    for line in "update-desktop-database $data/applications" "update-mime-database $data/mime"; do
        program=${line%% *}
        command -v "$program" >/dev/null 2>&1 && "$program" "${line#* }" >/dev/null 2>&1 || true
    done
}

icons() {
    (cd "$here/share" && find icons -type f)
}

if [ "${1-}" = --remove ]; then
    rm -f "$entry" "$data/mime/packages/dermconcord.xml"
    icons | while read -r icon; do rm -f "$data/$icon"; done
    refresh
    echo "DermConcord is out of the menu. Delete the folder $here to be rid of it."
    exit 0
fi

icons | while read -r icon; do
    mkdir -p "$data/$(dirname "$icon")"
    cp "$here/share/$icon" "$data/$icon"
done
mkdir -p "$data/applications" "$data/mime/packages"
cp "$here/share/mime/packages/dermconcord.xml" "$data/mime/packages/"
sed '/^Exec=/d' "$here/share/applications/dermconcord.desktop" >"$entry"
echo "Exec=\"$here/dermconcord\" %f" >>"$entry"
refresh
echo "DermConcord is in the menu."
