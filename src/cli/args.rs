//! Every command and flag, with its help. Help is in Chinese and English: people of both read it before a locale is known.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::base::Date;
use crate::diag::catalog::Language;
use crate::diag::emit::Format;

/// 普法网站生成器 — a static site generator for public legal education
#[derive(Debug, Parser)]
#[command(
    name = "pufa",
    version,
    about,
    propagate_version = false,
    arg_required_else_help = true
)]
pub struct Cli {
    /// Flags of every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// 站点文件夹（默认：本文件夹或上级中有 pufa.toml 的）— the site's folder
    #[arg(long, global = true, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// 配置文件 — another configuration file
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// 提示语言：zh 或 en（默认随系统）— language of messages
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<MessageLanguage>,
    /// 只说错误 — say errors only
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// 多说一些 — say more
    #[arg(long, short, global = true)]
    pub verbose: bool,
    /// 颜色 — colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

/// Language of messages.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum MessageLanguage {
    /// 中文
    Zh,
    /// English
    En,
}

impl From<MessageLanguage> for Language {
    fn from(language: MessageLanguage) -> Self {
        match language {
            MessageLanguage::Zh => Self::Zh,
            MessageLanguage::En => Self::En,
        }
    }
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// 终端里用 — on a terminal
    Auto,
    /// 总是 — always
    Always,
    /// 从不 — never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 建一个新站点，或在站点里加一页、一本书…… — make a site, or a piece of one
    New(NewArgs),
    /// 生成站点 — build the site
    Build(BuildArgs),
    /// 边写边看 — preview the site
    Serve(ServeArgs),
    /// 检查内容 — report everything that is wrong
    Check(CheckArgs),
    /// 在终端里搜索站点 — search the site
    Search(super::search::SearchArgs),
    /// 找出一段文字里引用的法条 — the citations in a text
    Cite(super::cite::CiteArgs),
    /// 查法律库：有哪些、条文、两个版本的差别 — look into the law library
    Law(super::law::LawArgs),
    /// 做成电子书、折页、公众号文章…… — make e-books, leaflets, pages for WeChat
    Export(super::export::ExportArgs),
    /// 输出命令补全脚本 — print completions for a shell
    Completions(CompletionsArgs),
}

/// `pufa new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// 文件夹或文件：新站点的位置，或（用 --kind）`content/` 之内的位置 — where to make it
    #[arg(value_name = "DIR")]
    pub path: PathBuf,
    /// 加什么（不写时建新站点）— what to add to an existing site
    #[arg(long, value_enum)]
    pub kind: Option<NewKind>,
    /// 标题 — its title
    #[arg(long)]
    pub title: Option<String>,
}

/// What `new --kind` makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NewKind {
    /// 文章
    Page,
    /// 问答书
    Book,
    /// 一章问答
    Chapter,
    /// 课程
    Course,
    /// 一集课
    Episode,
    /// 案例
    Case,
    /// 法律
    Law,
    /// 活动
    Event,
    /// 文书模板
    Form,
    /// 测验
    Quiz,
    /// 自测路径
    Path,
    /// 计算器
    Calculator,
    /// 横幅通知，到期自己消失
    Notice,
    /// 办事机构名录
    Directory,
}

/// `pufa build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// 输出文件夹 — output folder
    #[arg(long, short, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// 发布网址 — address the site is published under
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// 包括草稿 — drafts too
    #[arg(long)]
    pub drafts: bool,
    /// 按这一天生成 — build for another day
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub as_of: Option<Date>,
    /// 线程数 — number of threads
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<usize>,
}

/// `pufa serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// 端口（默认 1111，被占用时取下一个）— port
    #[arg(long, short, value_name = "N")]
    pub port: Option<u16>,
    /// 监听的地址；0.0.0.0 让同一网络里的手机也能看 — address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1")]
    pub interface: IpAddr,
    /// 打开浏览器 — open the browser
    #[arg(long)]
    pub open: bool,
    /// 包括草稿 — drafts too
    #[arg(long)]
    pub drafts: bool,
}

/// `pufa check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// 输出格式 — form of the messages
    #[arg(long, value_enum, default_value = "human")]
    pub format: OutputFormat,
    /// 按这一天检查 — check for another day
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub as_of: Option<Date>,
    /// 也检查站外链接 — check links to other sites too
    #[arg(long)]
    pub external: bool,
    /// 把要律师核对的引用写成一个网页 — write the citations a lawyer should look at as a page
    #[arg(long, value_name = "FILE")]
    pub report: Option<std::path::PathBuf>,
    /// 包括草稿 — drafts too
    #[arg(long)]
    pub drafts: bool,
}

/// Form of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// 带原文 — with the source line
    Human,
    /// 一行一条 — one line each
    Short,
    /// 一行一个 JSON — one JSON object a line
    Json,
}

impl From<OutputFormat> for Format {
    fn from(format: OutputFormat) -> Self {
        match format {
            OutputFormat::Human => Self::Human,
            OutputFormat::Short => Self::Short,
            OutputFormat::Json => Self::Json,
        }
    }
}

/// `pufa completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Shell
    pub shell: clap_complete::Shell,
}

/// A day on the command line.
pub fn parse_date(text: &str) -> Result<Date, String> {
    crate::base::date::parse_date(text)
        .ok_or_else(|| format!("`{text}` 不是日期；写成 2026-03-05 — is no date; write 2026-03-05"))
}
