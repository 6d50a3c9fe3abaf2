// Compares the numbers of every answer (periods, amounts, ages, ratios, heads) with the articles it cites:
//   node tests/content/numbers.mjs [--laws DIR]... [--all]
// Folders of laws come from the command line, from PUFA_LAWS, or from `[laws] library` in pufa.toml; without any it says so
// and stops. Citations are found by pufa itself (PUFA names the program). A number none of the cited articles has is listed
// with its sentence; numbers.allow.txt holds those that are right for another reason. `--all` prints the allowed ones too.
// The exit status is 1 when something is listed.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT, articles, data, pages, plain, questions, sentences, toml } from "./site.mjs";

const DIGITS = { 〇: 0, 零: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };
const PLACES = { 十: 10, 百: 100, 千: 1000 };

/** The value of a Chinese or Arabic numeral, also mixed: 三百二十, 二〇二四, 1.5, 5万, 十五万, 半. */
export function value(text) {
  const half = narrow(text).replaceAll(",", "");
  if (half === "半") return 0.5;
  const big = /^(.+?)(万|亿)(.*)$/.exec(half);
  if (big) return value(big[1]) * (big[2] === "万" ? 1e4 : 1e8) + (big[3] ? value(big[3]) : 0);
  if (/^\d/.test(half)) return Number.parseFloat(half) * (PLACES[half.at(-1)] ?? 1);
  if (!/[十百千]/.test(half)) return Number([...half].map(each => DIGITS[each]).join(""));
  let [sum, digit] = [0, null];
  for (const each of half) {
    if (each in PLACES) [sum, digit] = [sum + (digit ?? 1) * PLACES[each], null];
    else digit = DIGITS[each];
  }
  return sum + (digit ?? 0);
}

/** Full-width digits and signs in their usual form. */
const narrow = text => text.replace(/[０-９％．]/g, each => String.fromCodePoint(each.codePointAt(0) - 0xfee0));

const NUMERAL = "(?:\\d[\\d,]*(?:\\.\\d+)?[百千]?[万亿]?|[〇零一二两三四五六七八九十百千万亿]+|半)";

/** What is measured, and how it becomes one form: the unit's name and its factor. */
const UNITS = [
  ["年", "月", 12],
  ["个月", "月", 1],
  ["个?(?:星期|周)(?!岁)", "日", 7],
  ["个?工作日", "日", 1],
  ["[日天](?!常|前来)", "日", 1],
  ["个?(?:小时|钟头)", "时", 1],
  ["周?岁", "岁", 1],
  ["元", "元", 1],
  ["倍", "倍", 1],
  ["[%％]", "倍", 0.01],
  ["成(?!员|年|立|本|为|功|果|了)", "倍", 0.1],
  ["平方米", "平方米", 1],
  ["名|人(?!民)|位", "人", 1],
];

const PATTERN = new RegExp(
  [`百分之(?<percent>${NUMERAL})`, `(?<below>${NUMERAL})分之(?<above>${NUMERAL})`, ...UNITS.map(([unit], at) => `(?<n${at}>${NUMERAL})(?:${unit})(?:以[上下])?(?<h${at}>半)?`)].join("|"),
  "gu",
);

/** Days of the calendar, article numbers, telephone lines and the like are no measures. */
const NOT_MEASURES = [
  /(?:19|20|二〇|一九|一九)[\d〇零一二三四五六七八九]{2}\s*年(?:\s*[\d一二三四五六七八九十]+\s*月)?(?:\s*[\d一二三四五六七八九十]+\s*[日号])?/g,
  /[\d一二三四五六七八九十]+\s*月\s*[\d一二三四五六七八九十]+\s*[日号]/g,
  /第[〇零一二三四五六七八九十百千\d]+(?:条(?:之[一二三四五六七八九十])?|款|项|章|编|次|个|年|天|顺序|[一-龥])/g,
  /[一二三四五六七八九十]+(?:[、，至到][一二三四五六七八九十]+)+(?=[条款项])/g,
  /[几数][十百千万]+[人元]|十天半月|[三五]五天|(?<!于)两[人位](?!以上)|(?:周|星期)[一二三四五六]周|十[一二三四五六七八]九?[一二三四五六七八九]岁/g,
  /一(?:天天|年年|年到头|年一度|人|位|名|日三餐|天|成不变|个月(?:不得|不超|几)|周\d+小时|年一[次回])/g,
  /(?:每|同|哪|这|那|有|某|当|几|前|后|隔|多|头|白|整|早|晚|近|当)一?(?:年|个?月|天|日|人|位|名|周|岁)/g,
];

