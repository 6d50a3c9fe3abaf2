//! Markdown for Chinese: a small text in, its HTML out.
#![expect(
    clippy::expect_used,
    reason = "what helpers of tests expect is part of the test"
)]

mod common;

use common::Site;
use pufa::base::SourcePath;
use pufa::parse::markdown::{self, MarkdownOptions};
use pufa::render::html;

/// The HTML of a text by itself, without a site.
fn render(text: &str) -> String {
    let mut diagnostics = Vec::new();
    let options = MarkdownOptions::default();
    let document = markdown::parse(
        text,
        0,
        &SourcePath::new("a.md"),
        &options,
        &mut diagnostics,
    );
    assert_eq!(diagnostics, vec![], "{text}");
    html::render_plain(&document)
}

/// Asserts the HTML of each text, white space at the ends aside.
#[track_caller]
fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, wanted)| (text, wanted.trim(), render(text)))
        .filter(|(_, wanted, found)| *wanted != found.trim())
        .map(|(text, wanted, found)| {
            format!("{text}\n  wanted {wanted}\n  found  {}", found.trim())
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn emphasis_beside_chinese_punctuation() {
    check(&[
        ("**粗体。**后文", "<p><strong>粗体。</strong>后文</p>"),
        (
            "前文**“粗体”**后文",
            "<p>前文<strong>“粗体”</strong>后文</p>",
        ),
        ("前文*（斜体）*后文", "<p>前文<em>（斜体）</em>后文</p>"),
        (
            "**《民法典》**规定",
            "<p><strong>《民法典》</strong>规定</p>",
        ),
        (
            "适用**《民法典》第一条**。",
            "<p>适用<strong>《民法典》第一条</strong>。</p>",
        ),
        ("~~删去。~~留下", "<p><del>删去。</del>留下</p>"),
        (
            "**`代码`**后",
            "<p><strong><code>代码</code></strong>后</p>",
        ),
        ("**注意！**请看", "<p><strong>注意！</strong>请看</p>"),
        (
            "***又粗又斜。***后",
            "<p><em><strong>又粗又斜。</strong></em>后</p>",
        ),
        (
            "**加粗：**[链接](https://example.org)",
            "<p><strong>加粗：</strong><a href=\"https://example.org\" rel=\"external\">链接</a></p>",
        ),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("变量_名_称", "<p>变量_名_称</p>"),
    ]);
}

#[test]
fn soft_breaks_between_han_add_no_space() {
    check(&[
        ("第一行\n第二行", "<p>第一行第二行</p>"),
        ("第一行，\n第二行", "<p>第一行，第二行</p>"),
        ("**粗**\n后", "<p><strong>粗</strong>后</p>"),
        ("first\nsecond", "<p>first\nsecond</p>"),
        ("第一行\nsecond", "<p>第一行\nsecond</p>"),
        ("第一行  \n第二行", "<p>第一行<br>\n第二行</p>"),
        ("第一行\\\n第二行", "<p>第一行<br>\n第二行</p>"),
    ]);
}

#[test]
fn lists_tasks_and_definitions() {
    check(&[
        (
            "- [ ] 未做\n- [x] 做了",
            "<ul class=\"tasks\">\n<li><input type=\"checkbox\" disabled aria-label=\"todo\"> 未做</li>\n<li><input type=\"checkbox\" disabled checked aria-label=\"done\"> 做了</li>\n</ul>",
        ),
        (
            "3. 三\n4. 四",
            "<ol start=\"3\">\n<li>三</li>\n<li>四</li>\n</ol>",
        ),
        (
            "- 一\n\n- 二",
            "<ul>\n<li><p>一</p>\n</li>\n<li><p>二</p>\n</li>\n</ul>",
        ),
        (
            "名词\n\n: 解释",
            "<dl>\n<dt>名词</dt>\n<dd>解释</dd>\n</dl>",
        ),
        (
            "名词\n: 解释一\n: 解释二",
            "<dl>\n<dt>名词</dt>\n<dd>解释一</dd>\n<dd>解释二</dd>\n</dl>",
        ),
    ]);
}

#[test]
fn alerts_may_fold() {
    check(&[
        (
            "> [!NOTE]\n> 内容",
            "<div class=\"alert alert-note\" role=\"note\"><p class=\"alert-title\">note</p>\n<p>内容</p>\n</div>",
        ),
        (
            "> [!WARNING] 小心\n> 内容",
            "<div class=\"alert alert-warning\" role=\"note\"><p class=\"alert-title\">小心</p>\n<p>内容</p>\n</div>",
        ),
        (
            "> [!TIP]- 收起\n> 内容",
            "<details class=\"alert alert-tip\"><summary class=\"alert-title\">收起</summary>\n<p>内容</p>\n</details>",
        ),
        (
            "> [!TIP]+ 展开\n> 内容",
            "<details class=\"alert alert-tip\" open><summary class=\"alert-title\">展开</summary>\n<p>内容</p>\n</details>",
        ),
        ("> 普通引用", "<blockquote>\n<p>普通引用</p>\n</blockquote>"),
    ]);
}

#[test]
fn footnotes_go_both_ways() {
    let html = render(
        "正文[^甲]，再来[^b]，又[^甲]。\n\n[^b]: 注二。\n\n[^甲]: 注一。\n\n[^无人]: 没有人用。\n",
    );
    for part in [
        "href=\"#fn-1\" id=\"fnref-1\"",
        "href=\"#fn-2\" id=\"fnref-2\"",
        "<li id=\"fn-1\">注一。",
        "<li id=\"fn-2\">注二。",
        "href=\"#fnref-1\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("没有人用"), "{html}");
    assert_eq!(html.matches("id=\"fnref-1\"").count(), 1, "{html}");
}

#[test]
fn headings_have_anchors_that_differ() {
    check(&[
        ("## 离婚", "<h2 id=\"chi-hun\">离婚</h2>"),
        (
            "## 一 {#one .wide}",
            "<h2 id=\"one\" class=\"wide\">一</h2>",
        ),
        (
            "## 甲\n\n## 甲",
            "<h2 id=\"jia\">甲</h2>\n<h2 id=\"jia-1\">甲</h2>",
        ),
        (
            "## 甲 {#jia-1}\n\n## 甲\n\n## 甲",
            "<h2 id=\"jia-1\">甲</h2>\n<h2 id=\"jia\">甲</h2>\n<h2 id=\"jia-2\">甲</h2>",
        ),
        ("## ！？", "<h2 id=\"section\">！？</h2>"),
        (
            "## 用 `代码` 的 **标题**",
            "<h2 id=\"yong-dai-ma-de-biao-ti\">用 <code>代码</code> 的 <strong>标题</strong></h2>",
        ),
        (
            "### 怎么办",
            "<h3 id=\"zen-me-ban\" class=\"part-steps\">怎么办</h3>",
        ),
    ]);
}

#[test]
fn tables_scroll_and_align() {
    check(&[(
        "| 左 | 中 | 右 |\n|:--|:-:|--:|\n| 1 | 2 | 3 |",
        "<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"label\"><table>\n<thead>\n<tr><th scope=\"col\" class=\"left\">左</th><th scope=\"col\" class=\"center\">中</th><th scope=\"col\" class=\"right\">右</th></tr>\n</thead>\n<tbody>\n<tr><td class=\"left\">1</td><td class=\"center\">2</td><td class=\"right\">3</td></tr>\n</tbody>\n</table></div>",
    )]);
}

#[test]
fn formulas_become_mathml_and_money_stays_money() {
    let inline = render("面积是 $a^2$。");
    assert!(
        inline.contains("<math") && inline.contains("<msup>"),
        "{inline}"
    );
    let block = render("$$\\frac{1}{2}$$");
    assert!(
        block.contains("<mfrac>") && block.contains("display=\"block\""),
        "{block}"
    );
    assert!(render("$\\nosuch{x}$").contains("math-error"));
    check(&[
        ("价格 $5 和 $6", "<p>价格 $5 和 $6</p>"),
        ("`$x$`", "<p><code>$x$</code></p>"),
    ]);
}

#[test]
fn links_keep_their_attributes() {
    check(&[
        (
            "[甲](https://example.org \"题\"){.button #go}",
            "<p><a href=\"https://example.org\" rel=\"external\" title=\"题\" id=\"go\" class=\"button\">甲</a></p>",
        ),
        (
            "<https://example.org/民法>",
            "<p><a href=\"https://example.org/%E6%B0%91%E6%B3%95\" rel=\"external\">https://example.org/民法</a></p>",
        ),
        ("[电话](tel:12348)", "<p><a href=\"tel:12348\">电话</a></p>"),
        (
            "[信](mailto:a@example.org)",
            "<p><a href=\"mailto:a@example.org\">信</a></p>",
        ),
    ]);
}

#[test]
fn a_bare_address_ends_where_chinese_text_begins() {
    let link = |address: &str| format!("<a href=\"{address}\" rel=\"external\">{address}</a>");
    let plain = link("https://example.org/a_b");
    check(&[
        (
            "见https://example.org/a_b。**后文**",
            &format!("<p>见{plain}。<strong>后文</strong></p>"),
        ),
        (
            "**见https://example.org/a_b，看**后",
            &format!("<p><strong>见{plain}，看</strong>后</p>"),
        ),
        (
            "`https://example.org，一` [甲](https://example.org/民) [https://example.org](https://example.org/b)",
            "<p><code>https://example.org，一</code> <a href=\"https://example.org/%E6%B0%91\" rel=\"external\">甲</a> <a href=\"https://example.org/b\" rel=\"external\">https://example.org</a></p>",
        ),
        (
            "信a@example.org，",
            "<p>信<a href=\"mailto:a@example.org\">a@example.org</a>，</p>",
        ),
    ]);
}

#[test]
fn an_address_in_a_table_ends_with_its_cell() {
    let html = render("| 网址 | 乙 |\n| --- | --- |\n| https://example.org/a|丙 |");
    assert!(
        html.contains(">https://example.org/a</a></td><td>丙"),
        "{html}"
    );
}

#[test]
fn what_follows_an_escaped_call_keeps_its_place() {
    let text = "{{/* a() */}} https://example.org，[断](b.md)";
    let mut none = Vec::new();
    let options = MarkdownOptions::default();
    let document = markdown::parse(text, 0, &SourcePath::new("a.md"), &options, &mut none);
    let mut places = Vec::new();
    document.walk_inlines(&mut |inline| {
        if let pufa::doc::InlineKind::Link(_) = inline.kind {
            places.push(&text[inline.span.range()]);
        }
    });
    assert_eq!(places, ["https://example.org", "[断](b.md)"]);
}

#[test]
fn code_is_highlighted_with_classes() {
    let html = render("```rust\nfn main() {}\n```");
    assert!(
        html.contains("<code class=\"language-rust\">") && html.contains("class=\"z-"),
        "{html}"
    );
    assert!(!html.contains("style="), "{html}");
    check(&[
        (
            "```\n<b>&\n```",
            "<pre class=\"code\" tabindex=\"0\"><code>&lt;b&gt;&amp;\n</code></pre>",
        ),
        (
            "```没有的语言\n文\n```",
            "<pre class=\"code\" tabindex=\"0\"><code class=\"language-没有的语言\">文\n</code></pre>",
        ),
    ]);
}

/// What may run a script, load from elsewhere or take over the page, in every place Markdown lets it stand.
const ATTACKS: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"javascript:alert(1)\">",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<iframe src=\"https://evil.example\"></iframe>",
    "<object data=\"evil.swf\"></object>",
    "<embed src=\"evil.swf\">",
    "<form action=\"https://evil.example\"><input name=q></form>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<a href=\"jAvAsCrIpT:alert(1)\">x</a>",
    "<a href=\"java&#10;script:alert(1)\">x</a>",
    "<a href=\"&#106;avascript:alert(1)\">x</a>",
    "<a href=\"data:text/html,<script>alert(1)</script>\">x</a>",
    "<a href=x onclick=alert(1)>x</a>",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<style>body{display:none}</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href=\"https://evil.example/\">",
    "<meta http-equiv=refresh content=\"0;url=https://evil.example\">",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<textarea><script>alert(1)</script></textarea>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x\" onerror=\"alert(1)](https://example.org/a.png)",
    "![x](https://example.org/a.png \"t\\\" onerror=\\\"alert(1)\")",
    "[x](https://example.org/\"onclick=\"alert(1))",
    "[x](https://example.org \"t\\\" onclick=\\\"alert(1)\")",
    "## x {#a\"onclick=\"alert(1)}",
    "## x {.a\"onclick=\"alert(1)}",
    "[x](https://example.org){onclick=\"alert(1)\"}",
    "[x](https://example.org){.a\"onclick=\"alert(1)}",
    "```\"onclick=\"alert(1)\nx\n```",
    "```<script>alert(1)</script>\nx\n```",
    "`<script>alert(1)</script>`",
    "$\\text{<script>alert(1)</script>}$",
    "$\\href{javascript:alert(1)}{x}$",
    "> [!<script>alert(1)</script>]\n> x",
    "> [!NOTE\" onclick=\"alert(1)]\n> x",
    "[^<script>alert(1)</script>]\n\n[^<script>alert(1)</script>]: x",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
];

/// The tags of a piece of HTML as a browser finds them: name and attributes.
fn tags(html: &str) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let name: String = rest
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        if name.is_empty() {
            continue;
        }
        let mut attributes = Vec::new();
        let (mut inside, mut word) = (false, String::new());
        let mut end = rest.len();
        for (at, c) in rest.char_indices().skip(name.len()) {
            match c {
                '"' => inside = !inside,
                '>' if !inside => {
                    end = at;
                    break;
                }
                c if c.is_whitespace() && !inside => attributes.push(std::mem::take(&mut word)),
                c => word.push(c),
            }
        }
        attributes.push(word);
        attributes.retain(|attribute| !attribute.is_empty());
        found.push((name.to_ascii_lowercase(), attributes));
        rest = &rest[end..];
    }
    found
}

