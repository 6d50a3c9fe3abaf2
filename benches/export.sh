#!/bin/sh
# Builds a book of 300 questions in a temporary folder and exports it: time, size, epubcheck.
# Usage: benches/export.sh QUESTIONS.jsonl [COUNT]   (lines {"question", "answer", "keywords"})
set -eu
questions=$1
count=${2:-300}
pufa=${PUFA:-$(dirname "$0")/../target/release/pufa}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 - "$questions" "$count" "$folder" <<'PY'
import json, os, re, sys
source, count, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
book = os.path.join(folder, "content", "book")
os.makedirs(book)
with open(os.path.join(folder, "pufa.toml"), "w") as out:
    out.write('title = "x"\nbase_url = "https://pufa.example.org"\n')
with open(os.path.join(folder, "content", "_index.md"), "w") as out:
    out.write('+++\ntitle = "x"\n+++\n')
with open(os.path.join(book, "_index.md"), "w") as out:
    out.write('+++\nkind = "book"\ntitle = "问答"\n+++\n\n前言。\n')
entries = (json.loads(line) for line in open(source))
lines = [entry for entry in entries if entry.get("answer")][:count]
for chapter in range(0, len(lines), 30):
    with open(os.path.join(book, f"{chapter // 30 + 1:02}.md"), "w") as out:
        out.write(f'+++\ntitle = "第{chapter // 30 + 1}组"\n+++\n')
        for number, entry in enumerate(lines[chapter:chapter + 30], chapter + 1):
            title = re.sub(r"\s+", " ", entry["question"])
            terms = json.dumps((entry.get("keywords") or "").split(), ensure_ascii=False)
            out.write(f'\n## {title} {{#q{number}}}\n\n```question\nterms = {terms}\n```\n\n')
            out.write(entry["answer"].replace("\n", "\n\n") + "\n")
PY
for run in 1 2; do
  "$pufa" --root "$folder" export epub book -o "$folder/$run.epub"
done
cmp "$folder/1.epub" "$folder/2.epub" && echo "same bytes"
if [ -e /usr/bin/epubcheck ]; then java -jar /usr/bin/epubcheck "$folder/1.epub" | tail -4; fi
