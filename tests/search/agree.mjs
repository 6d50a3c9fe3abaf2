// Whether the browser's engine answers as the terminal's does: node tests/search/agree.mjs FOLDER
// FOLDER holds the files of an index (search/…) and answers.jsonl: {query, filters?, total, read_as, facets?, results: [[url, score], …]}.
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url)), folder = process.argv[2];
vm.runInThisContext(fs.readFileSync(path.join(here, "../../themes/default/js/search.js"), "utf8"));
const { search } = globalThis.pufa;

const load = async (name) => {
  const text = fs.readFileSync(path.join(folder, "search", `${name}.js`), "utf8");
  return JSON.parse(text.slice(text.indexOf(",") + 1, text.lastIndexOf(")")));
};
const NAMES = ["kind", "topic", "audience", "law"];
const engine = await search.engine(load);
let asked = 0, wrong = 0;
const differ = (query, what, here, there) => { wrong++; console.log(`${query}: ${what}\n  script   ${JSON.stringify(here)}\n  terminal ${JSON.stringify(there)}`); };
for (const line of fs.readFileSync(path.join(folder, "answers.jsonl"), "utf8").split("\n").filter(Boolean)) {
  const expected = JSON.parse(line), answer = await engine.search(expected.query, expected.filters ?? {}, 20);
  asked++;
  const names = expected.facets ? await engine.lawNames() : [], facets = { ...answer.facets, law: answer.facets.law.map(([law, n]) => [names[law]?.[0], n]) };
  const results = answer.results.map((result) => [result.url, result.score]);
  if ((answer.readAs || null) !== expected.read_as) differ(expected.query, "read as", answer.readAs, expected.read_as);
  else if (answer.total !== expected.total) differ(expected.query, "total", answer.total, expected.total);
  else if (expected.facets && NAMES.some((name) => JSON.stringify(facets[name]) !== JSON.stringify(expected.facets[name]))) differ(expected.query, "facets", facets, expected.facets);
  else if (JSON.stringify(results) !== JSON.stringify(expected.results)) {
    const at = results.findIndex((result, place) => JSON.stringify(result) !== JSON.stringify(expected.results[place]));
    differ(expected.query, `result ${at + 1}`, results[at], expected.results[at]);
  }
}
// What needs no index.
const vectors = path.join(here, "vectors.json");
if (fs.existsSync(vectors)) {
  const { fold, runs, reference, snippet } = JSON.parse(fs.readFileSync(vectors, "utf8"));
  const check = (what, got, expected) => { asked++; if (JSON.stringify(got) !== JSON.stringify(expected)) differ(what, "vector", got, expected); };
  for (const [text, folded] of fold) check(text, search.fold(text), folded);
  for (const [query, words, plain] of runs) check(query, [search.runs(query).runs, search.runs(query).plain], [words, plain]);
  for (const [query, law, number] of reference) {
    const found = search.references(query, search.runs(query).runs), numbers = found.map((one) => one.place.replace(".", "-")).join(" ");
    check(query, found.length ? [found[0].law, numbers] : null, law === null ? null : [law, number]);
  }
  for (const [text, words, marked] of snippet) check(text, search.snippet(text, words).map((piece) => (piece.marked ? `[${piece.text}]` : piece.text)).join(""), marked);
}
console.log(`${asked - wrong} of ${asked} agree`);
process.exit(wrong ? 1 : 0);