/** The measures in a text: `[{ text, unit, value }]`. */
export function measures(text) {
  const plainly = narrow(text.replaceAll(" ", "")).replaceAll("双倍", "二倍").replace(/(\d+)\/(\d+)/g, "$2分之$1");
  const bare = NOT_MEASURES.reduce((rest, each) => rest.replace(each, found => "◦".repeat(found.length)), plainly);
  return [...bare.matchAll(PATTERN)].map(({ 0: found, groups }) => {
    if (groups.percent) return { text: found, unit: "倍", value: value(groups.percent) / 100 };
    if (groups.below) return { text: found, unit: "倍", value: value(groups.above) / value(groups.below) };
    const at = UNITS.findIndex((_, index) => groups[`n${index}`]);
    const [, unit, factor] = UNITS[at];
    return { text: found, unit, value: (value(groups[`n${at}`]) + (groups[`h${at}`] ? 0.5 : 0)) * factor };
  });
}

const key = ({ unit, value: number }) => `${Math.round(number * 1e6) / 1e6} ${unit}`;

/** What is compared: every question, and the parts of other pages that say the law; `story` is what they are told about. */
export function units() {
  const books = ["minfadian", "qiye", "xingzheng"].flatMap(name => articles(`books/${name}`)).flatMap(chapter =>
    questions(chapter).map(each => ({
      path: each.path,
      text: [each.short, each.explanation, ...Object.entries(each.parts).filter(([name]) => name !== "举个例子").map(([, part]) => part)].join("\n"),
    })),
  );
  const cases = articles("cases").map(({ path, body }) => {
    const end = body.indexOf("## 法官说法");
    return { path, text: body.slice(end), story: body.slice(0, end) };
  });
  const others = ["articles", "calculators", "leaflets", "paths", "forms", "events"].flatMap(articles).map(({ path, body }) => ({ path, ...quizzed(body) }));
  const classes = articles("classes").map(({ path, front, body }) => {
    const spoken = readFileSync(join(ROOT, "content", path, "..", front.transcript), "utf8").replace(/^(?:\d+|WEBVTT|.* --> .*)$/gm, "");
    return { path, ...quizzed(`${body}\n${spoken}`) };
  });
  return [...books, ...cases, ...others, ...classes].map(({ path, text, story }) => ({ path, text: plain(text), story: plain(story ?? "") }));
}

/** A text and the story in it: a quiz is story except for its reasons. */
function quizzed(body) {
  const quiz = /^```quiz[\s\S]*?^```$/gm;
  const reasons = found => found.split("\n").filter(line => line.startsWith("> ")).map(line => line.slice(2)).join("\n");
  const asked = (body.match(quiz) ?? []).join("\n").split("\n").filter(line => /^\d+\. /.test(line));
  return { text: body.replace(quiz, reasons), story: asked.join("\n") };
}

