//! `pufa export …`: books, leaflets, pages for WeChat and settings of servers, as files.
//!
//! A file is written beside its place and then put there, so that a reader finds the old one or the new one, never half.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, Subcommand};
use indicatif::ProgressBar;

use super::args::Global;
use super::report::seconds;
use super::{Status, Terminal, pipeline};
use crate::base::Date;
use crate::config::{BookForm, Overrides, Paper, Purpose};
use crate::diag::{self, Diagnostic};
use crate::export::leaflet::Fold;
use crate::export::offline::{self, Folder, Options, Part};
use crate::export::pdf::Setting;
use crate::export::{self, Bundle, Zip};
use crate::model::{BookId, PageId, Role, Site, Target, numbering};
use crate::output::Recipe;
use crate::pipeline::{Pipeline, Run};
use crate::write;
use crate::write::books::{self, Order, Print, Step, read_asset};

/// `pufa export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// What to make.
    #[command(subcommand)]
    pub form: Form,
    /// 发布网址 — address the site is published under
    #[arg(long, global = true, value_name = "URL")]
    pub base_url: Option<String>,
    /// 按这一天导出 — export for another day
    #[arg(long, global = true, value_name = "DATE", value_parser = super::args::parse_date)]
    pub as_of: Option<Date>,
    /// 包括草稿 — drafts too
    #[arg(long, global = true)]
    pub drafts: bool,
}