#[test]
fn nothing_that_runs_comes_through() {
    const BAD_TAGS: &[&str] = &[
        "script", "iframe", "object", "embed", "form", "style", "link", "base", "meta", "body",
        "svg", "template", "textarea", "noscript",
    ];
    for attack in ATTACKS {
        for text in [
            (*attack).to_owned(),
            format!("前{attack}后"),
            format!("- {attack}"),
            format!("> {attack}"),
            format!("**{attack}**"),
        ] {
            let html = render(&text);
            for (name, attributes) in tags(&html) {
                assert!(!BAD_TAGS.contains(&name.as_str()), "{text}\n{html}");
                for attribute in attributes {
                    let lower = attribute.to_ascii_lowercase();
                    assert!(
                        !lower.starts_with("on") || !lower.contains('='),
                        "{text}\n{html}"
                    );
                    assert!(!lower.starts_with("style="), "{text}\n{html}");
                    let address = lower.strip_prefix("href=").or(lower.strip_prefix("src="));
                    let runs = address.is_some_and(|to| {
                        ["javascript:", "vbscript:", "data:"]
                            .iter()
                            .any(|bad| to.replace(['\n', '\t'], "").starts_with(bad))
                    });
                    assert!(!runs || name == "img", "{text}\n{html}");
                }
            }
        }
    }
}

