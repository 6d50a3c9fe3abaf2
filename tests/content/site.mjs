// The demonstration site's content, read from its files: front matter, questions of the books, sentences.
// Reads only; knows nothing of pufa's program.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the site. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** All Markdown files below a folder of the content, sorted, as `{ path, front, body }`. */
export function pages(below = "") {
  const top = join(ROOT, "content", below);
  return readdirSync(top, { recursive: true })
    .map(name => name.split(sep).join("/"))
    .filter(name => name.endsWith(".md"))
    .sort()
    .map(name => page(join(top, name)));
}

function page(file) {
  const text = readFileSync(file, "utf8");
  const parts = /^\+\+\+\n([\s\S]*?)\n\+\+\+\n?([\s\S]*)$/.exec(text);
  const path = relative(join(ROOT, "content"), file).split(sep).join("/");
  if (!parts) throw new Error(`${path}: no front matter`);
  return { path, front: toml(parts[1]), body: parts[2] };
}

/** Pages of a folder that are not its `_index.md`. */
export const articles = below => pages(below).filter(each => !each.path.endsWith("_index.md"));

/**
 * The part of TOML that content uses: keys with strings, numbers, dates, booleans, lists of strings;
 * `[table]` and `[[table]]`. A list may run over lines.
 */
export function toml(text) {
  const root = {};
  let table = root;
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at].trim();
    if (!line || line.startsWith("#")) continue;
    const many = /^\[\[([\w.-]+)\]\]$/.exec(line);
    const one = /^\[([\w.-]+)\]$/.exec(line);
    if (many) {
      table = {};
      (root[many[1]] ??= []).push(table);
    } else if (one) {
      table = root[one[1]] ??= {};
    } else {
      const [, key, first] = /^([\w-]+)\s*=\s*(.*)$/.exec(line) ?? [];
      if (!key) throw new Error(`not understood: ${line}`);
      let value = first;
      while (value.startsWith("[") && !value.trimEnd().endsWith("]")) value += `\n${lines[++at]}`;
      table[key] = scalar(value.trim());
    }
  }
  return root;
}

function scalar(text) {
  if (text.startsWith("[")) return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(each => each[1]);
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text);
  if (quoted) return quoted[1];
  const bare = text.replace(/\s+#.*$/, "");
  if (bare === "true" || bare === "false") return bare === "true";
  return /^-?\d+(\.\d+)?$/.test(bare) ? Number(bare) : bare;
}

/** A data file in TOML. */
export const data = name => toml(readFileSync(join(ROOT, "data", name), "utf8"));

/** The questions of a chapter, as `{ chapter, path, id, title, keys, short, explanation, parts }`. */
export function questions(chapter) {
  return chapter.body.split(/^## /m).slice(1).map(text => question(chapter, text)).filter(Boolean);
}

function question(chapter, text) {
  const head = /^(.*?)\s*\{#([a-z0-9-]+)\}\s*\n/.exec(text);
  if (!head) return null;
  const block = /```question\n([\s\S]*?)```\n/.exec(text);
  const [lead, ...rest] = text.slice(block ? block.index + block[0].length : head[0].length).split(/^### /m);
  const [short, ...explanation] = lead.trim().split(/\n\s*\n/);
  return {
    chapter: chapter.path,
    path: `${chapter.path}#${head[2]}`,
    id: head[2],
    title: head[1],
    keys: block ? toml(block[1]) : {},
    short,
    explanation: explanation.join("\n"),
    parts: Object.fromEntries(rest.map(part => [part.split("\n")[0].trim(), part.split("\n").slice(1).join("\n")])),
    text: [short, explanation.join("\n"), ...rest].join("\n"),
  };
}

/** What a reader sees of Markdown, roughly: no marks, no code blocks, no addresses. */
export function plain(markdown) {
  return markdown
    .replace(/^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm, (_, kind, inside) => (kind === "question" || kind === "calculator" ? "" : inside))
    .replace(/\[\[([^\]|:]+)[^\]]*\]\]/g, "$1")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\{[#.][^}]*\}/g, "")
    .replace(/^> \[!\w+\]$/gm, "")
    .replace(/[*_`]/g, "");
}

/** How long a text is, in characters a reader sees; white space does not count. */
export const length = markdown => [...plain(markdown).replace(/\s/g, "")].length;

/** The sentences of a text: they end at 。！？ or with their line, in running text and lists; table rows are left out. */
export function sentences(markdown) {
  return plain(markdown)
    .split("\n")
    .filter(line => !line.trim().startsWith("|") && !line.startsWith("#"))
    .map(line => line.replace(/^\s*(?:>\s*)?(?:[-*]\s+(?:\[[ x]\]\s*)?|\d+[.、)]\s*)?/, ""))
    .flatMap(line => line.match(/[^。！？]+[。！？]?[”’」』）]*/g) ?? [])
    .map(sentence => sentence.trim())
    .filter(sentence => /\p{Script=Han}/u.test(sentence));
}

/** The middle one of numbers. */
export const median = numbers => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];