/// The forms.
#[derive(Debug, Subcommand)]
pub enum Form {
    /// 电子书 — an e-book (EPUB 3)
    Epub {
        /// 书的编号或位置：`minfadian`、`content/books/minfadian`
        #[arg(value_name = "BOOK")]
        book: String,
        /// 输出文件（默认：BOOK.epub）— the file to write
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// 可印刷的 PDF（PDF/UA-1） — pages to print (PDF/UA-1)
    Pdf {
        /// 书的编号或位置 — a book's name or folder
        #[arg(value_name = "BOOK")]
        book: String,
        /// 纸张：a5、a4（默认按 `[pdf] paper`，否则 a5） — the paper
        #[arg(long, value_name = "SIZE", value_parser = parse_paper)]
        paper: Option<Paper>,
        /// 大字版，16 磅 — large print, 16 points
        #[arg(long)]
        large: bool,
        /// 拼版：两页并排，双面打印后对折成册 — pages in pairs, to print on both sides and fold
        #[arg(long)]
        booklet: bool,
        /// 输出文件（默认：BOOK.pdf）— the file to write
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// 一张 A4 折页，可打印 — a leaflet, one sheet of A4, to print
    Leaflet {
        /// 页面的网址或源文件，主题、人群的名称，或书的编号 — a page, a topic or audience, or a book
        #[arg(value_name = "PAGE")]
        page: String,
        /// 怎么折：flat 不折，three 三折（默认按页面的 `fold`） — how it is folded
        #[arg(long, value_name = "HOW", value_parser = parse_fold)]
        fold: Option<Fold>,
        /// 输出文件（默认：NAME.html）— the file to write
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// 微信公众号可粘贴的网页 — a page to paste into WeChat's editor
    Wechat {
        /// 页面的网址或源文件 — a page's address or source
        #[arg(value_name = "PAGE")]
        page: String,
        /// 输出文件（默认：NAME.html；图片放在旁边的 NAME/）— the file to write
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// 整站的离线包（ZIP），双击即可打开 — the site as a ZIP that opens by a double click
    Offline {
        /// 只要一个主题或人群 — only a topic or audience
        #[arg(long, value_name = "TOPIC")]
        topic: Option<String>,
        /// 不放声音和视频 — leave out sound and video
        #[arg(long)]
        no_media: bool,
        /// 输出文件（默认：offline.zip）— the file to write
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// 分享卡片：每问一张 PNG — cards to share, a PNG for each question
    Cards {
        /// 书的编号，或章、问题的网址或源文件 — a book, or a chapter's or question's address or source
        #[arg(value_name = "PAGE")]
        page: String,
        /// 输出文件夹（默认：cards）— the folder to write into
        #[arg(long, short, value_name = "DIR")]
        output: Option<PathBuf>,
    },
    /// 网站服务器的设置：_headers、nginx、Apache — settings of web servers
    Headers {
        /// 输出文件夹（默认：本文件夹）— the folder to write into
        #[arg(long, short, value_name = "DIR")]
        output: Option<PathBuf>,
    },
    /// 给问题固定编号，写入 books.lock — give questions their lasting numbers
    Numbers,
}

impl Form {
    /// Where it is to be written, when that is said.
    fn output(&self) -> Option<&Path> {
        match self {
            Form::Epub { output, .. }
            | Form::Pdf { output, .. }
            | Form::Leaflet { output, .. }
            | Form::Wechat { output, .. }
            | Form::Offline { output, .. }
            | Form::Cards { output, .. }
            | Form::Headers { output } => output.as_deref(),
            Form::Numbers => None,
        }
    }
}

/// Why nothing can be written there: found before anything is made.
fn output_problem(output: &Path) -> Option<Diagnostic> {
    if output == Path::new("-") {
        return Some(Diagnostic::new("export-to-stdout"));
    }
    let special = |found: &std::fs::Metadata| !found.is_file() && !found.is_dir();
    let found = std::fs::metadata(output).ok();
    found
        .filter(special)
        .map(|_| Diagnostic::new("export-no-file").with("path", output.display()))
}

/// Runs `pufa export`.
pub(super) fn run(global: &Global, args: &ExportArgs, terminal: &Terminal) -> Status {
    let since = Instant::now();
    let overrides = Overrides {
        base_url: args.base_url.clone(),
        output_dir: None,
        drafts: args.drafts,
        as_of: args.as_of,
        purpose: match args.form {
            Form::Offline { .. } => Purpose::Disk,
            Form::Epub { .. }
            | Form::Pdf { .. }
            | Form::Cards { .. }
            | Form::Leaflet { .. }
            | Form::Wechat { .. }
            | Form::Headers { .. }
            | Form::Numbers => Purpose::Publish,
        },
    };
    if let Some(problem) = args.form.output().and_then(output_problem) {
        return terminal.fail(&problem, Status::Usage);
    }
    let mut pipeline = match pipeline(global, overrides, terminal) {
        Ok(pipeline) => pipeline,
        Err(status) => return status,
    };
    let run = pipeline.run();
    if diag::has_errors(&run.diagnostics) {
        terminal.show(&run.diagnostics, &pipeline);
        return Status::Content;
    }
    let job = Job {
        pipeline: &pipeline,
        run: &run,
        terminal,
        since,
    };
    job.form(&args.form).unwrap_or_else(|status| status)
}

/// An export being made.
struct Job<'a> {
    pipeline: &'a Pipeline,
    run: &'a Run,
    terminal: &'a Terminal,
    since: Instant,
}

impl Job<'_> {
    fn form(&self, form: &Form) -> Result<Status, Status> {
        match form {
            Form::Epub { book, output } => self.book(book, None, output.as_deref()),
            Form::Pdf {
                book,
                paper,
                large,
                booklet,
                output,
            } => {
                let defaults = &self.run.site().config.pdf;
                let setting = Setting {
                    paper: paper.unwrap_or(defaults.paper),
                    large: *large || defaults.large,
                };
                let print = Print {
                    setting,
                    folded: *booklet,
                };
                self.book(book, Some(print), output.as_deref())
            }
            Form::Leaflet { page, fold, output } => self.leaflet(page, *fold, output.as_deref()),
            Form::Wechat { page, output } => self.wechat(page, output.as_deref()),
            Form::Offline {
                topic,
                no_media,
                output,
            } => self.offline(topic.as_deref(), !no_media, output.as_deref()),
            Form::Cards { page, output } => self.cards(page, output.as_deref()),
            Form::Headers { output } => self.headers(output.as_deref()),
            Form::Numbers => self.numbers(),
        }
    }

    /// Makes a book, or takes it from the cache: an e-book, unless it is to be printed.
    fn book(
        &self,
        name: &str,
        print: Option<Print>,
        output: Option<&Path>,
    ) -> Result<Status, Status> {
        let site = self.run.site();
        let book =
            find_book(site, name).map_err(|problem| self.terminal.fail(&problem, Status::Usage))?;
        let order = Order {
            book,
            epub: print.is_none(),
            print,
        };
        let spinner = self.terminal.spinner();
        let step = |step| self.step(step, &spinner);
        let made = books::book(&self.run.world, order, &self.work(), &step);
        spinner.finish_and_clear();
        let kept = made.map_err(|error| self.unreadable(&error))?;
        self.refuse(&kept.diagnostics)?;
        let form = print.map_or(BookForm::Epub, |_| BookForm::Pdf);
        let bytes = kept.bytes(form).map_err(|error| self.unreadable(&error))?;
        let file = output.map_or_else(
            || PathBuf::from(format!("{}.{}", site.books[book.index()].id, form.name())),
            Path::to_path_buf,
        );
        self.write(&file, &bytes)?;
        self.done(&file, bytes.len());
        Ok(Status::Fine)
    }

    /// Draws the cards of a question, or of a whole book.
    fn cards(&self, name: &str, output: Option<&Path>) -> Result<Status, Status> {
        let site = self.run.site();
        let pages = self.card_pages(name)?;
        let folder = output.unwrap_or(Path::new("cards"));
        let bar = self.terminal.progress_of(pages.len());
        let mut total = 0;
        for page in &pages {
            let (bytes, problems) = books::card(&self.run.world, *page, &self.work())
                .map_err(|error| self.unreadable(&error))?;
            self.refuse(&problems)?;
            let id = site.question(site.page(*page)).map(|question| &question.id);
            let name = id.map_or("card", |id| id.as_str());
            self.write(&folder.join(format!("{name}.png")), &bytes)?;
            total += bytes.len();
            bar.inc(1);
        }
        bar.finish_and_clear();
        self.done(folder, total);
        Ok(Status::Fine)
    }

    /// The questions of a book, of a chapter, or the one question named.
    fn card_pages(&self, name: &str) -> Result<Vec<PageId>, Status> {
        let site = self.run.site();
        if let Ok(book) = find_book(site, name) {
            return Ok(site.books[book.index()].listed().to_vec());
        }
        let target = find_target(site, name)
            .map_err(|problem| self.terminal.fail(&problem, Status::Usage))?;
        let pages = questions_of(site, target);
        if pages.is_empty() {
            let problem = Diagnostic::new("card-no-question").with("page", name);
            return Err(self.terminal.fail(&problem, Status::Usage));
        }
        Ok(pages)
    }

    fn work(&self) -> PathBuf {
        write::work_folder(self.pipeline.folder())
    }

    fn step(&self, step: Step, spinner: &ProgressBar) {
        let (zh, en) = match step {
            Step::Compose => ("整理", "composing"),
            Step::Fonts => ("字体", "fonts"),
            Step::Set => ("排版", "setting"),
        };
        spinner.set_message(self.terminal.say(zh, en).to_owned());
        self.progress(zh, en);
    }

    fn leaflet(
        &self,
        name: &str,
        fold: Option<Fold>,
        output: Option<&Path>,
    ) -> Result<Status, Status> {
        let site = self.run.site();
        let target = find_target(site, name)
            .or_else(|problem| {
                let book = find_book(site, name).map_err(|_| problem)?;
                Ok(Target::Section(site.books[book.index()].section, 1))
            })
            .map_err(|problem: Box<Diagnostic>| self.terminal.fail(&problem, Status::Usage))?;
        let file = self.page_path(target, output);
        let bundle =
            export::leaflet::compose(&self.run.world, target, fold, &pictures_beside(&file));
        self.refuse_errors(&bundle)?;
        self.page_file(&file, &bundle)
    }

    fn wechat(&self, name: &str, output: Option<&Path>) -> Result<Status, Status> {
        let target = find_target(self.run.site(), name)
            .map_err(|problem| self.terminal.fail(&problem, Status::Usage))?;
        let Target::Page(page) = target else {
            let problem = Diagnostic::new("export-page-unknown").with("page", name);
            return Err(self.terminal.fail(&problem, Status::Usage));
        };
        let file = self.page_path(target, output);
        let bundle = export::wechat::compose(&self.run.world, page, &pictures_beside(&file));
        self.refuse_errors(&bundle)?;
        self.page_file(&file, &bundle)
    }

    /// The file a page is written to: the one asked for, else one called like the page.
    fn page_path(&self, target: Target, output: Option<&Path>) -> PathBuf {
        let url = self.run.site().url(target);
        let name = url
            .path()
            .trim_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or("index");
        output.map_or_else(|| PathBuf::from(format!("{name}.html")), Path::to_path_buf)
    }

    /// Writes a page with the pictures beside it; the page comes last, so that it is never without them.
    fn page_file(&self, file: &Path, bundle: &Bundle) -> Result<Status, Status> {
        let folder = file.parent().unwrap_or(Path::new(""));
        let files = bundle
            .read(&read_asset)
            .map_err(|error| self.unreadable(&error))?;
        let mut size = 0;
        for (path, bytes) in files.iter().rev() {
            size += bytes.len();
            let place = if path == export::PAGE {
                file.to_path_buf()
            } else {
                folder.join(path)
            };
            self.write(&place, bytes)?;
        }
        self.done(file, size);
        Ok(Status::Fine)
    }

    fn offline(
        &self,
        topic: Option<&str>,
        media: bool,
        output: Option<&Path>,
    ) -> Result<Status, Status> {
        let topic = topic
            .map(|name| find_topic(self.run.site(), name))
            .transpose()
            .map_err(|problem| self.terminal.fail(&problem, Status::Usage))?;
        let (world, work) = (&self.run.world, write::work_folder(self.pipeline.folder()));
        let make = |recipe: &Recipe| write::make(world, recipe, &work);
        let folder = offline::compose(world, Options { topic, media }, &make)
            .map_err(|error| self.unwritten(&work, &error))?;
        self.terminal.show(&folder.diagnostics, self.pipeline);
        if diag::has_errors(&folder.diagnostics) {
            return Err(Status::Content);
        }
        self.progress("打包", "packing");
        let file = output.unwrap_or(Path::new("offline.zip"));
        put_with(file, |out| zip_folder(&folder, out))
            .map_err(|error| self.unwritten(file, &error))?;
        for (kind, files, bytes) in &folder.sizes {
            let size = offline::readable(*bytes);
            self.terminal
                .line(&format!("  {size:>9} {files:>6}  {kind}"));
        }
        let size = std::fs::metadata(file).map_or(0, |found| found.len());
        self.done(file, usize::try_from(size).unwrap_or(usize::MAX));
        Ok(Status::Fine)
    }

    fn headers(&self, output: Option<&Path>) -> Result<Status, Status> {
        let folder = output.unwrap_or(Path::new("."));
        for (path, text) in export::headers::compose(&self.run.world) {
            let file = folder.join(&path);
            self.write(&file, text.as_bytes())?;
            self.done(&file, text.len());
        }
        Ok(Status::Fine)
    }

    fn numbers(&self) -> Result<Status, Status> {
        let known = &self.run.site().numbers;
        let complete = known.complete(self.run.site());
        let file = self.pipeline.folder().join(numbering::FILE);
        if complete == *known {
            self.terminal.line(self.terminal.say(
                "每个问题都已有固定编号",
                "every question has its lasting number",
            ));
            return Ok(Status::Fine);
        }
        let text = complete.write();
        self.write(&file, text.as_bytes())?;
        self.done(&file, text.len());
        Ok(Status::Fine)
    }

    fn progress(&self, zh: &str, en: &str) {
        if self.terminal.verbose {
            let time = seconds(self.since.elapsed());
            self.terminal
                .line(&format!("  {:<10} {time}", self.terminal.say(zh, en)));
        }
    }

    fn refuse_errors(&self, bundle: &Bundle) -> Result<(), Status> {
        self.refuse(&bundle.diagnostics)
    }

    /// Shows problems; with an error among them nothing is written.
    fn refuse(&self, problems: &[Diagnostic]) -> Result<(), Status> {
        self.terminal.show(problems, self.pipeline);
        if diag::has_errors(problems) {
            return Err(Status::Content);
        }
        Ok(())
    }

    fn write(&self, file: &Path, bytes: &[u8]) -> Result<(), Status> {
        put(file, bytes).map_err(|error| self.unwritten(file, &error))
    }

    fn unwritten(&self, file: &Path, error: &io::Error) -> Status {
        let problem = Diagnostic::new("export-write")
            .with("path", file.display())
            .with("error", error);
        self.terminal.fail(&problem, Status::Machine)
    }

    fn unreadable(&self, error: &io::Error) -> Status {
        let problem = Diagnostic::new("export-read")
            .with("path", self.pipeline.folder().display())
            .with("error", error);
        self.terminal.fail(&problem, Status::Machine)
    }

    fn done(&self, file: &Path, size: usize) {
        let time = seconds(self.since.elapsed());
        let kilobytes = size.div_ceil(1024);
        let file = file.display();
        let text = match self.terminal.language {
            diag::catalog::Language::Zh => format!("已写入 {file}（{kilobytes} KB，用时 {time}）"),
            diag::catalog::Language::En => format!("wrote {file} ({kilobytes} KB, {time})"),
        };
        self.terminal.line(&text);
    }
}

/// The folder for the pictures of a page, beside it and called like it: two pages in one folder don't share theirs.
fn pictures_beside(file: &Path) -> String {
    let name = |part: Option<&std::ffi::OsStr>| {
        part.map(|part| part.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let (stem, whole) = (name(file.file_stem()), name(file.file_name()));
    if stem == whole {
        format!("{stem}-files")
    } else {
        stem
    }
}

fn parse_paper(text: &str) -> Result<Paper, String> {
    parse_name(text, Paper::NAMES)
}

fn parse_fold(text: &str) -> Result<Fold, String> {
    parse_name(text, Fold::NAMES)
}

/// The value of a name; the error lists the names there are.
fn parse_name<T: Copy, const N: usize>(
    text: &str,
    names: [(&'static str, T); N],
) -> Result<T, String> {
    let found = names.iter().find(|(name, _)| *name == text);
    found
        .map(|(_, value)| *value)
        .ok_or_else(|| names.map(|(name, _)| name).join(", "))
}

/// The questions a page, a chapter or a book shows.
fn questions_of(site: &Site, target: Target) -> Vec<PageId> {
    match target {
        Target::Page(id) => match site.page(id).role {
            Role::Question(..) => vec![id],
            Role::Chapter(..) => site.chapter_questions(site.page(id)),
            Role::File => Vec::new(),
        },
        Target::Section(id, _) => {
            let whole = site.books.iter().find(|book| book.section == id);
            let whole = whole.map(|book| book.listed().to_vec());
            let chapter = || {
                let (book, place) = site.chapter_of(id)?;
                let book = &site.books[book.index()];
                Some(book.questions[book.chapters[place].questions.clone()].to_vec())
            };
            whole.or_else(chapter).unwrap_or_default()
        }
        Target::Taxonomy(_)
        | Target::Term(..)
        | Target::BookPrint(_)
        | Target::Asset(_)
        | Target::House(_)
        | Target::Alias(_)
        | Target::Fallback(_)
        | Target::Law(..)
        | Target::LawChapter(..)
        | Target::Comparison(..) => Vec::new(),
    }
}

/// Writes the files of a folder and their checksums into a ZIP, one after the other.
fn zip_folder(folder: &Folder, out: &mut std::fs::File) -> io::Result<()> {
    let mut zip = Zip::new(io::BufWriter::new(out));
    let mut sums = String::new();
    for (path, part) in &folder.files {
        let bytes = match part {
            Part::Bytes(bytes) => std::borrow::Cow::Borrowed(bytes),
            Part::Copy(asset) => std::borrow::Cow::Owned(read_asset(asset)?),
        };
        sums.push_str(&offline::sum_line(path, &bytes));
        zip.add(path, &bytes)?;
    }
    zip.add(offline::SUMS, sums.as_bytes())?;
    zip.finish()
}

/// Writes a file whole or not at all.
fn put(file: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write;
    put_with(file, |out| out.write_all(bytes))
}

/// How many links may lead to one another.
const LINKS: usize = 40;

/// Where a file really is: what links lead to, which is there or not yet.
fn place_of(file: &Path) -> io::Result<PathBuf> {
    let mut place = file.to_path_buf();
    for _ in 0..LINKS {
        let Ok(found) = std::fs::symlink_metadata(&place) else {
            return Ok(place);
        };
        if found.is_symlink() {
            let to = std::fs::read_link(&place)?;
            place = place.parent().unwrap_or(Path::new("")).join(to);
        } else if found.is_file() || found.is_dir() {
            return Ok(place);
        } else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "no plain file"));
        }
    }
    Err(io::Error::new(
        io::ErrorKind::InvalidInput,
        "links in a circle",
    ))
}

/// Makes a file beside its place, then puts it there: a link stays one, and a device is left alone.
fn put_with(
    file: &Path,
    make: impl FnOnce(&mut std::fs::File) -> io::Result<()>,
) -> io::Result<()> {
    let file = &*place_of(file)?;
    if let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder)?;
    }
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = file.with_file_name(name);
    let written = std::fs::File::create(&part).and_then(|mut out| {
        make(&mut out)?;
        out.sync_all()
    });
    let placed = written.and_then(|()| std::fs::rename(&part, file));
    if placed.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    placed
}

/// The book of an id, a folder or an address.
fn find_book(site: &Site, name: &str) -> Result<BookId, Box<Diagnostic>> {
    let file = name.trim_start_matches("@/").trim_matches('/');
    let path = file.trim_end_matches("_index.md").trim_matches('/');
    let found = site.books.iter().enumerate().filter_map(|(index, book)| {
        let section = site.section(book.section);
        let written = section.file.map(|file| site.file(file).path.as_str());
        let is_file = written.is_some_and(|written| {
            written == file || written.strip_prefix("content/") == Some(file)
        });
        let named = *book.id == *name
            || section.folder == path
            || section.folder.strip_prefix("content/") == Some(path);
        let foreign = *section.language != *site.config.default_language;
        // Of a book and its translations, which share their folder and id, that in the site's language is meant.
        let nearness = if is_file || section.url.as_str().trim_matches('/') == path {
            0
        } else if named {
            1 + usize::from(foreign)
        } else {
            return None;
        };
        Some((nearness, index))
    });
    found
        .min()
        .map(|(_, index)| BookId::of(index))
        .ok_or_else(|| {
            let names: Vec<&str> = site.books.iter().map(|book| &*book.id).collect();
            let near = crate::base::nearest(name, names.iter().copied());
            let choices = (!names.is_empty()).then(|| names.join("、"));
            Box::new(
                Diagnostic::new("book-unknown")
                    .with("book", name)
                    .with_option("nearest", near)
                    .with_option("choices", choices),
            )
        })
}

/// The page of an address or a source file, with the question its fragment names; or the term of a name.
fn find_target(site: &Site, name: &str) -> Result<Target, Box<Diagnostic>> {
    let (path, fragment) = match name.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment)),
        None => (name, None),
    };
    let source = path.trim_start_matches("@/").trim_start_matches("./");
    let inner = format!("content/{source}");
    let address = format!("/{}/", path.trim_matches('/'));
    let found = [source, inner.as_str()]
        .into_iter()
        .find_map(|source| site.routes.by_source.get(source))
        .or_else(|| site.routes.by_url.get(&address))
        .copied()
        .map(|target| site.routes.shown(target));
    let found = match (found, fragment) {
        (Some(Target::Page(id)), Some(fragment)) => {
            question_in(site, id, fragment).map(Target::Page)
        }
        (found, _) => found,
    };
    found.or_else(|| find_term(site, name)).ok_or_else(|| {
        let near = crate::base::nearest(&address, site.pages.iter().map(|page| page.url.as_str()));
        Box::new(
            Diagnostic::new("export-page-unknown")
                .with("page", name)
                .with_option("nearest", near),
        )
    })
}

