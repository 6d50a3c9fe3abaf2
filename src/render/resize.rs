//! Images in the sizes that templates ask for, in Zola's words: an operation, a width, a height → the size that is made.
//!
//! Only sizes are worked out here; the bytes are the writer's.

use crate::base::Url;

/// How an image is made over. The same values give the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Resizing {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Whether what is too much is cut off on both sides; else the whole image is brought into the size.
    pub crop: bool,
    /// Another format than that of the original.
    pub format: Option<ImageFormat>,
    /// Quality of a JPEG, 1 to 100.
    pub quality: u8,
}

/// The formats that can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImageFormat {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// WebP without loss.
    Webp,
}

impl ImageFormat {
    /// The format of a file name's end, in any case.
    #[must_use]
    pub fn of(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "png" => Some(Self::Png),
            "jpg" | "jpeg" => Some(Self::Jpeg),
            "webp" => Some(Self::Webp),
            _ => None,
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
        }
    }
}

/// What a template asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish<'a> {
    /// `fill`, `fit`, `fit_width`, `fit_height`, `scale`; `fill` where both sides are given, else the side that is.
    pub op: Option<&'a str>,
    /// Width in pixels.
    pub width: Option<u32>,
    /// Height in pixels.
    pub height: Option<u32>,
    /// `jpg`, `png`, `webp`, or `auto` for that of the original.
    pub format: Option<&'a str>,
    /// Quality of a JPEG.
    pub quality: Option<u8>,
}

/// Larger images are a slip of the pen.
const LARGEST: u32 = 8192;

/// Quality of JPEG images when nothing is asked for.
pub const QUALITY: u8 = 82;

impl Resizing {
    /// The image in another width; the height follows.
    #[must_use]
    pub fn to_width(width: u32, own: (u32, u32)) -> Self {
        Self::whole(width, in_proportion(width, own.1, own.0))
    }

    fn whole(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            crop: false,
            format: None,
            quality: QUALITY,
        }
    }

    /// What is to be made of an image of the size `own`.
    ///
    /// # Errors
    /// What is wrong with the wish, in words.
    pub fn of(wish: Wish<'_>, own: (u32, u32)) -> Result<Self, String> {
        let op = wish.op.unwrap_or(match (wish.width, wish.height) {
            (Some(_), None) => "fit_width",
            (None, Some(_)) => "fit_height",
            (Some(_), Some(_)) | (None, None) => "fill",
        });
        let side = |name: &str, value: Option<u32>| {
            let value =
                value.ok_or_else(|| format!("resize_image with op=\"{op}\" needs `{name}`"))?;
            let good = (1..=LARGEST).contains(&value);
            good.then_some(value)
                .ok_or_else(|| format!("`{name}` must be between 1 and {LARGEST}, not {value}"))
        };
        let width = || side("width", wish.width);
        let height = || side("height", wish.height);
        let sized = match op {
            "fit_width" => Self::to_width(width()?, own),
            "fit_height" => Self::whole(in_proportion(height()?, own.0, own.1), height()?),
            "fit" => fit(width()?, height()?, own),
            "scale" => Self::whole(width()?, height()?),
            "fill" => Self {
                crop: true,
                ..Self::whole(width()?, height()?)
            },
            _ => {
                return Err(format!(
                    "unknown op `{op}`: use fill, fit, fit_width, fit_height or scale"
                ));
            }
        };
        let format = match wish.format {
            None | Some("auto") => None,
            Some(name) => Some(
                ImageFormat::of(name)
                    .ok_or_else(|| format!("unknown format `{name}`: use jpg, png or webp"))?,
            ),
        };
        Ok(Self {
            format,
            quality: wish.quality.unwrap_or(QUALITY).clamp(1, 100),
            ..sized
        })
    }

    /// Whether an image of this size and format is what is asked for already.
    #[must_use]
    pub fn changes_nothing(&self, own: (u32, u32), format: Option<ImageFormat>) -> bool {
        (self.width, self.height) == own && self.format.is_none_or(|wanted| Some(wanted) == format)
    }

    /// The address of the result, beside the original.
    #[must_use]
    pub fn address(&self, url: &Url) -> Url {
        let (stem, end) = url.path().rsplit_once('.').unwrap_or((url.path(), ""));
        let end = self.format.map_or(end, |format| format.extension());
        let crop = if self.crop { "-fill" } else { "" };
        let quality = match self.quality {
            QUALITY => String::new(),
            quality => format!("-q{quality}"),
        };
        Url::new(&format!(
            "{stem}-{}x{}{crop}{quality}.{end}",
            self.width, self.height
        ))
    }
}

/// Both sides at most as long as asked for; an image that is small enough stays.
fn fit(width: u32, height: u32, own: (u32, u32)) -> Resizing {
    if own.0 <= width && own.1 <= height {
        return Resizing::whole(own.0, own.1);
    }
    let by_width = Resizing::to_width(width, own);
    if by_width.height <= height {
        by_width
    } else {
        Resizing::whole(in_proportion(height, own.0, own.1), height)
    }
}

/// `length` × `a` / `b`, rounded, at least 1.
fn in_proportion(length: u32, a: u32, b: u32) -> u32 {
    let b = u64::from(b.max(1));
    let exact = (u64::from(length) * u64::from(a) + b / 2) / b;
    u32::try_from(exact).unwrap_or(LARGEST).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_the_operation() {
        let wish = |op, width, height| Wish {
            op,
            width,
            height,
            ..Wish::default()
        };
        let size =
            |wish| Resizing::of(wish, (1600, 900)).map(|made| (made.width, made.height, made.crop));
        assert_eq!(size(wish(None, Some(800), None)), Ok((800, 450, false)));
        assert_eq!(size(wish(None, None, Some(450))), Ok((800, 450, false)));
        assert_eq!(size(wish(None, Some(300), Some(300))), Ok((300, 300, true)));
        assert_eq!(
            size(wish(Some("fit"), Some(300), Some(300))),
            Ok((300, 169, false))
        );
        assert_eq!(
            size(wish(Some("fit"), Some(2000), Some(2000))),
            Ok((1600, 900, false))
        );
        assert_eq!(
            size(wish(Some("scale"), Some(10), Some(20))),
            Ok((10, 20, false))
        );
    }

    #[test]
    fn a_wish_that_cannot_be_met_says_why() {
        let error = |op, width| {
            let wish = Wish {
                op: Some(op),
                width,
                ..Wish::default()
            };
            Resizing::of(wish, (16, 9)).err().unwrap_or_default()
        };
        assert!(error("fit_height", Some(5)).contains("height"));
        assert!(error("fil", Some(5)).contains("fill, fit"));
        assert!(error("fit_width", Some(0)).contains("between 1"));
    }

    #[test]
    fn each_result_has_an_address_of_its_own() {
        let url = Url::new("/a/图.png");
        let wish = Wish {
            width: Some(8),
            height: Some(4),
            format: Some("jpg"),
            quality: Some(50),
            ..Wish::default()
        };
        let made = Resizing::of(wish, (16, 9)).map(|made| made.address(&url).to_string());
        assert_eq!(made, Ok("/a/图-8x4-fill-q50.jpg".to_owned()));
    }
}
