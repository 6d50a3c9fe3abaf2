// Counts what the demonstration site holds and checks its form: `node tests/content/count.mjs`.
// Every line printed as `✗` is something to mend; the exit status is 1 then. Used by count.test.mjs.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT, articles, data, length, median, pages, questions, sentences } from "./site.mjs";

/** Nationwide lines a reader can ring. */
export const HOTLINE = /(?<!\d)(?:1[12]0|119|122|12[0-9]{3}|96110|95\d{3})(?!\d)/;

/** Words for whoever a reader can turn to. */
const OFFICE = new RegExp(
  [
    "法院|检察院|派出所|公安|交警|民警|司法所|司法局|司法行政|法律援助|律师|公证|调解|仲裁",
    "居委会|村委会|（居）委会|（村）委会|街道|乡镇|民政|妇联|工会|社区|业主委员会|业委会",
    "人社|劳动保障|社保|市场监管|市场监督|消费者协会|消协|税务|网信|知识产权局|版权|商标局|专利|登记机关|登记机构|不动产登记",
    "住建|住房|自然资源|卫生健康|教育|财政|审计|发展改革|发改|金融|人民银行|银行|通信管理|复议机关|复议机构|上级|本级政府|政府办公室",
    "人力资源|综合窗口|办事窗口|机关负责人|管理部门|管理机构|接待窗口|公共法律服务中心|执法机关|信访|法制|合法性审查|审查部门|主管部门|行政机关|监管部门|执法局|管理人|鉴定机构|学校|平台|保险公司|医院|物业",
  ].join("|"),
);

const problems = [];
const lines = [];
const say = line => lines.push(line);
const wrong = (where, what) => problems.push(`${where}: ${what}`);
const need = (good, where, what) => good || wrong(where, what);

/** A figure with its bar; below it is a problem. */
function bar(name, found, wanted) {
  say(`${String(found).padStart(7)}  ${name}（至少 ${wanted}）`);
  need(found >= wanted, name, `${found}, wanted ${wanted}`);
}

const CITED = /《[^》]+(?:》[^》]*〉?[^》]*)?》|第[〇零一二三四五六七八九十百千]+条/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What every question has, whatever its book. */
function checkQuestion(each, front, book) {
  const where = each.path;
  const answers = (each.short.match(/[。！？]/g) ?? []).length;
  need(answers >= 1 && answers <= 2, where, `short answer has ${answers} sentences`);
  const size = length(each.explanation);
  need(size >= 150 && size <= 400, where, `explanation has ${size} characters, wanted 150–400`);
  need(/第[〇零一二三四五六七八九十百千]+条/.test(each.text) && CITED.test(each.text), where, "cites no article");
  need((each.keys.also_asked ?? []).length >= 2, where, "fewer than two everyday wordings");
  for (const key of ["topics", "audiences"]) need((each.keys[key] ?? front[key] ?? []).length > 0, where, `no ${key}`);
  need(DAY.test(each.keys.reviewed ?? front.reviewed ?? book.front.reviewed ?? ""), where, "no day of review");
  const todo = each.parts["怎么办"];
  if (!todo) return wrong(where, "no 怎么办");
  need(OFFICE.test(todo), where, "怎么办 names no office");
  if (book.front.id !== "xingzheng") need(HOTLINE.test(todo), where, "怎么办 names no hotline");
  restates(each);
}

/** An answer that says the question again tells nothing. */
function restates(each) {
  const bare = text => text.replace(/[^\p{Script=Han}]/gu, "");
  const [asked, said] = [bare(each.title), bare(each.short)];
  need(said.length > asked.length / 2 && !(said.includes(asked) && said.length < asked.length + 8), each.path, "short answer restates the question");
}

function countBooks() {
  const terms = new Set(data("glossary.toml").term.flatMap(each => [each.name, ...(each.also ?? [])]));
  const wanted = { minfadian: [100, 7], qiye: [100, 9], xingzheng: [36, 12] };
  for (const [name, [questionsWanted, chaptersWanted]] of Object.entries(wanted)) {
    const book = pages(`books/${name}`).find(each => each.path.endsWith("_index.md"));
    const chapters = articles(`books/${name}`);
    const all = chapters.map(chapter => [chapter, questions(chapter)]);
    say(`《${book.front.title}》`);
    for (const [chapter, list] of all) {
      say(`         ${String(list.length).padStart(3)}  ${chapter.front.title}`);
      for (const each of list) {
        checkQuestion(each, { ...book.front, ...chapter.front }, book);
        for (const term of each.keys.terms ?? []) need(terms.has(term), each.path, `term ${term} is not in data/glossary.toml`);
      }
      if (name === "xingzheng") {
        need(list.length >= 3 && list.length <= 5, chapter.path, `${list.length} questions, wanted three to five`);
        need(/^## .*清单.*\n[\s\S]*- \[ \]/m.test(chapter.body), chapter.path, "no checklist");
      }
    }
    bar(`${book.front.title}：章`, chapters.length, chaptersWanted);
    bar(`${book.front.title}：问`, all.flatMap(([, list]) => list).length, questionsWanted);
    const ids = all.flatMap(([, list]) => list.map(each => each.id));
    need(new Set(ids).size === ids.length, name, "an id stands twice");
  }
}

/** Seconds of `00:01:02.500`, `01:02`. */
const seconds = time => time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);

