//! Smaller forms of images, kept in a cache by what they are made of.

use std::fs;
use std::io;
use std::path::Path;

use fast_image_resize::images::Image;
use fast_image_resize::{IntoImageView, Resizer};
use image::{DynamicImage, ImageEncoder, ImageReader};

use crate::base::{Hash, SourcePath};
use crate::diag::Diagnostic;
use crate::load::Asset;

/// The image `width` pixels wide, in the format of the original. An image that can't be read is copied as it is, with a
/// diagnostic.
pub fn resized(asset: &Asset, width: u32, work: &Path) -> io::Result<(Vec<u8>, Vec<Diagnostic>)> {
    let original = match &asset.bytes {
        Some(bytes) => bytes.to_vec(),
        None => fs::read(&asset.path)?,
    };
    let extension = asset
        .path
        .extension()
        .map(|end| end.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    let cached = work.join("images").join(format!(
        "{}-{width}.{extension}",
        Hash::of(&original).short(24)
    ));
    if let Ok(bytes) = fs::read(&cached) {
        return Ok((bytes, Vec::new()));
    }
    match resize(&original, width, &extension) {
        Some(bytes) => {
            if let Some(parent) = cached.parent() {
                fs::create_dir_all(parent)?;
            }
            let beside = cached.with_extension(format!("{extension}.part"));
            fs::write(&beside, &bytes)?;
            fs::rename(&beside, &cached)?;
            Ok((bytes, Vec::new()))
        }
        None => {
            let file = SourcePath::new(asset.path.to_string_lossy().into_owned());
            Ok((
                original,
                vec![Diagnostic::in_file("unreadable-image", &file)],
            ))
        }
    }
}

fn resize(original: &[u8], width: u32, extension: &str) -> Option<Vec<u8>> {
    let image = ImageReader::new(io::Cursor::new(original))
        .with_guessed_format()
        .ok()?
        .decode()
        .ok()?;
    let image = if image.color().has_alpha() {
        DynamicImage::from(image.to_rgba8())
    } else {
        DynamicImage::from(image.to_rgb8())
    };
    let height = u32::try_from(
        u64::from(image.height()) * u64::from(width) / u64::from(image.width().max(1)),
    )
    .ok()?
    .max(1);
    let mut smaller = Image::new(width, height, image.pixel_type()?);
    Resizer::new().resize(&image, &mut smaller, None).ok()?;
    let mut out = Vec::new();
    let color = image.color().into();
    let buffer = smaller.buffer();
    match extension {
        "jpg" | "jpeg" => image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 82)
            .write_image(buffer, width, height, color)
            .ok()?,
        "png" => image::codecs::png::PngEncoder::new(&mut out)
            .write_image(buffer, width, height, color)
            .ok()?,
        "webp" => {
            image::codecs::webp::WebPEncoder::new_lossless(&mut out)
                .write_image(buffer, width, height, color)
                .ok()?;
        }
        _ => return None,
    }
    Some(out)
}
