//! What other programs say in English (the system, the readers of TOML and YAML, the template engine), in Chinese.
//!
//! Such words reach people as arguments of our messages. What is not listed is shown as it is.

use std::borrow::Cow;

/// A phrase as it begins, and what stands in its place. What follows it is kept.
type Phrase = (&'static str, &'static str);

/// `error` in Chinese, as far as it is known.
#[must_use]
pub fn in_chinese(error: &str) -> Cow<'_, str> {
    if let Some(known) = system_error(error) {
        return Cow::Owned(known);
    }
    if let Some((what, name)) = unknown_name(error) {
        return Cow::Owned(format!("没有{what}`{name}`"));
    }
    let mut out = String::new();
    // The reader of TOML names the fault, a comma, and what it expected.
    for (nth, part) in error.split(", ").enumerate() {
        let Some((start, chinese)) = PHRASES.iter().find(|(start, _)| part.starts_with(start))
        else {
            return if nth == 0 {
                Cow::Borrowed(error)
            } else {
                Cow::Owned(out + "，" + &error[position(error, nth)..])
            };
        };
        if nth > 0 {
            out.push('，');
        }
        out.push_str(chinese);
        out.push_str(&part[start.len()..]);
    }
    Cow::Owned(out)
}

/// `filter nosuch is unknown`, as the template engine has it.
fn unknown_name(error: &str) -> Option<(&'static str, &str)> {
    let (what, name) = error.strip_suffix(" is unknown")?.split_once(' ')?;
    let what = match what {
        "filter" => "过滤器",
        "function" => "函数",
        "test" => "判断",
        _ => return None,
    };
    Some((what, name))
}

/// Where the part of number `nth` begins.
fn position(error: &str, nth: usize) -> usize {
    let parts = error.split(", ").take(nth);
    parts.map(|part| part.len() + 2).sum()
}

/// `No such file or directory (os error 2)`: by the number, which every system keeps.
fn system_error(error: &str) -> Option<String> {
    let (before, rest) = error.rsplit_once(" (os error ")?;
    let number = rest.strip_suffix(')')?;
    let wanted: i32 = number.parse().ok()?;
    let (_, chinese) = SYSTEM.iter().find(|(known, _)| *known == wanted)?;
    // What comes before the system's own words is a path or a name.
    let context = before.rsplit_once(": ").map_or("", |(context, _)| context);
    let colon = if context.is_empty() { "" } else { "：" };
    Some(format!("{context}{colon}{chinese}（系统错误 {number}）"))
}

#[cfg(not(windows))]
const SYSTEM: [(i32, &str); 23] = [
    (1, "不允许这样做"),
    (2, "没有这个文件或文件夹"),
    (5, "读写磁盘出错"),
    (13, "没有权限"),
    (16, "正被别的程序占用"),
    (17, "已经有了"),
    (18, "在另一个磁盘上"),
    (20, "不是文件夹"),
    (21, "是文件夹，不是文件"),
    (24, "打开的文件太多"),
    (26, "程序正在运行，不能改"),
    (27, "文件太大"),
    (28, "磁盘满了"),
    (30, "这个磁盘只能读，不能写"),
    (36, "名字太长"),
    (40, "符号链接绕成了圈"),
    (98, "端口已被占用"),
    (99, "这台电脑没有这个地址"),
    (104, "连接断了"),
    (110, "等得太久"),
    (111, "对方拒绝连接"),
    (113, "网络到不了那里"),
    (122, "超出了磁盘配额"),
];

#[cfg(windows)]
const SYSTEM: [(i32, &str); 9] = [
    (2, "没有这个文件"),
    (3, "没有这个文件夹"),
    (5, "没有权限"),
    (32, "正被别的程序打开着"),
    (112, "磁盘满了"),
    (123, "文件名里有不能用的字符"),
    (183, "已经有了"),
    (206, "名字太长"),
    (10048, "端口已被占用"),
];