function countEpisodes() {
  const episodes = articles("classes");
  bar("普法云课堂：讲", episodes.length, 15);
  let sounding = 0;
  for (const { path, front, body } of episodes) {
    const folder = join(ROOT, "content", path, "..");
    const file = join(folder, front.transcript ?? "-");
    if (!existsSync(file)) {
      wrong(path, "no timed transcript");
      continue;
    }
    const cues = [...readFileSync(file, "utf8").matchAll(/^(\S+) --> (\S+).*\n([\s\S]*?)(?=\n\n|\n*$(?![\s\S]))/gm)];
    const size = length(cues.map(cue => cue[3]).join(""));
    need(size >= 1200 && size <= 2000, path, `${size} characters spoken, wanted 1,200–2,000`);
    for (const [at, cue] of cues.entries()) {
      need(seconds(cue[1]) < seconds(cue[2]) && (!at || seconds(cue[1]) >= seconds(cues[at - 1][2]) - 0.001), path, `cue ${at + 1} is out of order`);
    }
    need(Math.abs(seconds(cues.at(-1)[2]) - seconds(front.duration ?? "0")) < 2, path, "duration is not the transcript's");
    need((front.chapters ?? []).length >= 3, path, "fewer than three chapters");
    quiz(path, body, 5);
    if (front.audio) {
      need(existsSync(join(folder, front.audio)), path, "sound track is missing");
      need(/合成/.test(front.sound_note ?? ""), path, "doesn't say that the voice is synthesised");
      sounding++;
    }
  }
  bar("普法云课堂：有声音的", sounding, 3);
}

/** A quiz has so many questions, each with a reason. */
function quiz(path, body, wanted) {
  const block = /^```quiz[^\n]*\n([\s\S]*?)^```$/m.exec(body)?.[1];
  if (!block) return wrong(path, "no quiz");
  const list = block.split(/^(?=\d+\. )/m).filter(each => each.trim());
  need(list.length >= wanted, path, `quiz of ${list.length}, wanted ${wanted}`);
  for (const each of list) need(/^> /m.test(each), path, `quiz: no reason: ${each.split("\n")[0]}`);
}

