#!/bin/sh
# A course of 200 episodes with two-hour transcripts of 4,000 sentences each, and a directory of 10,000 rows: how long they
# take to build, and, where node and playwright-core are there, how soon an episode paints on a processor four times slower,
# how long a jump to a sentence takes, and how long the directory filters at a keystroke.
#
#   benches/kinds.sh
#
# PUFA is the program (target/release/pufa), WORK a folder for the sites, RUNS how often each is built, CHROMIUM the browser.
# Bars: course 5 s, directory 2 s, first paint 1,500 ms, jump 100 ms, keystroke 50 ms.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
pufa=${PUFA:-$here/../target/release/pufa}
work=${WORK:-$(mktemp -d)}
runs=${RUNS:-3}

[ -d "$work/course" ] && [ -d "$work/directory" ] || python3 "$here/kinds/sites.py" "$work"

for site in course directory; do
  for run in $(seq "$runs"); do
    rm -rf "$work/$site/public"
    start=$(date +%s%N)
    "$pufa" build --root "$work/$site" --quiet
    echo "$site: built in $((($(date +%s%N) - start) / 1000000)) ms"
  done
done

if command -v node >/dev/null && node -e 'require.resolve("playwright-core")' 2>/dev/null; then
  node "$here/kinds/pages.cjs" "$work/course/public" "$work/directory/public"
else
  echo "pages: not measured, node cannot find playwright-core (set NODE_PATH)"
fi
