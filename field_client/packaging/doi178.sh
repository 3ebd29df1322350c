#!/bin/sh
# Starts the version that current.txt names; status 75 asks to start again with what it names by then.
# A version that has never come up is taken back.
home=$(cd "$(dirname "$0")" && pwd)
export DOI178_HOME="$home" DOI178_START=icon
browser=
while :; do
    version=$(cat "$home/current.txt")
    "$home/programs/$version/doi178-field" run $browser "$@"
    status=$?
    if [ "$status" -eq 75 ]; then
        browser=--no-browser
        continue
    fi
    if [ "$status" -ne 0 ] && [ ! -e "$home/programs/$version/started" ] && [ -s "$home/previous.txt" ]; then
        mv "$home/previous.txt" "$home/current.txt"
        continue
    fi
    exit "$status"
done