function countPages() {
  const cases = articles("cases");
  bar("以案说法", cases.length, 20);
  for (const { path, front, body } of cases) {
    need(front.teaching === true && /教学案例/.test(body), path, "not marked as a teaching case");
    for (const part of ["基本案情", "争议焦点", "裁判结果", "法官说法", "提醒"]) need(body.includes(`## ${part}`), path, `no ${part}`);
  }
  const texts = articles("articles");
  bar("普法文章", texts.length, 15);
  bar("普法文章：带测验的", texts.filter(each => each.body.includes("```quiz")).length, 3);
  for (const { path, body } of texts) need(HOTLINE.test(body), path, "names no hotline");
  bar("普法折页", articles("leaflets").filter(each => each.front.leaflet).length, 5);
  bar("自测路径", articles("paths").filter(each => each.body.includes("```path")).length, 6);
  const forms = articles("forms").filter(each => each.front.form === true);
  bar("文书模板", forms.length, 8);
  for (const { path, body } of forms) need((body.match(/\[\[/g) ?? []).length >= 6, path, "fewer than six blanks");
  bar("计算器", articles("calculators").length, 6);
  const events = articles("events");
  bar("活动", events.length, 6);
  bar("活动：2027 年的", events.filter(each => each.front.start >= "2027").length, 3);
  for (const { path, body } of events) need(/示例活动/.test(body), path, "not marked as an example");
  for (const { path, front } of [...cases, ...texts, ...forms, ...articles("paths"), ...articles("leaflets"), ...articles("classes")]) {
    need(DAY.test(front.reviewed ?? ""), path, "no day of review");
    need((front.topics ?? []).length && (front.audiences ?? []).length, path, "no topics or audiences");
  }
}

function countData() {
  const terms = data("glossary.toml").term;
  bar("名词", terms.length, 80);
  for (const each of terms) need((each.gist ?? "").length >= 10, each.name, "term without an explanation");
  const names = terms.flatMap(each => [each.name, ...(each.also ?? [])]);
  for (const [at, name] of names.entries()) need(names.indexOf(name) === at, "data/glossary.toml", `${name} stands twice`);
  const synonyms = data("synonyms.toml").synonym;
  bar("同义词", synonyms.length, 200);
  for (const each of synonyms) need(each.say?.length && each.law?.length, each.say?.[0] ?? "?", "synonym without both sides");
  const services = readFileSync(join(ROOT, "data/services.csv"), "utf8").trim().split("\n").slice(1);
  bar("服务网点", services.length, 12);
  for (const line of services) need(/示例/.test(line), "data/services.csv", `not marked as an example: ${line}`);
}

/** Every law named in the content has a page, and a gist for every article cited of it. */
function countLaws() {
  const laws = articles("laws");
  bar("法律页", laws.length, 100);
  for (const { path, front, body } of laws) {
    for (const key of ["title", "law_kind", "issuer", "effective", "status", "official", "articles"]) need(front[key], path, `no ${key}`);
    need(front.passed || front.published, path, "no day of passing");
    need(front.text === "gist", path, "not marked as a gist");
    need(/^第.+条/m.test(body), path, "no gist of an article");
  }
  const short = title => title.replace("中华人民共和国", "");
  const known = new Set(laws.flatMap(({ front }) => [front.title, short(front.title), ...(front.short_titles ?? [])]));
  const normal = name => name.replaceAll("〈", "《").replaceAll("〉", "》");
  const names = new Set([...known].map(normal));
  const cited = new Map();
  for (const each of pages().filter(one => !one.path.startsWith("laws/"))) {
    for (const [, name] of each.body.matchAll(/《((?:[^《》]|《[^》]*》)+)》第[〇零一二三四五六七八九十百千]+条/g)) cited.set(normal(name), each.path);
  }
  say(`${String(cited.size).padStart(7)}  引用到条的法律名称`);
  for (const [name, path] of cited) need(names.has(name), path, `《${name}》 has no page in content/laws`);
}

/** Sentences are short in the median, and none fills page after page. */
function countSentences() {
  const where = new Map();
  const lengths = [];
  for (const { path, body } of pages().filter(each => !each.path.startsWith("laws/") && !each.path.endsWith(".en.md"))) {
    const units = path.startsWith("books/") && !path.endsWith("_index.md") ? questions({ path, body }).map(each => [each.path, each.text]) : [[path, body]];
    for (const [unit, text] of units) {
      for (const sentence of sentences(text)) {
        lengths.push([...sentence].length);
        if ([...sentence].length >= 8 && !HOTLINE.test(sentence)) where.set(sentence, (where.get(sentence) ?? new Set()).add(unit));
      }
    }
  }
  const middle = median(lengths);
  say(`${String(middle).padStart(7)}  字：句长中位数（至多 45），共 ${lengths.length} 句`);
  need(middle <= 45, "sentences", `median length ${middle}`);
  for (const [sentence, units] of where) {
    need(units.size < 3, [...units][0], `said on ${units.size} pages: ${sentence}`);
  }
}

/** The questions the search is measured with are the residents' own: none is a title or an everyday wording of a page. */
function countQueries() {
  const asked = readFileSync(join(ROOT, "tests/search.jsonl"), "utf8").trim().split("\n").map(line => JSON.parse(line));
  bar("量搜索的问题", asked.length, 150);
  const bare = text => text.replace(/[^\p{Script=Han}\w]/gu, "");
  const all = ["minfadian", "qiye", "xingzheng"].flatMap(name => articles(`books/${name}`)).flatMap(questions);
  const taken = new Set([...all.flatMap(each => [each.title, ...(each.keys.also_asked ?? [])]), ...pages().map(each => each.front.title)].map(bare));
  for (const each of asked) {
    need(!taken.has(bare(each.text)), "tests/search.jsonl", `copied from a page: ${each.text}`);
    need(each.expect?.length, "tests/search.jsonl", `expects nothing: ${each.text}`);
  }
  need(new Set(asked.map(each => bare(each.text))).size === asked.length, "tests/search.jsonl", "a question stands twice");
}

/** Counts everything: the lines of the report, and what is wrong. */
export function count() {
  lines.length = problems.length = 0;
  for (const part of [countBooks, countEpisodes, countPages, countData, countLaws, countSentences, countQueries]) part();
  return { lines, problems };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { lines: report, problems: found } = count();
  console.log(report.join("\n"));
  for (const problem of found) console.log(`✗ ${problem}`);
  console.log(`${found.length} 处要改`);
  process.exitCode = found.length ? 1 : 0;
}
