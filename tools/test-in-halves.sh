#!/bin/sh
# Runs tests in two processes at the same time, each with every second file: `sh tools/test-in-halves.sh 'src/**/*.test.ts'`.
# One process for all of them starts fastest, and has one processor.
set -eu
said=$(mktemp)
trap 'rm -f "$said"' EXIT
node --import ./test/keep-compiled.ts test/together.ts 1/2 "$@" >"$said" 2>&1 &
first=$!
second=0
node --import ./test/keep-compiled.ts test/together.ts 2/2 "$@" || second=$?
first_ended=0
wait "$first" || first_ended=$?
cat "$said"
[ "$second" -eq 0 ] || exit "$second"
exit "$first_ended"