fn question_in(site: &Site, chapter: PageId, fragment: &str) -> Option<PageId> {
    let file = site.page(chapter).file;
    site.page_ids()
        .filter(|(_, page)| page.file == file)
        .find(|(_, page)| {
            site.question(page)
                .is_some_and(|question| question.id == fragment)
        })
        .map(|(id, _)| id)
}

fn find_term(site: &Site, name: &str) -> Option<Target> {
    (0..)
        .zip(site.taxonomies.iter())
        .find_map(|(index, taxonomy)| {
            let term = taxonomy.find(name)?;
            Some(Target::Term(index, term, 1))
        })
}

/// A topic or an audience by its name.
fn find_topic(site: &Site, name: &str) -> Result<(u32, u32), Box<Diagnostic>> {
    if let Some(Target::Term(taxonomy, term, _)) = find_term(site, name) {
        return Ok((taxonomy, term));
    }
    let names = || {
        let terms = site.taxonomies.iter().flat_map(|taxonomy| &taxonomy.terms);
        terms.map(|term| &*term.name)
    };
    let choices: Vec<&str> = names().collect();
    Err(Box::new(
        Diagnostic::new("export-topic-unknown")
            .with("topic", name)
            .with_option("nearest", crate::base::nearest(name, names()))
            .with_option("choices", (!choices.is_empty()).then(|| choices.join("、"))),
    ))
}
