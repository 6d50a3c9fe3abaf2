//! Labelled sentences: 【text|law article p¶ i item】 marks a citation; what is not marked is none.

use crate::base::Span;
use crate::base::numeral::to_chinese;
use crate::base::{ArticleNo, Date, SourcePath};
use crate::model::law::Library;
use crate::parse::statute::{StatuteFields, parse};

use super::*;

/// Titles of the test library with their numbers of articles. All articles read 甲。
const LAWS: &[(&str, u32)] = &[
    ("中华人民共和国民法典", 1260),
    ("中华人民共和国刑法", 452),
    ("中华人民共和国宪法", 143),
    ("中华人民共和国劳动法", 107),
    ("中华人民共和国劳动合同法", 98),
    ("中华人民共和国劳动合同法实施条例", 38),
    ("中华人民共和国民事诉讼法", 306),
    ("中华人民共和国刑事诉讼法", 308),
    ("中华人民共和国行政诉讼法", 103),
    ("中华人民共和国消费者权益保护法", 63),
    ("中华人民共和国公司法", 266),
    ("中华人民共和国商标法", 73),
    ("中华人民共和国治安管理处罚法", 119),
    ("中华人民共和国道路交通安全法", 124),
    ("中华人民共和国香港特别行政区基本法", 160),
    ("中华人民共和国企业破产法", 136),
    ("工伤保险条例", 67),
    ("物业管理条例", 67),
    ("信访条例", 51),
    ("灯会管理办法", 20),
    (
        "最高人民法院关于适用《中华人民共和国民事诉讼法》的解释",
        550,
    ),
    (
        "最高人民法院关于适用《中华人民共和国民法典》有关担保制度的解释",
        71,
    ),
    (
        "最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一）",
        91,
    ),
    ("最高人民法院关于审理民间借贷案件适用法律若干问题的规定", 31),
    (
        "最高人民法院关于审理劳动争议案件适用法律问题的解释（一）",
        54,
    ),
    (
        "最高人民法院、最高人民检察院关于办理诈骗刑事案件具体应用法律若干问题的解释",
        10,
    ),
];

fn library() -> Library {
    let statutes = LAWS.iter().map(|(title, count)| {
        let articles: String = (1..=*count)
            .map(|no| format!("第{}条 甲。\n\n", to_chinese(no)))
            .collect();
        let text = format!(
            "# {title}\n\n<!-- INFO END -->\n\n{articles}第{}条之一 乙。\n",
            to_chinese(*count)
        );
        parse(
            &SourcePath::new(format!("{title}.md")),
            &text,
            StatuteFields::default(),
        )
        .0
    });
    Library::new(statutes.collect())
}

/// The text without its labels, and the labels.
fn unmarked(marked: &str) -> (String, Vec<String>) {
    let (mut text, mut labels) = (String::new(), Vec::new());
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once('【') {
        let (label, behind) = after.split_once('】').expect("a closing mark");
        let (cited, _) = label.rsplit_once('|').expect("a label");
        text.push_str(before);
        text.push_str(cited);
        labels.push(label.to_owned());
        rest = behind;
    }
    text.push_str(rest);
    (text, labels)
}

fn shown(text: &str, citation: &Citation, library: &Library) -> String {
    let law = citation.law.map_or("?", |law| library.law(law).short());
    let no = citation
        .article
        .map(|no| format!(" {no}"))
        .unwrap_or_default();
    let paragraph = citation
        .paragraph
        .map(|n| format!(" p{n}"))
        .unwrap_or_default();
    let item = citation.item.map(|n| format!(" i{n}")).unwrap_or_default();
    let status = match citation.status {
        Status::Ok | Status::UnknownLaw => String::new(),
        other => format!(" {}", other.name()),
    };
    format!(
        "{}|{law}{no}{paragraph}{item}{status}",
        &text[citation.start..citation.end]
    )
}

/// What is wrong with the citations found in a labelled sentence.
fn check_in(library: &Library, own: Option<&str>, marked: &str) -> Option<String> {
    let (text, labels) = unmarked(marked);
    let known = own.and_then(|title| library.find(title));
    let own = own.map(|title| OwnStatute {
        law: known,
        title: known.map_or(title, |id| library.law(id).title.as_str()),
        version: None,
    });
    let context = Context {
        own,
        ..Context::page(library, None, None)
    };
    let found: Vec<String> = resolve(&text, &markdown_mask(&text), &context)
        .iter()
        .map(|citation| shown(&text, citation, library))
        .collect();
    (found != labels).then(|| format!("{text}\n  found    {found:?}\n  expected {labels:?}\n"))
}

