#!/bin/sh
# The figures of the law library: how fast it is read, answers and is built, how long an edit takes to be seen in the preview,
# how many articles are found and citations resolve.
# Usage: benches/law.sh [FOLDER WITH laws/, laws-local/, qa/train.jsonl]   (default: ../shared)
# PUFA names a release binary that is there already; without it one is built.
set -eu
cd "$(dirname "$0")/.."
shared=$(cd "${1:-../shared}" && pwd)
if [ -z "${PUFA:-}" ]; then
    cargo build --release --quiet
    PUFA=target/release/pufa
fi
pufa=$(realpath "$PUFA")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
now() { date +%s%N; }
timed() {
    name=$1; shift
    best=
    for _ in 1 2 3 4 5; do
        start=$(now); "$@" >/dev/null; end=$(now)
        took=$(((end - start) / 1000000))
        if [ -z "$best" ] || [ "$took" -lt "$best" ]; then best=$took; fi
    done
    echo "$name: $best ms (best of five)"
}
libraries=$shared/laws
[ -d "$shared/laws-local" ] && libraries="$libraries $shared/laws-local"
flags=; names=
for library in $libraries; do
    flags="$flags --laws $library"
    names="$names${names:+, }\"$library\""
done
# The folders' names hold no blanks.
# shellcheck disable=SC2086
timed "law show 民法典 1079" "$pufa" law show 民法典 1079 $flags
timed "law list, national" "$pufa" law list --laws "$shared/laws"
# shellcheck disable=SC2086
timed "law list, everything" "$pufa" law list $flags
if [ -f "$shared/qa/train.jsonl" ]; then
    python3 - "$shared/qa/train.jsonl" "$work/answers.jsonl" <<'PY'
import json, sys
with open(sys.argv[2], "w") as out:
    for number, line in enumerate(open(sys.argv[1])):
        answer = json.loads(line)["answer"]
        if answer:
            out.write(json.dumps({"id": number, "text": answer}) + "\n")
PY
    timed "cite --batch, $(wc -l <"$work/answers.jsonl") answers" "$pufa" cite --batch "$work/answers.jsonl" --laws "$shared/laws"
fi

# A site of nothing but the library: parsed, resolved, rendered; with and without the index of the search.
mkdir -p "$work/site/content/laws"
printf '+++\ntitle = "首页"\n+++\n' >"$work/site/content/_index.md"
printf '+++\ntitle = "法律库"\nkind = "laws"\n+++\n' >"$work/site/content/laws/_index.md"
for index in false true; do
    printf 'title = "法律库"\nbase_url = "https://example.org"\nbuild_search_index = %s\n[laws]\nlibrary = [%s]\n' "$index" "$names" >"$work/site/pufa.toml"
    rm -rf "$work/site/public"
    /usr/bin/time -f "build of the whole library, search index $index: %e s wall, %U s user, %S s system, %M KB" \
        "$pufa" build --root "$work/site" --quiet 2>&1 | grep "build of" || true
done
PUFA=$pufa python3 benches/law-preview.py "$shared/laws" "$work/preview"
cargo test --release --quiet --test law_corpus -- --nocapture --test-threads 1 | grep -E "article|citations"
