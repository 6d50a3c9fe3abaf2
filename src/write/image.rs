//! Smaller forms of images, kept in a cache by what they are made of.

use std::fs;
use std::io;
use std::path::Path;

use fast_image_resize::images::Image;
use fast_image_resize::{IntoImageView, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageReader};

use super::cache;
use crate::base::{Hash, SourcePath};
use crate::diag::Diagnostic;
use crate::load::Asset;
use crate::render::resize::{ImageFormat, Resizing};

/// The image made over. An image that can't be read is copied as it is, with a diagnostic.
pub fn resized(
    asset: &Asset,
    resizing: &Resizing,
    work: &Path,
) -> io::Result<(Vec<u8>, Vec<Diagnostic>)> {
    let original = match &asset.bytes {
        Some(bytes) => bytes.to_vec(),
        None => fs::read(&asset.path)?,
    };
    let extension = asset.path.extension().unwrap_or_default();
    let own_format = ImageFormat::of(&extension.to_string_lossy());
    let Some(format) = resizing.format.or(own_format) else {
        return Ok(unreadable(asset, original));
    };
    let name = format!(
        "{}-{}x{}-{}-{}-{format:?}",
        Hash::of(&original).short(24),
        resizing.width,
        resizing.height,
        resizing.crop,
        resizing.quality,
    );
    let cached = work.join("images").join(name);
    if let Some(bytes) = cache::read(&cached) {
        return Ok((bytes, Vec::new()));
    }
    let Some(bytes) = resize(&original, resizing, format) else {
        return Ok(unreadable(asset, original));
    };
    cache::keep(&cached, &bytes)?;
    Ok((bytes, Vec::new()))
}

fn unreadable(asset: &Asset, original: Vec<u8>) -> (Vec<u8>, Vec<Diagnostic>) {
    let file = SourcePath::new(asset.path.to_string_lossy().into_owned());
    let problem = Diagnostic::in_file("unreadable-image", &file);
    (original, vec![problem])
}

fn resize(original: &[u8], resizing: &Resizing, format: ImageFormat) -> Option<Vec<u8>> {
    let image = ImageReader::new(io::Cursor::new(original))
        .with_guessed_format()
        .ok()?
        .decode()
        .ok()?;
    let keeps_alpha = image.color().has_alpha() && format != ImageFormat::Jpeg;
    let image = if keeps_alpha {
        DynamicImage::from(image.to_rgba8())
    } else {
        DynamicImage::from(image.to_rgb8())
    };
    let (width, height) = (resizing.width, resizing.height);
    let mut made = Image::new(width, height, image.pixel_type()?);
    let options = ResizeOptions::new();
    let options = if resizing.crop {
        options.fit_into_destination(None)
    } else {
        options
    };
    Resizer::new().resize(&image, &mut made, &options).ok()?;
    encode(made.buffer(), resizing, image.color().into(), format)
}

fn encode(
    pixels: &[u8],
    resizing: &Resizing,
    color: ExtendedColorType,
    format: ImageFormat,
) -> Option<Vec<u8>> {
    let (width, height) = (resizing.width, resizing.height);
    let mut out = Vec::new();
    let written = match format {
        ImageFormat::Jpeg => JpegEncoder::new_with_quality(&mut out, resizing.quality)
            .write_image(pixels, width, height, color),
        ImageFormat::Png => PngEncoder::new(&mut out).write_image(pixels, width, height, color),
        ImageFormat::Webp => {
            WebPEncoder::new_lossless(&mut out).write_image(pixels, width, height, color)
        }
    };
    written.ok().map(|()| out)
}