/// What lay answers, articles and cases say.
const PAGES: &[&str] = &[
    // a title in marks with its article
    "根据【《中华人民共和国民法典》第一千零七十九条|民法典 1079】的规定，调解无效的准予离婚。",
    "【《民法典》第1079条第3款|民法典 1079 p3】列了五种情形。",
    "依照【《劳动合同法》第三十八条第一款第二项|劳动合同法 38 p1 i2】，她可以解除合同。",
    "【《劳动合同法》第46条第（一）项|劳动合同法 46 i1】规定了补偿。",
    "【《劳动合同法》第46条第(5)项|劳动合同法 46 i5】",
    "【《刑法》第二百八十七条之一|刑法 287-1 unknown-article】与【《刑法》第四百五十二条之一|刑法 452-1】",
    "【《民法典》第１２１７条|民法典 1217】",
    "【《民法典》第 1079 条|民法典 1079】",
    "【《民法典》 第1079条 第2款|民法典 1079 p2】",
    "【《民法典》\n第一千零七十九条|民法典 1079】",
    "**【《民法典》**第 1079 条|民法典 1079】",
    "【《民法典》**第1079条**第二款|民法典 1079 p2】怎么说？",
    "（【《商标法》第八条|商标法 8】）",
    "【《商标法》16条|商标法 16】的规定，地理标志……",
    "【《 劳动合同法》 第二条|劳动合同法 2】",
    "【《中华人民共和国宪法》第三十三条|宪法 33】",
    "我国【《道路交通安全法》第七十六条第一款第（二）项|道路交通安全法 76 p1 i2】",
    "【《民法典》第三编第四百六十三条|民法典 463】",
    "【《民法典》合同编第五百一十条|民法典 510】",
    "【《民法典》第二编第三分编第三百三十条|民法典 330】",
    "【《刑法》第二章第二节第四十二条|刑法 42】",
    "【《民事诉讼法》（2021修正）第十条|民事诉讼法 10】",
    "【《工伤保险条例》（2010修订）第十四条|工伤保险条例 14】",
    "【《公司法》（中华人民共和国主席令第15号）第三条|公司法 3】",
    "【《民事诉讼法（2023修正）》第十条|民事诉讼法 10】",
    "【《灯会管理办法（试行）》第三条|灯会管理办法 3】",
    // the article inside the marks
    "依据：【《中华人民共和国民法典第一千零七十九条》|民法典 1079】",
    "【《劳动合同法第38条第一款》|劳动合同法 38 p1】和【《商标法 第八条》|商标法 8】",
    "《民法典一百问第三条》是一本书。",
    // bare names
    "根据【民法典第三百一十一条|民法典 311】，善意的人取得所有权。",
    "符合【刑事诉讼法第二百八十八条|刑事诉讼法 288】的规定",
    "认定的罪名不属于【刑事诉讼法第二百九十一条|刑事诉讼法 291】规定的犯罪",
    "按【商标法第四条|商标法 4】办。",
    "【中华人民共和国公司法第二十条|公司法 20】",
    "我国【刑法第264条|刑法 264】",
    "触犯【刑法第二百六十四条|刑法 264】、故意伤害",
    "【民诉法第六十七条|民事诉讼法 67】说了举证。",
    "【刑诉法第56条|刑事诉讼法 56】",
    "【消法第五十五条|消费者权益保护法 55】退一赔三。",
    "【消保法第24条|消费者权益保护法 24】",
    "【治安处罚法第四十二条|治安管理处罚法 42】",
    "【香港特别行政区基本法第一条|香港特别行政区基本法 1】",
    "【劳动合同法实施条例第二十五条|劳动合同法实施条例 25】",
    "【刑法分则第五章第二百六十三条|刑法 263】",
    "【民法典婚姻家庭编第一千零七十七条|民法典 1077】",
    "【民法典 第 1165 条|民法典 1165】",
    "【民法典（2021年施行）第十条|民法典 10】",
    // interpretations and their short names
    "【《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第九十条|最高人民法院关于适用《中华人民共和国民事诉讼法》的解释 90】",
    "【《最高人民法院关于适用<中华人民共和国民事诉讼法>的解释》第18条|最高人民法院关于适用《中华人民共和国民事诉讼法》的解释 18】",
    "【《最高人民法院关于适用《中华人民共和国民事诉讼法》的解释》第九条|最高人民法院关于适用《中华人民共和国民事诉讼法》的解释 9】",
    "【最高人民法院关于适用《中华人民共和国民事诉讼法》的解释第九条|最高人民法院关于适用《中华人民共和国民事诉讼法》的解释 9】",
    "【《民诉法解释》第18条|最高人民法院关于适用《中华人民共和国民事诉讼法》的解释 18】",
    "【《民诉法司法解释》第一百条|最高人民法院关于适用《中华人民共和国民事诉讼法》的解释 100】",
    "【《民间借贷司法解释》第二十五条|最高人民法院关于审理民间借贷案件适用法律若干问题的规定 25】",
    "【《关于审理民间借贷案件适用法律若干问题的规定》第十三条|最高人民法院关于审理民间借贷案件适用法律若干问题的规定 13】",
    "【《担保制度解释》第二十条|最高人民法院关于适用《中华人民共和国民法典》有关担保制度的解释 20】",
    "【《民法典担保制度解释》第二十条|最高人民法院关于适用《中华人民共和国民法典》有关担保制度的解释 20】",
    "【《婚姻家庭编解释（一）》第三十二条|最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一） 32】",
    "【劳动争议司法解释一第四十五条|最高人民法院关于审理劳动争议案件适用法律问题的解释（一） 45】",
    "【《最高人民法院关于审理劳动争议案件适用法律问题的解释(一)》第三十二条|最高人民法院关于审理劳动争议案件适用法律问题的解释（一） 32】",
    "根据【最高人民法院关于审理劳动争议案件适用法律问题的解释(一)》第三十二条第一款|最高人民法院关于审理劳动争议案件适用法律问题的解释（一） 32 p1】",
    "【《关于办理诈骗刑事案件具体应用法律若干问题的解释》第一条|最高人民法院、最高人民检察院关于办理诈骗刑事案件具体应用法律若干问题的解释 1】",
    "最高人民法院【《关于适用〈中华人民共和国民法典〉婚姻家庭编的解释（一）》第二条|最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一） 2】",
    // lists and ranges
    "【《劳动合同法》第三十九条|劳动合同法 39】和【第四十条第一项|劳动合同法 40 i1】、【第二项|劳动合同法 40 i2】",
    "【《劳动合同法》第36条|劳动合同法 36】、【第37条|劳动合同法 37】、【第38条|劳动合同法 38】",
    "【《劳动合同法》第36|劳动合同法 36】、【37|劳动合同法 37】、【38条|劳动合同法 38】规定了解除的情形。",
    "【《民法典》第一千一百六十五条|民法典 1165】、【第一千一百七十九条|民法典 1179】的规定",
    "【《商标法》第十一条|商标法 11】或【第十二条|商标法 12】",
    "【《商标法》第三条|商标法 3】以及【第四条|商标法 4】",
    "【《商标法》第三条|商标法 3】，【第六条|商标法 6】",
    "【《民法典》第四十九条|民法典 49】至【第五十七条|民法典 57】",
    "【《民法典》第1158|民法典 1158】-【1161条|民法典 1161】",
    "【《民法典》第679条|民法典 679】—【第680条|民法典 680】",
    "【《民法典》第一千零二十一条|民法典 1021】、【一千零二十二条|民法典 1022】规定",
    "【《民法典》第十三条第一款|民法典 13 p1】和【第二款|民法典 13 p2】",
    "【《民法典》第十三条第一|民法典 13 p1】、【三款|民法典 13 p3】",
    "【《刑法》第27条第2|刑法 27 i2】、【3项|刑法 27 i3】规定",
    "【《刑法》第二条第（一）项|刑法 2 i1】、【第（二）项|刑法 2 i2】",
    "【《刑法》第二条第（一）项|刑法 2 i1】、【（三）项|刑法 2 i3】",
    "【《刑法》第二条第一项|刑法 2 i1】至【第三项|刑法 2 i3】",
    "【商标法第10条|商标法 10】、【第11条|商标法 11】、【第12条|商标法 12】",
    "【《刑法》第二百一十三条|刑法 213】、【《商标法》第五十七条|商标法 57】",
    "【《刑法》第六条|刑法 6】与【《民法典》第七条|民法典 7】",
    "【《民法典》第五条|民法典 5】及【《公司法》第六条|公司法 6】、【第七条|公司法 7】",
    "【《公司法》第二十一条第二款|公司法 21 p2】、【第二十二条第一款第三项|公司法 22 p1 i3】",
    "【民法典第一千零一十三条|民法典 1013】、【第一千零一十四条|民法典 1014】",
    "根据【民法典1079条|民法典 1079】，法院应当调解。",
    "【民法典1165条|民法典 1165】和【1179条|民法典 1179】",
    "【刑法１３３条第１款|刑法 133 p1】",
    "【刑法第264条|刑法 264】、【266条|刑法 266】都有规定。",
    "民法典共7编1260条。",
    "他有12条理由，合同也有20条。",
    "【《民法典》第1079条的第三款|民法典 1079 p3】",
    "【《民法典》第1079条|民法典 1079】的第一句",
    "【《刑法》第四百五十二条之一|刑法 452-1】、【之二|刑法 452-2 unknown-article】",
    "【劳动合同法第三十八条第一款（二）项|劳动合同法 38 p1 i2】",
    "【《民法典》第1062|民法典 1062】至【1065条|民法典 1065】",
    "【《民法典》第1062条|民法典 1062】到【第1065条|民法典 1065】",
    "【《民法典》第1062|民法典 1062】～【1065条|民法典 1065】",
    "【《民法典》第十七|民法典 17】、【十八|民法典 18】、【十九条|民法典 19】",
    "【《刑法》第十三条第一款第二|刑法 13 p1 i2】至【七项|刑法 13 p1 i7】",
    "【《刑法》第四十条第（一）|刑法 40 i1】、【（二）|刑法 40 i2】、【（三）项|刑法 40 i3】",
    "【《刑法》第七十六条第一款第（一）项|刑法 76 p1 i1】、【第（二）项|刑法 76 p1 i2】及【第二款|刑法 76 p2】",
    "【《民事诉讼法》（2023年9月1日第十四届全国人民代表大会常务委员会第五次会议修正）第210条|民事诉讼法 210】",
    "【《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》（法释〔2022〕11号）第九十条|最高人民法院关于适用《中华人民共和国民事诉讼法》的解释 90】",
    "【民法典婚姻家庭编解释一第五条|最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一） 5】",
    "【《民法典》合同编第一分编第四章第五百二十五条|民法典 525】",
    "旧【公司法第二十条第三款|公司法 20 p3】",
    "已废止的【《合同法》第52条|合同法 52】",
    "本合同依据【《民法典》第五百零九条|民法典 509】订立，第五条约定违约金。",
    "【《中华人民共和国民法典》（以下简称民法典）第五百七十七条|民法典 577】，【民法典第五百七十八条|民法典 578】",
    // carried on in the sentence
    "【《民法典》第1062条|民法典 1062】规定了共同财产；【第1065条|民法典 1065】规定了约定财产。",
    "【《民法典》第1062条|民法典 1062】说共同，而【第1063条|民法典 1063】说个人。",
    "按照【《民法典》|民法典】中【第一千二百二十一条|民法典 1221】的规定赔偿。",
    "【《劳动法》|劳动法】的规定很明确，【第四十四条|劳动法 44】是加班费。",
    "【《公司法》第三条|公司法 3】是一般规定，【第四条|公司法 4】、【第五条|公司法 5】是特别规定。",
    "【《商标法》第十条|商标法 10】\n第八条是另一段。",
    "【《商标法》第十条|商标法 10】，合同第八条另有约定，第九条也是。",
    "第八条没有法律在前面。",
    // 本法, 同法, 该法
    "【《劳动合同法》第94条|劳动合同法 94】规定：“违反【本法第三十九条|劳动合同法 39】的……”",
    "【《商标法》第60条|商标法 60】规定，有【本法第57条|商标法 57】所列行为的……",
    "【《刑法》第十条|刑法 10】，【同法第十二条|刑法 12】",
    "【《商标法》第64条第1款|商标法 64 p1】与【该法第49条第2款|商标法 49 p2】衔接。",
    "【《担保制度解释》|最高人民法院关于适用《中华人民共和国民法典》有关担保制度的解释】出台后，【该解释第十三条|最高人民法院关于适用《中华人民共和国民法典》有关担保制度的解释 13】",
    "【《工伤保险条例》|工伤保险条例】很重要。\n依照【该条例第十四条|工伤保险条例 14】认定。",
    "【《公司法》第二条|公司法 2】、【《信访条例》第三条|信访条例 3】，【该条例第四条|信访条例 4】，【该法第五条|公司法 5】",
    "修改后的民事诉讼法增加了制度，仅有【该法第五十五条|民事诉讼法 55】规定。",
    "依照本法第八十七条支付赔偿金。",
    "依照该办法第三条处理。",
    "【《担保制度解释》第十条|最高人民法院关于适用《中华人民共和国民法典》有关担保制度的解释 10】说了，\n同一解释的【第九条|最高人民法院关于适用《中华人民共和国民法典》有关担保制度的解释 9】也说了。",
    "【《商标法》第十条第一款|商标法 10 p1】有八项，【同条第二款|商标法 10 p2】另有规定。",
    "上述解释第三条没有名字。",
    // abbreviations
    "【《中华人民共和国劳动法》|劳动法】（以下简称《劳动法》）自1995年施行。【《劳动法》第三条|劳动法 3】",
    "【《最高人民法院关于审理民间借贷案件适用法律若干问题的规定》|最高人民法院关于审理民间借贷案件适用法律若干问题的规定】（以下简称《规定》）公布。【《规定》第三条|最高人民法院关于审理民间借贷案件适用法律若干问题的规定 3】",
    "【《最高人民法院关于审理民间借贷案件适用法律若干问题的规定》|最高人民法院关于审理民间借贷案件适用法律若干问题的规定】（下称借贷规定）公布，按【借贷规定第三条|最高人民法院关于审理民间借贷案件适用法律若干问题的规定 3】办。",
    "【《民事诉讼法》（以下简称“新法”）第九条|民事诉讼法 9】，【新法第十条|民事诉讼法 10】",
    "中华人民共和国民事诉讼法（以下简称诉讼法）修改了，【诉讼法第十条|民事诉讼法 10】",
    "【《甲乙丙丁办法》|?】（以下简称甲乙办法）公布，按【甲乙办法第三条|? 3】办理。",
    "【《全国某审判工作会议纪要》（简称“某纪要”）（2019年11月8日发布）第58条|? 58】",
    "原告甲公司（以下简称甲公司）与乙公司签订合同。",
    // titles alone
    "【《劳动合同法》|劳动合同法】保护劳动者。",
    "【《民法典》|民法典】【《劳动法》|劳动法】都有规定。",
    "违反【《中华人民共和国道路交通安全法》|道路交通安全法】等法律",
    "【《消费者权益保护法》|消费者权益保护法】和【《物业管理条例》|物业管理条例】",
    "【《民法典》|民法典】第七章规定了责任。",
    "【《民法典》|民法典】合同编的规定",
    // unknown laws
    "【《某某市养犬管理规定》第三条|? 3】",
    "【《某某省工资支付条例》|?】也有规定。",
    "【《关于某事的通知》（某发〔2005〕12号）第四条|? 4】",
    "《关于某事的通知》说得很清楚。",
    "【《某某办法》第三条|? 3】、【第五条|? 5】",
    // repealed ones
    "【《合同法》第五十二条|合同法 52 repealed】",
    "【合同法第52条|合同法 52 repealed】",
    "原【《合同法》第52条|合同法 52】",
    "原【婚姻法第十八条|婚姻法 18】",
    "【《侵权责任法》|侵权责任法 repealed】已经废止。",
    "【《中华人民共和国物权法》第一百零六条|物权法 106 repealed】",
    "应当适用【民法总则第一百八十八条|民法总则 188 repealed】",
    // articles that are not there
    "【《民法典》第一千三百条|民法典 1300 unknown-article】",
    "【劳动法第二百条|劳动法 200 unknown-article】",
    // never a citation
    "合同第一条约定了价格。",
    "协议第三条写明违约金。",
    "公司章程第五条规定，股东会每年一次。",
    "《房屋租赁合同》第五条约定，租金按月支付。",
    "除了调解和起诉，还有第三条路。",
    "工厂新开了第二条生产线。",
    "警方发现的第一条线索是一张收据。",
    "《民法典一百问》第三条讲的是借条。",
    "手机收到第二条短信。",
    "双方在第五条款里约定了仲裁。",
    "第三人提起诉讼，第三者插足，第三章。",
    "【《民法典》第五百七十七条|民法典 577】规定了违约责任，而合同第五条约定了违约金。",
    "他走的是第二条路，【《民法典》第三条|民法典 3】不管这个。",
    "租赁合同第十条和第十一条",
    "员工手册第三条不能违法。",
    "管理规约第七条",
    "德国民法典第823条",
    "日本刑法第三条",
    "上海市信访条例第三条",
    "他在《人民司法》上发表文章。",
    "《读者文摘》第三条消息",
    "（参见张三：《物权法》（第五版），某某出版社）",
    "李四：《知识产权法》，某某出版社，第585页",
    "原解释四第十一条未强调这个前提",
    "本合同第三条、第四条约定如下。",
    "判决书第二条主文",
    "`《民法典》第三条`",
    "[《民法典》第三条](https://example.com)",
    "民法典：见 https://example.com/民法典第三条 ",
    "<a href=\"x\">《民法典》第三条</a>",
    "“案由”中的第一条建议是和解。",
    // mixed
    "【《民法典》第一千零七十七条|民法典 1077】：自婚姻登记机关收到离婚登记申请之日起三十日内……",
    "1.【《民法典》第七百零三条|民法典 703】；2.【《物业管理条例》第四十一条|物业管理条例 41】",
    "你可以先看【《民法典》第六百六十七条|民法典 667】，再看【第六百七十九条|民法典 679】。",
    "根据【《民法典》第1071条|民法典 1071】、【第1072条|民法典 1072】，以及【《宪法》第四十九条|宪法 49】，",
    "【《刑法》第二百三十四条第一款|刑法 234 p1】规定的故意伤害罪",
    "构成【刑法第三百八十五条第一款|刑法 385 p1】受贿罪，依照【第三百八十六条|刑法 386】处罚。",
    "【《公司法》第20条第3款|公司法 20 p3】（法人人格否认）",
    "老板不给工资，【《劳动法》第五十条|劳动法 50】、【《劳动合同法》第三十条|劳动合同法 30】都管。",
    "【《民法典》第1254条|民法典 1254】——高空抛物",
    "【《民法典》第680条第1款|民法典 680 p1】禁止高利放贷。",
    "【《刑法》第十七条|刑法 17】已满十六周岁",
    "【《民法典》第1043条|民法典 1043】第二句",
];