#[test]
fn harmless_html_stays_and_is_closed() {
    check(&[
        ("水是 H<sub>2</sub>O", "<p>水是 H<sub>2</sub>O</p>"),
        ("按 <kbd>Ctrl</kbd>", "<p>按 <kbd>Ctrl</kbd></p>"),
        (
            "<ruby>汉<rt>hàn</rt></ruby>",
            "<p><ruby>汉<rt>hàn</rt></ruby></p>",
        ),
    ]);
    let html = render("前 <b>没有结束\n\n下一段");
    assert!(
        html.contains("</b>") && html.find("</b>") < html.find("下一段"),
        "{html}"
    );
    let html = render("<div>\n\n**里面**\n\n</div>\n\n外面");
    assert!(html.contains("<strong>里面</strong>"), "{html}");
    assert_eq!(
        html.matches("<div").count(),
        html.matches("</div>").count(),
        "{html}"
    );
    let html = render("多余的 </div></main></body> 后");
    assert!(
        !html.contains("</div>") && !html.contains("</main>"),
        "{html}"
    );
}

/// A page of a small site whose text is this, as it is written.
fn page(config: &str, files: &[(&str, &str)], text: &str) -> String {
    let site = Site::plain(files);
    if !config.is_empty() {
        site.write("pufa.toml", config);
    }
    site.write(
        "content/a/index.md",
        format!("+++\ntitle = \"甲\"\n+++\n{text}"),
    );
    site.build();
    let page = site.public("a/index.html");
    let start = page.find("class=\"prose\"").expect("the text");
    let end = page[start..]
        .find("</article>")
        .unwrap_or(page.len() - start);
    page[start..start + end].to_owned()
}

