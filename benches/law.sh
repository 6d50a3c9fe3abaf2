#!/bin/sh
# The figures of the law library: how fast it is read and answers, how many articles are found and citations resolve.
# Usage: benches/law.sh [FOLDER WITH laws/, laws-local/, qa/train.jsonl]   (default: ../shared)
set -eu
cd "$(dirname "$0")/.."
shared=${1:-../shared}
cargo build --release --quiet
pufa=target/release/pufa
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
timed "law show 民法典 1079" $pufa law show 民法典 1079 --laws "$shared/laws"
timed "law list, national" $pufa law list --laws "$shared/laws"
timed "law list, national and local" $pufa law list --laws "$shared/laws" --laws "$shared/laws-local"
if [ -f "$shared/qa/train.jsonl" ] && command -v python3 >/dev/null; then
    batch=$(mktemp)
    trap 'rm -f "$batch"' EXIT
    python3 - "$shared/qa/train.jsonl" "$batch" <<'PY'
import json, sys
with open(sys.argv[2], "w") as out:
    for number, line in enumerate(open(sys.argv[1])):
        answer = json.loads(line)["answer"]
        if answer:
            out.write(json.dumps({"id": number, "text": answer}) + "\n")
PY
    timed "cite --batch, $(wc -l <"$batch") answers" $pufa cite --batch "$batch" --laws "$shared/laws"
fi
cargo test --release --quiet --test law_corpus -- --nocapture --test-threads 1 | grep -E "article|citations"
