//! Three things that are all "a path" and must not be mixed up.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The path as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &*self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

text_type! {
    /// A source file, relative to the site's root, with `/` between parts: `content/qa/loan.md`.
    /// Files outside the root (a law library) keep the path the configuration names them by.
    SourcePath
}

text_type! {
    /// A file of the output, relative to the output folder: `qa/loan/index.html`.
    OutPath
}

text_type! {
    /// An address inside the site, from the site's root: `/qa/loan/`, `/laws/minfadian/#art-1079`.
    Url
}

impl SourcePath {
    /// A source path from its text.
    pub fn new(path: impl Into<Arc<str>>) -> Self {
        Self(path.into())
    }

    /// The part after the last `/`.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The file name's part after its last dot, in lower case.
    #[must_use]
    pub fn extension(&self) -> Option<String> {
        let (stem, extension) = self.file_name().rsplit_once('.')?;
        (!stem.is_empty()).then(|| extension.to_ascii_lowercase())
    }

    /// The folder the file lies in, without a trailing `/`; empty at the root.
    #[must_use]
    pub fn parent(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(parent, _)| parent)
    }
}

impl OutPath {
    /// An output path from its text; leading slashes are dropped.
    #[must_use]
    pub fn new(path: &str) -> Self {
        Self(path.trim_start_matches('/').into())
    }

    /// The file that answers `url`: a folder address is answered by its `index.html`.
    #[must_use]
    pub fn of_url(url: &Url) -> Self {
        let path = url.path();
        if path.ends_with('/') {
            Self::new(&format!("{path}index.html"))
        } else {
            Self::new(path)
        }
    }
}

impl Url {
    /// An address from its text; a leading slash is added where it is missing.
    #[must_use]
    pub fn new(url: &str) -> Self {
        if url.starts_with('/') {
            Self(url.into())
        } else {
            Self(format!("/{url}").into())
        }
    }

    /// The address without its fragment.
    #[must_use]
    pub fn path(&self) -> &str {
        self.0.split('#').next().unwrap_or("/")
    }

    /// The part after `#`.
    #[must_use]
    pub fn fragment(&self) -> Option<&str> {
        self.0.split_once('#').map(|(_, fragment)| fragment)
    }

    /// The same page with another fragment.
    #[must_use]
    pub fn with_fragment(&self, fragment: &str) -> Self {
        Self(format!("{}#{fragment}", self.path()).into())
    }

    /// The address relative to the page at `from`, as it is written in a link.
    ///
    /// ```
    /// use pufa::base::Url;
    /// let page = Url::new("/qa/loan/");
    /// assert_eq!(Url::new("/laws/minfadian/#art-1").relative_to(&page), "../../laws/minfadian/#art-1");
    /// assert_eq!(Url::new("/qa/loan/#a").relative_to(&page), "#a");
    /// assert_eq!(Url::new("/").relative_to(&Url::new("/404.html")), "./");
    /// ```
    #[must_use]
    pub fn relative_to(&self, from: &Url) -> String {
        let mut link = String::with_capacity(self.0.len());
        self.write_relative(from, &mut link);
        link
    }

    /// Appends the relative address to `out`; see [`Url::relative_to`].
    pub fn write_relative(&self, from: &Url, out: &mut String) {
        let (target, fragment) = match self.0.split_once('#') {
            Some((target, fragment)) => (target, Some(fragment)),
            None => (&*self.0, None),
        };
        if target == from.path() {
            if fragment.is_none() {
                out.push_str(if target.ends_with('/') {
                    "./"
                } else {
                    last_part(target)
                });
            }
        } else {
            write_relative_path(target, from.path(), out);
        }
        if let Some(fragment) = fragment {
            out.push('#');
            out.push_str(fragment);
        }
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn write_relative_path(target: &str, from: &str, out: &mut String) {
    let from_folder = &from[..=from.rfind('/').unwrap_or(0)];
    let common = target
        .bytes()
        .zip(from_folder.bytes())
        .take_while(|(a, b)| a == b)
        .enumerate()
        .filter(|(_, (byte, _))| *byte == b'/')
        .map(|(at, _)| at + 1)
        .last()
        .unwrap_or(0);
    let ups = from_folder[common..]
        .bytes()
        .filter(|byte| *byte == b'/')
        .count();
    let rest = &target[common..];
    (0..ups).for_each(|_| out.push_str("../"));
    if ups == 0
        && (rest.is_empty()
            || rest
                .split('/')
                .next()
                .is_some_and(|part| part.contains(':')))
    {
        out.push_str("./");
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(target: &str, from: &str, link: &str) {
        assert_eq!(Url::new(target).relative_to(&Url::new(from)), link);
    }

    #[test]
    fn links_are_relative_to_the_page() {
        check("/a/b/", "/a/c/", "../b/");
        check("/a/", "/a/c/", "../");
        check("/a/c/d/", "/a/c/", "d/");
        check("/", "/", "./");
        check("/style.css", "/404.html", "style.css");
        check("/404.html", "/404.html", "404.html");
        check("/ab/", "/ac/", "../ab/");
        check("/a/b/?q=1#x", "/a/", "b/?q=1#x");
    }

    #[test]
    fn a_folder_address_is_answered_by_its_index() {
        assert_eq!(OutPath::of_url(&Url::new("/a/#x")).as_str(), "a/index.html");
        assert_eq!(OutPath::of_url(&Url::new("/feed.xml")).as_str(), "feed.xml");
    }

    #[test]
    fn hidden_files_have_no_extension() {
        assert_eq!(SourcePath::new("content/.md").extension(), None);
        assert_eq!(
            SourcePath::new("content/A.MD").extension().as_deref(),
            Some("md")
        );
    }
}