/// What statutes and interpretations say, each with the statute it stands in.
const STATUTES: &[(&str, &str)] = &[
    (
        "劳动合同法",
        "违反【本法第十条|劳动合同法 10】规定的，责令改正。",
    ),
    (
        "劳动合同法",
        "有【本法第三十九条|劳动合同法 39】和【第四十条第一项|劳动合同法 40 i1】、【第二项|劳动合同法 40 i2】规定情形的",
    ),
    (
        "劳动合同法",
        "依照【本法第二十六条第一款|劳动合同法 26 p1】规定的情形致使劳动合同无效的",
    ),
    (
        "劳动合同法",
        "违反【第十六条|劳动合同法 16】规定，造成损害的",
    ),
    ("劳动合同法", "第十六条 劳动合同由双方协商一致。"),
    (
        "劳动合同法",
        "第十六条　依照【本法第三条|劳动合同法 3】订立。",
    ),
    (
        "劳动合同法",
        "【本章第九条|劳动合同法 9】至【第十二条|劳动合同法 12】不适用于他。",
    ),
    (
        "劳动合同法",
        "造成【本法第六十条第一款|劳动合同法 60 p1】规定的事故的",
    ),
    (
        "工伤保险条例",
        "【本条例第十四条|工伤保险条例 14】、【第十五条|工伤保险条例 15】规定的情形",
    ),
    (
        "工伤保险条例",
        "依照【《中华人民共和国刑法》第三百条|刑法 300】和【本条例第五条|工伤保险条例 5】处理。",
    ),
    (
        "工伤保险条例",
        "依照【劳动法第三条|劳动法 3】的规定。【本条例第五条|工伤保险条例 5】另有规定的除外。",
    ),
    (
        "工伤保险条例",
        "参照【第十条|工伤保险条例 10】、【第十一条|工伤保险条例 11】的规定办理。",
    ),
    ("灯会管理办法", "【本办法第三条|灯会管理办法 3】所称主办人"),
    (
        "灯会管理办法",
        "按照【本办法第五条第二款第（三）项|灯会管理办法 5 p2 i3】的规定",
    ),
    (
        "民诉法解释",
        "根据【民事诉讼法第五十九条第三款|民事诉讼法 59 p3】规定提起诉讼的",
    ),
    (
        "民诉法解释",
        "【民事诉讼法第二百零七条第十一项|民事诉讼法 207 i11】规定的诉讼请求",
    ),
    (
        "民诉法解释",
        "依照【本解释第三条|最高人民法院关于适用《中华人民共和国民事诉讼法》的解释 3】、【第六条|最高人民法院关于适用《中华人民共和国民事诉讼法》的解释 6】",
    ),
    (
        "民诉法解释",
        "符合【民事诉讼法第一百零一条|民事诉讼法 101】和【本解释第一百七十五条第一款|最高人民法院关于适用《中华人民共和国民事诉讼法》的解释 175 p1】规定的",
    ),
    (
        "民诉法解释",
        "【民法典第五百九十一条|民法典 591】、【第五百九十二条|民法典 592】、【本解释第二十三条|最高人民法院关于适用《中华人民共和国民事诉讼法》的解释 23】",
    ),
    (
        "民间借贷规定",
        "有【民法典第一百四十六条|民法典 146】以及【本规定第十三条|最高人民法院关于审理民间借贷案件适用法律若干问题的规定 13】规定的情形",
    ),
    (
        "民间借贷规定",
        "根据【《中华人民共和国民法典》|民法典】【《中华人民共和国民事诉讼法》|民事诉讼法】等法律，制定本规定。",
    ),
    (
        "民间借贷规定",
        "实施【本规定第一条|最高人民法院关于审理民间借贷案件适用法律若干问题的规定 1】、【第二条第一款|最高人民法院关于审理民间借贷案件适用法律若干问题的规定 2 p1】或者【第三款|最高人民法院关于审理民间借贷案件适用法律若干问题的规定 2 p3】规定的行为",
    ),
    ("关于修改灯会管理办法的决定", "将第九条修改为：“灯会免费。”"),
    ("关于修改灯会管理办法的决定", "删去第十二条和第十三条。"),
    (
        "不在库里的某某实施细则",
        "依照【本实施细则第七十条|? 70】的规定终止",
    ),
    ("不在库里的某某安排", "【本安排第一条|? 1】、【第四条|? 4】"),
    ("刑法", "犯前款罪的，从重处罚。"),
    (
        "刑法",
        "依照【第二百三十四条|刑法 234】、【第二百三十二条|刑法 232】的规定定罪处罚。",
    ),
    ("宪法", "【本法第三条|宪法 3】"),
    (
        "公司法",
        "公司有【本法第二百二十九条第一款第一项|公司法 229 p1 i1】、【第二项|公司法 229 p1 i2】情形",
    ),
    ("公司法", "除【本法第一百条|公司法 100】另有规定外"),
    (
        "公司法",
        "【第四十三条|公司法 43】规定的行政处罚，由登记机关决定。",
    ),
    (
        "企业破产法",
        "依照【本法第四十八条第一款|企业破产法 48 p1】的规定，适用【《中华人民共和国公司法》第三条|公司法 3】",
    ),
    (
        "担保制度解释",
        "【民法典第三百九十二条|民法典 392】、【第七百条|民法典 700】及【本解释第十八条|最高人民法院关于适用《中华人民共和国民法典》有关担保制度的解释 18】",
    ),
];