/** Runs pufa; its answer is a JSON object a line. */
function pufa(program, args, folders) {
  const laws = folders.flatMap(folder => ["--laws", folder]);
  const answer = execFileSync(program, [...args, ...laws, "--format", "json"], { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
  return answer.split("\n").filter(Boolean).map(line => JSON.parse(line));
}

/** The articles each unit cites, as `[{ law, article, through }]` by path. */
function citations(program, folders, all) {
  const folder = mkdtempSync(join(tmpdir(), "pufa-numbers-"));
  try {
    const file = join(folder, "texts.jsonl");
    writeFileSync(file, all.map(each => JSON.stringify({ id: each.path, text: each.text })).join("\n"));
    return new Map(pufa(program, ["cite", "--batch", file], folders).map(each => [each.id, each.citations.filter(one => one.law && one.article)]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Articles cited anywhere in the content or the glossary whose law's page has no gist of them, as `law article: where`. */
export function withoutGist(program) {
  const own = [join(ROOT, "content/laws")];
  const gists = new Map(pufa(program, ["law", "list"], own).map(each => [each.title, new Set(each.articles)]));
  const texts = pages().filter(each => !each.path.startsWith("laws/")).map(({ path, body }) => ({ path, text: body }));
  const terms = data("glossary.toml").term.map(each => ({ path: `data/glossary.toml: ${each.name}`, text: each.law ?? "" }));
  return [...citations(program, own, [...texts, ...terms])].flatMap(([path, list]) =>
    list.filter(each => !gists.get(each.law)?.has(each.article)).map(each => `${each.law} ${each.article}: ${path}`),
  );
}

/** The whole text of an article. */
const words = article =>
  article.paragraphs.flatMap(each => [each.text, ...each.items.flatMap(item => [item.text, ...(item.subitems ?? []).map(sub => sub.text ?? "")])]).join("\n");

/** Reads laws once: title → article → text. */
function library(program, folders) {
  const known = new Map();
  return title => {
    if (!known.has(title)) known.set(title, new Map(pufa(program, ["law", "show", title], folders).map(each => [each.article, words(each)])));
    return known.get(title);
  };
}

/** The texts of the cited articles, ranges included. */
export function cited(list, law) {
  return list.flatMap(({ law: title, article, through }) => {
    const texts = law(title);
    const names = [...texts.keys()];
    const [from, to] = [names.indexOf(article), names.indexOf(through ?? article)];
    return from < 0 ? [] : names.slice(from, Math.max(from, to) + 1).map(name => texts.get(name));
  });
}

/** Numbers of a text that none of the sources (articles, the story told) has. */
export function unfound(text, laws) {
  const there = new Set(laws.flatMap(measures).map(key));
  return sentences(text).flatMap(sentence =>
    measures(sentence).filter(each => !there.has(key(each))).map(each => ({ number: each.text, sentence })),
  );
}

/** `path ⇥ number ⇥ reason`: numbers that are right though no cited article has them. */
export function allowed(text) {
  const lines = text.split("\n").filter(line => line && !line.startsWith("#"));
  return new Map(lines.map(line => line.split("\t")).map(([path, number, reason]) => [`${path}\t${number}`, reason]));
}

/** Folders of laws: named, in the environment, or the site's own. */
function folders(args) {
  const named = args.flatMap((each, at) => (args[at - 1] === "--laws" ? [each] : []));
  if (named.length) return named;
  if (process.env.PUFA_LAWS) return [process.env.PUFA_LAWS];
  return (toml(readFileSync(join(ROOT, "pufa.toml"), "utf8")).laws?.library ?? []).map(each => resolve(ROOT, each));
}

/** Compares everything: what is not found, what is allowed, and allowances nobody needs. */
export function compare(program, laws) {
  const all = units();
  const found = citations(program, laws, all);
  const law = library(program, laws);
  const allow = allowed(readFileSync(new URL("numbers.allow.txt", import.meta.url), "utf8"));
  const needed = new Set();
  const result = { units: all.length, numbers: 0, missing: [], allowed: [], stale: [] };
  for (const { path, text, story } of all) {
    result.numbers += sentences(text).flatMap(measures).length;
    for (const each of unfound(text, [story, ...cited(found.get(path) ?? [], law)])) {
      const name = `${path}\t${each.number}`;
      if (allow.has(name)) needed.add(name);
      (allow.has(name) ? result.allowed : result.missing).push({ path, ...each, reason: allow.get(name) });
    }
  }
  result.stale = [...allow.keys()].filter(name => !needed.has(name));
  return result;
}

/** The program: named, or the one cargo built last. */
export const program = () =>
  process.env.PUFA ?? ["target/debug/pufa", "target/release/pufa"].map(each => join(ROOT, each)).find(existsSync) ?? "pufa";

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const laws = folders(process.argv.slice(2));
  if (!laws.length) {
    console.log("没有法律库，不比较数字。给一个文件夹：node tests/content/numbers.mjs --laws ../laws");
  } else {
    const { units: many, numbers, missing, allowed: right, stale } = compare(program(), laws);
    for (const each of missing) console.log(`✗ ${each.path}\t${each.number}\t${each.sentence}`);
    for (const each of stale) console.log(`✗ numbers.allow.txt: 用不着了：${each}`);
    if (process.argv.includes("--all")) for (const each of right) console.log(`  ${each.path}\t${each.number}\t${each.reason}`);
    console.log(`${many} 处文字，${numbers} 个数字：${missing.length} 个在所引条文里找不到，${right.length} 个另有说明`);
    process.exitCode = missing.length + stale.length ? 1 : 0;
  }
}
