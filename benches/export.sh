#!/bin/sh
# Builds a book of COUNT questions in a temporary folder and exports it: time, memory, size, epubcheck, what the PDF holds.
# Usage: benches/export.sh QUESTIONS.jsonl [COUNT] [LAWS]
#   QUESTIONS.jsonl  lines {"question", "answer", "keywords"}
#   LAWS             a folder of statutes, so that citations are found and printed as notes
set -eu
questions=$1
count=${2:-300}
laws=${3:-}
pufa=${PUFA:-$(dirname "$0")/../target/release/pufa}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 - "$questions" "$count" "$folder" "$laws" <<'PY'
import json, os, re, sys
source, count, folder, laws = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
book = os.path.join(folder, "content", "book")
os.makedirs(book)
with open(os.path.join(folder, "pufa.toml"), "w") as out:
    out.write('title = "x"\nbase_url = "https://pufa.example.org"\n')
    if laws:
        out.write(f'[laws]\nlibrary = [{json.dumps(os.path.abspath(laws))}]\n')
        # Answers people wrote cite articles there never were; the book is measured all the same.
        out.write('[check.rules]\ncitation-unknown-article = "off"\n')
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
measure() {
  if [ -x /usr/bin/time ]; then /usr/bin/time -f "  %e s (%U s of work), %M KB" "$@"; else "$@"; fi
}
for form in epub pdf; do
  echo "$form:"
  for run in 1 2; do
    rm -rf "$folder/.pufa"
    measure "$pufa" --root "$folder" --lang en --quiet export $form book -o "$folder/$run.$form"
  done
  cmp "$folder/1.$form" "$folder/2.$form" && echo "  same bytes, $(wc -c < "$folder/1.$form") of them"
done
if [ -e /usr/bin/epubcheck ]; then java -jar /usr/bin/epubcheck "$folder/1.epub" | tail -4; fi
if command -v pdfinfo > /dev/null; then
  pdfinfo "$folder/1.pdf" 2> /dev/null | grep -E "Tagged|Pages"
  pdffonts "$folder/1.pdf" 2> /dev/null | awk 'NR > 2 && $(NF-4) != "yes" { print "  not embedded: " $0; bad = 1 } END { if (!bad) print "  all fonts embedded" }'
  pdftotext "$folder/1.pdf" "$folder/1.txt" 2> /dev/null
  python3 - "$folder" <<'PY'
import glob, re, sys
folder = sys.argv[1]
text = re.sub(r"\s", "", open(f"{folder}/1.txt").read())
text = text[text.find("第一章", text.find("第一章") + 3):]  # behind the contents
at = missing = count = 0
for file in sorted(glob.glob(f"{folder}/content/book/[0-9]*.md")):
    for title in re.findall(r"^## (.*) \{#", open(file).read(), re.M):
        count += 1
        found = text.find(re.sub(r"\s", "", title), at)
        if found < 0:
            missing += 1
            print("  not found in order:", title[:60])
        else:
            at = found
tofu = sum(text.count(c) for c in "\ufffd\u3013")
print(f"  {count} questions, {missing} not found in order, {tofu} characters without a form")
PY
fi