#[test]
fn answers_articles_and_cases() {
    let library = library();
    let wrong: Vec<String> = PAGES
        .iter()
        .filter_map(|marked| check_in(&library, None, marked))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn statutes_and_interpretations() {
    let library = library();
    let wrong: Vec<String> = STATUTES
        .iter()
        .filter_map(|(own, marked)| check_in(&library, Some(own), marked))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn there_are_enough_labelled_sentences() {
    assert!(
        PAGES.len() + STATUTES.len() >= 200,
        "{}",
        PAGES.len() + STATUTES.len()
    );
}

/// A law of two texts: in the later one article 2 has other words, 3 is dropped and 4 moved up.
fn two_versions() -> Library {
    let version =
        |name: &str, text: &str| parse(&SourcePath::new(name), text, StatuteFields::default()).0;
    Library::new(vec![
        version(
            "灯会法(2019-01-01).md",
            "# 中华人民共和国灯会法\n\n第一条 灯会每年办。\n\n第二条 罚款十元。\n\n第三条 不得喧哗。\n\n第四条 灯要环保，不得用明火照明。\n",
        ),
        version(
            "灯会法(2023-09-01).md",
            "# 中华人民共和国灯会法\n\n第一条 灯会每年办。\n\n第二条 罚款百元。\n\n第三条 灯要环保，不得用明火照明。\n\n第五条 新的规定。\n",
        ),
    ])
}

#[track_caller]
fn status(library: &Library, text: &str, date: Date, today: Date) -> (Status, Option<String>) {
    let context = Context::page(library, Some(date), Some(today));
    let found = resolve(text, &[], &context);
    (
        found[0].status,
        found[0].url(library).map(|url| url.to_string()),
    )
}

#[test]
fn the_version_in_force_on_the_pages_day() {
    let library = two_versions();
    let (old, new) = (Date::constant(2020, 5, 1), Date::constant(2024, 5, 1));
    let url = |path: &str| Some(path.to_owned());
    let at = |text, date| status(&library, text, date, new);
    assert_eq!(
        at("《灯会法》第一条", old),
        (Status::Ok, url("/laws/denghuifa/2019-01-01/#art-1"))
    );
    assert_eq!(
        at("《灯会法》第二条", old),
        (Status::Superseded, url("/laws/denghuifa/2019-01-01/#art-2"))
    );
    assert_eq!(
        at("《灯会法》第二条", new),
        (Status::Ok, url("/laws/denghuifa/#art-2"))
    );
    assert_eq!(
        at("《灯会法》第四条", old),
        (Status::Superseded, url("/laws/denghuifa/2019-01-01/#art-4"))
    );
    assert_eq!(
        at("《灯会法》第四条", new),
        (Status::UnknownArticle, url("/laws/denghuifa/"))
    );
    assert_eq!(
        at("《灯会法》第五条", old),
        (Status::NotYetInForce, url("/laws/denghuifa/2019-01-01/"))
    );
    assert_eq!(
        at("《灯会法》", Date::constant(2010, 1, 1)).0,
        Status::NotYetInForce
    );
    // Seen from a day before the change, nothing is stale.
    assert_eq!(
        status(
            &library,
            "《灯会法》第二条",
            old,
            Date::constant(2023, 8, 31)
        )
        .0,
        Status::Ok
    );
}

#[test]
fn a_superseded_article_says_what_changed_and_where_it_went() {
    let library = two_versions();
    let context = Context::page(
        &library,
        Some(Date::constant(2020, 5, 1)),
        Some(Date::constant(2024, 5, 1)),
    );
    let text = "《灯会法》第二条，第四条，第三条";
    let found = resolve(text, &[], &context);
    let notes: Vec<Note> = found
        .iter()
        .filter_map(|citation| citation.note(&library, context.today))
        .collect();
    assert_eq!(
        notes[0].pieces[1..3],
        [Piece::Deleted("十".into()), Piece::Inserted("百".into())]
    );
    assert_eq!(
        (notes[1].change, notes[1].article),
        (Change::Renumbered, Some(ArticleNo::new(3)))
    );
    assert_eq!((notes[2].change, notes[2].article), (Change::Removed, None));
    let file = SourcePath::new("a.md");
    let messages: Vec<String> =
        problems(&found, &context, &file, &|start, end| Span::new(start, end))
            .iter()
            .map(|problem| {
                crate::diag::catalog::message(problem, crate::diag::catalog::Language::Zh)
            })
            .collect();
    assert_eq!(
        messages[0],
        "《灯会法》第二条后来有修改：…罚款[-十-]{+百+}元。…"
    );
}

#[test]
fn an_unknown_law_is_reported_once() {
    let library = library();
    let context = Context::page(&library, None, None);
    let found = resolve(
        "《某某办法》第三条、第四条，《合同法》第五条，《民法典》第一千三百条",
        &[],
        &context,
    );
    let problems = problems(&found, &context, &SourcePath::new("a.md"), &|start, end| {
        Span::new(start, end)
    });
    let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
    assert_eq!(
        codes,
        [
            "citation-unknown-law",
            "citation-repealed",
            "citation-unknown-article"
        ]
    );
    assert_eq!(problems[1].arg("book"), Some("合同编"));
    assert_eq!(problems[2].arg("last"), Some("第一千二百六十条之一"));
}

/// The citations of a statute by the texts they stand in.
fn in_statute(text: &str) -> Vec<String> {
    let statute = parse(
        &SourcePath::new("灯会条例.md"),
        text,
        StatuteFields::default(),
    )
    .0;
    let library = Library::new(vec![statute]);
    let id = library.find("灯会条例").expect("the only one");
    let (text, found) = statute_citations(&library, id, 0, None);
    found
        .iter()
        .map(|citation| shown(&text.text, citation, &library))
        .collect()
}

#[test]
fn citations_within_a_statute_know_where_they_stand() {
    let text = "# 灯会条例\n\n<!-- INFO END -->\n\n第一条 灯会每年办。\n\n前款所称灯会，依照本条例第三条办。\n\n\
        第二条 前条第二款规定的灯会，有下列情形的停办：\n\n（一）下雨；\n\n（二）前项情形以外的大风。\n\n\
        有前款第一项、第二项情形的，前两款都不适用。\n\n本条第二款除外。\n\n第三条 前两条不适用于夜市。\n";
    assert_eq!(
        in_statute(text),
        [
            "前款|灯会条例 1 p1",
            "本条例第三条|灯会条例 3",
            "前条第二款|灯会条例 1 p2",
            "前项|灯会条例 2 p1 i1",
            "前款第一项|灯会条例 2 p1 i1",
            "第二项|灯会条例 2 p1 i2",
            "本条第二款|灯会条例 2 p2",
            "前两条|灯会条例 1",
        ]
    );
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// Pieces citations are made of, in any order.
    fn soup() -> impl Strategy<Value = String> {
        let pieces = [
            "《",
            "》",
            "〈",
            "民法典",
            "第",
            "一千",
            "零",
            "十",
            "3",
            "１",
            "条",
            "之一",
            "款",
            "项",
            "（",
            "）",
            "、",
            "和",
            "至",
            "本法",
            "该",
            "同",
            "前",
            "两",
            "以下简称",
            "“",
            "”",
            "\n",
            " ",
            "*",
            "规定",
            "，",
            "。",
            "合同",
            "解释",
            "劳动合同法",
            "原",
            "[",
            "](",
            "`",
            "http://",
            "{#",
        ];
        prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..40)
            .prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn any_text_survives(text in prop_oneof![".{0,60}", soup()]) {
            let library = Library::new(Vec::new());
            let own = OwnStatute { law: None, title: "灯会条例", version: None };
            for own in [None, Some(own)] {
                let context = Context { own, ..Context::page(&library, None, None) };
                let found = resolve(&text, &markdown_mask(&text), &context);
                let mut last = 0;
                for citation in &found {
                    prop_assert!(citation.start >= last && citation.start < citation.end, "{found:?}");
                    prop_assert!(text.get(citation.start..citation.end).is_some());
                    last = citation.end;
                }
            }
        }
    }
}
