"""How long an edit of a statute takes to be seen in the preview: on the law's page, and on a page that cites it.

Usage: PUFA=target/release/pufa python3 benches/law-preview.py LAWS WORK
LAWS: a folder of statutes, which is copied. WORK: a folder to make. Prints the median of nine edits in milliseconds, from the
moment the file is closed until the page that is asked for shows it.
"""
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import time
import urllib.request

laws, work = sys.argv[1], pathlib.Path(sys.argv[2])
site = work / "site"
(site / "content/articles").mkdir(parents=True)
(site / "content/laws").mkdir()
shutil.copytree(laws, work / "laws", copy_function=shutil.copyfile)
(site / "pufa.toml").write_text('title = "法律库"\nbase_url = "https://example.org"\n[laws]\nlibrary = ["../laws"]\n')
(site / "content/_index.md").write_text('+++\ntitle = "首页"\n+++\n')
(site / "content/laws/_index.md").write_text('+++\ntitle = "法律库"\nkind = "laws"\n+++\n')
for number in range(300):
    (site / f"content/articles/a{number}.md").write_text(
        f'+++\ntitle = "第{number}篇"\ndate = 2026-01-01\n+++\n\n《公司法》第{number % 200 + 1}条，《民法典》第{number + 1}条，《劳动合同法》第三十八条第一款第二项。\n'
    )
file = next(p for p in sorted((work / "laws").rglob("公司法(2023-12-29).md")))
text = file.read_text()
label = "第二条"
process = subprocess.Popen(
    [os.environ["PUFA"], "serve", "--root", str(site), "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
)
base = process.stdout.readline().strip().rstrip("/")


def page(path):
    return urllib.request.urlopen(base + path).read().decode()


def edits(name, path, change, shown):
    page(path)
    took = []
    for number in range(9):
        file.write_text(change(number))
        start = time.perf_counter()
        while not shown(number, page(path)):
            if time.perf_counter() - start > 10:
                raise SystemExit(f"{name}: the edit is not shown")
        took.append((time.perf_counter() - start) * 1000)
        time.sleep(0.5)
    print(f"preview, {name}: {statistics.median(took):.0f} ms (median of {len(took)} edits)")


def edited(number):
    return f"{before}\n{label}{after[:1]}改过{number}次。{after[1:]}"


def gone(number):
    return text if number % 2 else f"{before}\n{after}"


try:
    before, after = text.split("\n" + label, 1)
    law = "/laws/gongsifa/"
    edits("edit of a statute on its page", law, edited, lambda number, html: f"改过{number}次" in html)
    assert "第1篇" in page(law), "the pages that cite the article are told"
    # Without article 2 the page that cites it has no link to it.
    linked = 'gongsifa/#art-2"'
    edits("edit of a statute on a page that cites it", "/articles/a1/", gone, lambda number, html: (linked in html) == bool(number % 2))
finally:
    os.kill(process.pid, signal.SIGTERM)