/// Longer beginnings before shorter ones.
const PHRASES: [Phrase; 63] = [
    // TOML
    ("expected ", "应为 "),
    ("invalid basic string", "字符串不完整"),
    ("invalid multi-line basic string", "多行字符串不完整"),
    ("invalid literal string", "单引号字符串不完整"),
    (
        "invalid multi-line literal string",
        "多行单引号字符串不完整",
    ),
    ("string values must be quoted", "文字要放在引号里"),
    ("unquoted keys cannot be empty", "键不能为空"),
    (
        "invalid unquoted key",
        "键里有不能用的字符（中文的键要放在引号里）",
    ),
    ("key with no value", "有键没有值"),
    ("missing value for key", "键后没有值"),
    ("missing value", "缺少值"),
    (
        "missing assignment between key-value pairs",
        "键和值之间缺少 `=`",
    ),
    (
        "missing comma between array elements",
        "数组的两项之间缺少逗号",
    ),
    (
        "missing comma between key-value pairs",
        "两个键之间缺少逗号",
    ),
    ("missing opening quote", "缺少左引号"),
    ("missing key for inline table element", "花括号里缺少键"),
    ("missing escaped value", "反斜杠后缺少字符"),
    ("duplicate key", "同一个键写了两次"),
    ("extra assignment between key-value pairs", "多了一个 `=`"),
    ("extra `=`", "多了一个 `=`"),
    ("extra comma", "多了一个逗号"),
    ("unexpected `=` in array", "数组里不能有 `=`"),
    ("unexpected key or value", "这里不该有键或值"),
    ("unexpected content", "这里有多余的内容"),
    ("unexpected leading zero", "数字前面多了 0"),
    ("unclosed array table", "缺少 `]]`"),
    ("unclosed inline table", "缺少 `}`"),
    ("unclosed array", "缺少 `]`"),
    ("unclosed table", "缺少 `]`"),
    ("invalid value", "值写得不对"),
    ("invalid key-value pair", "这一行不是“键 = 值”"),
    ("invalid datetime", "日期时间写得不对"),
    ("invalid date", "日期写得不对"),
    ("invalid time", "时间写得不对"),
    ("integer number overflowed", "数字太大"),
    ("recursion limit", "嵌套太深"),
    ("cannot recurse further", "嵌套太深"),
    // YAML
    (
        "mapping values are not allowed in this context",
        "这里不能有“键: 值”，看看上一行的引号和缩进",
    ),
    (
        "mapping keys are not allowed in this context",
        "这里不能有键，看看缩进",
    ),
    (
        "block sequence entries are not allowed in this context",
        "这里不能用 `-` 列表，看看缩进",
    ),
    ("simple key expected", "这里应是“键: 值”"),
    ("simple key expect", "键后面缺少冒号"),
    ("while scanning a quoted scalar", "引号没有成对"),
    ("while parsing a quoted scalar", "引号里的字符写得不对"),
    ("while scanning a plain scalar", "文字里有制表符"),
    ("while scanning a simple key", "键后面缺少冒号"),
    ("while parsing a block mapping", "缩进或冒号不对"),
    ("while parsing a flow mapping", "花括号 `{}` 里写得不对"),
    ("while parsing a flow sequence", "方括号 `[]` 里写得不对"),
    ("invalid indentation", "缩进不对"),
    ("did not find expected", "缺少该有的符号"),
    ("could not find expected", "缺少该有的符号"),
    ("found unprintable character", "有看不见的控制字符"),
    (
        "failed to lookup address information",
        "找不到这个网址的主机",
    ),
    // Templates
    ("unknown filter", "没有这个过滤器"),
    ("unknown function", "没有这个函数"),
    ("unknown test", "没有这种判断"),
    ("unknown method", "没有这个方法"),
    ("undefined value", "用了没有定义的变量"),
    ("template not found", "没有这个模板"),
    ("cycle in template inheritance", "模板绕着圈继承自己"),
    ("syntax error", "语法错误"),
    ("invalid operation", "这样计算不行"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_known_by_its_number() {
        let error = std::io::Error::from_raw_os_error(2).to_string();
        assert!(in_chinese(&error).contains("没有这个文件"), "{error}");
        #[cfg(not(windows))]
        assert_eq!(
            in_chinese("a/b.png: Permission denied (os error 13)"),
            "a/b.png：没有权限（系统错误 13）"
        );
    }

    #[test]
    fn faults_and_what_was_expected() {
        for (english, chinese) in [
            (
                "invalid basic string, expected `\"`",
                "字符串不完整，应为 `\"`",
            ),
            ("duplicate key", "同一个键写了两次"),
            (
                "unknown filter: filter x is unknown",
                "没有这个过滤器: filter x is unknown",
            ),
            ("duplicate key, or so", "同一个键写了两次，or so"),
            ("nobody knows, what", "nobody knows, what"),
            ("filter x is unknown", "没有过滤器`x`"),
        ] {
            assert_eq!(in_chinese(english), chinese);
        }
    }

    #[test]
    fn no_phrase_hides_another() {
        for (at, (later, _)) in PHRASES.iter().enumerate() {
            let hidden = PHRASES[..at]
                .iter()
                .find(|(earlier, _)| later.starts_with(earlier));
            assert_eq!(hidden, None, "{later}");
        }
    }
}