#[test]
fn html_follows_the_policy_of_the_site() {
    let text = "<b>粗</b><script>x</script>";
    let of = |policy: &str| page(&format!("[markdown]\nhtml = \"{policy}\"\n"), &[], text);
    assert!(of("trust").contains("<b>粗</b><script>x</script>"));
    assert!(of("escape").contains("&lt;b&gt;粗&lt;/b&gt;&lt;script&gt;x"));
    let clean = of("sanitize");
    assert!(
        clean.contains("<b>粗</b>") && !clean.contains("<script>x"),
        "{clean}"
    );
}

#[test]
fn terms_of_the_glossary_are_explained_once() {
    let glossary = (
        "data/glossary.toml",
        "[[term]]\nname = \"法定代理人\"\nalso = [\"监护人\"]\ngist = \"替他办事的“人”\"\n",
    );
    let html = page(
        "",
        &[glossary],
        "法定代理人和法定代理人。`法定代理人` [法定代理人](https://example.org)\n\n## 法定代理人\n",
    );
    assert_eq!(html.matches("class=\"term\"").count(), 1, "{html}");
    assert!(html.contains("data-gist=\"替他办事的“人”\""), "{html}");
    assert!(html.contains("<code>法定代理人</code>"), "{html}");
}

#[test]
fn files_and_parts_are_included() {
    let files = [
        (
            "content/b.md",
            "+++\ntitle = \"乙\"\n+++\n导语。\n\n## 节一 {#one}\n\n第一节。\n\n### 小节\n\n还在。\n\n## 节二 {#two}\n\n第二节。\n",
        ),
        ("data/notice.md", "**提醒**文字\n"),
        ("data/sample.toml", "a = 1\n"),
    ];
    let html = page(
        "",
        &files,
        "{{ include(path=\"b.md\", part=\"one\") }}\n\n{{ include(path=\"notice.md\") }}\n\n{{ include(path=\"sample.toml\") }}\n",
    );
    assert!(
        html.contains("第一节。")
            && html.contains("还在。")
            && !html.contains("第二节。")
            && !html.contains("导语。"),
        "{html}"
    );
    assert!(html.contains("<strong>提醒</strong>文字"), "{html}");
    assert!(html.contains("<pre class=\"code\""), "{html}");
}

#[test]
fn reading_time_counts_characters() {
    let site = Site::plain(&[(
        "templates/page.html",
        "{{ page.word_count }} {{ page.reading_time }}",
    )]);
    site.write(
        "content/a.md",
        format!(
            "+++\ntitle = \"甲\"\n+++\n{}，three English words。\n",
            "字".repeat(801)
        ),
    );
    site.build();
    let text = site.public("a/index.html");
    let mut numbers = text
        .split_whitespace()
        .map(|number| number.parse::<usize>().expect("a number"));
    let (count, minutes) = (
        numbers.next().expect("a count"),
        numbers.next().expect("minutes"),
    );
    assert!((801..=830).contains(&count), "{count}");
    assert_eq!(minutes, 3);
}
