//! Sites in temporary folders, and the program run on them.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::missing_panics_doc,
    reason = "tests touch the disk and stop at what they did not expect; no test file uses all of this"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use serde_json::Value;
use tempfile::TempDir;

/// The program under test.
pub const PUFA: &str = env!("CARGO_BIN_EXE_pufa");

/// A site in a folder that goes away with it.
pub struct Site {
    folder: TempDir,
}

/// What a run of the program gave.
#[derive(Debug)]
pub struct Outcome {
    /// The exit status.
    pub status: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Outcome {
    /// The diagnostics of a `check --format json`.
    pub fn diagnostics(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
            .collect()
    }

    /// Their codes, in order.
    pub fn codes(&self) -> Vec<String> {
        let code = |found: &Value| found["code"].as_str().unwrap_or_default().to_owned();
        self.diagnostics().iter().map(code).collect()
    }

    /// Stops unless the status is the one that is wanted, and whenever the program panicked.
    pub fn expect_status(self, wanted: i32) -> Self {
        assert!(!self.stderr.contains("panicked"), "{self:#?}");
        assert_eq!(self.status, wanted, "{self:#?}");
        self
    }
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Site {
    /// An empty folder.
    pub fn empty() -> Self {
        Self {
            folder: TempDir::new().expect("a temporary folder"),
        }
    }

    /// A site of these files.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let site = Self::empty();
        for (path, text) in files {
            site.write(path, text);
        }
        site
    }

    /// A small pufa site: a configuration without anything special, and these files.
    pub fn plain(files: &[(&str, &str)]) -> Self {
        let site = Self::new(files);
        if !site.path().join("pufa.toml").exists() {
            site.write(
                "pufa.toml",
                "title = \"测试\"\nbase_url = \"https://pufa.example.org\"\n",
            );
        }
        site
    }

    /// A copy of a folder of `tests/sites`.
    pub fn fixture(name: &str) -> Self {
        let site = Self::empty();
        let from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/sites")
            .join(name);
        for (path, bytes) in files_below(&from) {
            site.write(&path, bytes);
        }
        site
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file.
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("inside the site")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    /// Removes a file.
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path().join(path)).expect("there was such a file");
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        let path = self.path().join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The text of an output file.
    pub fn public(&self, path: &str) -> String {
        self.read(&format!("public/{path}"))
    }

    /// Whether there is such an output file.
    pub fn has(&self, path: &str) -> bool {
        self.path().join("public").join(path).exists()
    }

    /// The program with these arguments, in the site's folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PUFA);
        command
            .args(arguments)
            .args(["--lang", "en"])
            .current_dir(self.path());
        command
    }

    /// Runs the program.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        self.command(arguments)
            .output()
            .expect("the program starts")
            .into()
    }

    /// Builds; stops unless that goes well.
    pub fn build(&self) -> Outcome {
        self.run(&["build"]).expect_status(0)
    }

    /// What is wrong with the site, as JSON.
    pub fn check(&self) -> Outcome {
        self.run(&["check", "--format", "json"])
    }

    /// Every output file with its bytes.
    pub fn output(&self) -> BTreeMap<String, Vec<u8>> {
        files_below(&self.path().join("public"))
    }

    /// When every output file was changed last.
    pub fn times(&self) -> BTreeMap<String, SystemTime> {
        let public = self.path().join("public");
        let time = |path: &str| {
            fs::metadata(public.join(path))
                .and_then(|found| found.modified())
                .expect("a time")
        };
        self.output()
            .keys()
            .map(|path| (path.clone(), time(path)))
            .collect()
    }
}

/// Every file below a folder with its bytes, by its path inside.
pub fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in
            fs::read_dir(&next).unwrap_or_else(|error| panic!("{}: {error}", next.display()))
        {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let inner = path.strip_prefix(folder).expect("below the folder");
            let inner = inner.to_string_lossy().replace('\\', "/");
            found.insert(inner, fs::read(&path).expect("a file"));
        }
    }
    found
}

/// A PNG of one colour.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([(x % 256) as u8, (y % 256) as u8, 128])
    });
    picture
        .write_to(
            &mut std::io::Cursor::new(&mut bytes),
            image::ImageFormat::Png,
        )
        .expect("a picture");
    bytes
}
