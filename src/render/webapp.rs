//! The site as an app on a telephone: its manifest (W3C Web Application Manifest) and its icons, drawn from the accent colour.
//!
//! The icon for browsers' tabs shows the first character of the title in the reader's own font. The icons for home screens are
//! pictures; they show an open book, so that the same site gives the same bytes on every machine, whatever fonts it has.

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use serde_json::json;

use super::escape;
use crate::config::Config;

/// The path of the manifest.
pub const MANIFEST: &str = "manifest.webmanifest";

/// The path of the icon for iPhones and iPads.
pub const TOUCH_ICON: &str = "icon-192.png";

/// The accent colour of sites that choose none; the theme's style says the same.
const ACCENT: &str = "#17507a";

/// Longest name below an icon, in characters.
const SHORT_NAME: usize = 12;

/// An icon for home screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icon {
    /// Its path.
    pub path: &'static str,
    /// Its width and height in pixels.
    size: u32,
    /// Whether the system cuts its own shape out of it.
    maskable: bool,
}

/// The icons for home screens.
pub const ICONS: [Icon; 3] = [
    Icon {
        path: TOUCH_ICON,
        size: 192,
        maskable: false,
    },
    Icon {
        path: "icon-512.png",
        size: 512,
        maskable: false,
    },
    Icon {
        path: "icon-maskable-512.png",
        size: 512,
        maskable: true,
    },
];

/// The texts: path and content.
#[must_use]
pub fn texts(config: &Config) -> [(&'static str, String); 2] {
    [("icon.svg", svg(config)), (MANIFEST, manifest(config))]
}

/// An icon as PNG.
#[must_use]
pub fn draw(config: &Config, icon: Icon) -> Vec<u8> {
    png(icon.size, rgb(accent(config)), icon.maskable)
}

fn accent(config: &Config) -> &str {
    config.accent.as_deref().unwrap_or(ACCENT)
}

/// `#rrggbb` as numbers.
fn rgb(colour: &str) -> [u8; 3] {
    let part = |at: usize| {
        colour
            .get(at..at + 2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .unwrap_or(0)
    };
    [part(1), part(3), part(5)]
}

fn manifest(config: &Config) -> String {
    let icons: Vec<_> = ICONS
        .iter()
        .map(|icon| {
            json!({
                "src": icon.path,
                "sizes": format!("{0}x{0}", icon.size),
                "type": "image/png",
                "purpose": if icon.maskable { "maskable" } else { "any" },
            })
        })
        .collect();
    let manifest = json!({
        "id": "./",
        "name": config.title,
        "short_name": config.title.chars().take(SHORT_NAME).collect::<String>(),
        "description": config.description,
        "lang": config.default_language,
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "theme_color": accent(config),
        "background_color": "#ffffff",
        "icons": icons,
    });
    format!("{manifest:#}\n")
}

/// The site's icon: the first character of its title on its colour.
fn svg(config: &Config) -> String {
    let letter = config
        .title
        .chars()
        .find(|c| c.is_alphanumeric())
        .unwrap_or('普');
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\" width=\"64\" height=\"64\"><rect width=\"64\" height=\"64\" rx=\"12\" fill=\"{}\"/><text x=\"32\" y=\"46\" font-size=\"40\" text-anchor=\"middle\" fill=\"#fff\" font-family=\"serif\">{}</text></svg>\n",
        accent(config),
        escape::escape(&letter.to_string())
    )
}

/// A point of a drawing 1 wide and 1 high.
type Point = (f32, f32);

/// An open book in white on the colour. What systems cut out of a maskable icon is its inner four fifths.
fn png(size: u32, [r, g, b]: [u8; 3], maskable: bool) -> Vec<u8> {
    let (ground, scale) = if maskable {
        (vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)], 0.75)
    } else {
        (rounded_square(0.19), 1.0)
    };
    let ground = coverage(&ground, size);
    let pages: Vec<Vec<f32>> = book(scale)
        .iter()
        .map(|page| coverage(page, size))
        .collect();
    let mut pixels = Vec::with_capacity(ground.len() * 4);
    for (at, covered) in ground.iter().enumerate() {
        let white: f32 = pages.iter().map(|page| page[at]).sum::<f32>().min(1.0);
        let mix = |colour: u8| (f32::from(colour) * (1.0 - white) + 255.0 * white).round() as u8;
        pixels.extend([mix(r), mix(g), mix(b), (covered * 255.0).round() as u8]);
    }
    let mut out = Vec::new();
    let written =
        PngEncoder::new(&mut out).write_image(&pixels, size, size, ExtendedColorType::Rgba8);
    debug_assert!(written.is_ok(), "writing into memory does not fail");
    out
}

/// Both pages of the book.
fn book(scale: f32) -> Vec<Vec<Point>> {
    let place = |(x, y): Point| ((x - 0.5) * scale + 0.5, (y - 0.5) * scale + 0.5);
    let mut page = curve((0.17, 0.27), (0.33, 0.23), (0.475, 0.31), 24);
    page.extend(curve((0.475, 0.75), (0.33, 0.67), (0.17, 0.71), 24));
    let mirrored = page.iter().map(|(x, y)| (1.0 - x, *y)).collect();
    [page, mirrored]
        .into_iter()
        .map(|page: Vec<Point>| page.into_iter().map(place).collect())
        .collect()
}

/// A quadratic Bézier curve as a polyline.
fn curve(from: Point, control: Point, to: Point, steps: u16) -> Vec<Point> {
    (0..=steps)
        .map(|step| {
            let t = f32::from(step) / f32::from(steps);
            let along = |a: f32, b: f32, c: f32| {
                (1.0 - t) * (1.0 - t) * a + 2.0 * (1.0 - t) * t * b + t * t * c
            };
            (
                along(from.0, control.0, to.0),
                along(from.1, control.1, to.1),
            )
        })
        .collect()
}

fn rounded_square(radius: f32) -> Vec<Point> {
    let (near, far) = (radius, 1.0 - radius);
    [
        curve((0.0, near), (0.0, 0.0), (near, 0.0), 16),
        curve((far, 0.0), (1.0, 0.0), (1.0, near), 16),
        curve((1.0, far), (1.0, 1.0), (far, 1.0), 16),
        curve((near, 1.0), (0.0, 1.0), (0.0, far), 16),
    ]
    .concat()
}

/// How much of each pixel lies inside a polygon: four lines a pixel, exact along the line.
fn coverage(polygon: &[Point], size: u32) -> Vec<f32> {
    const LINES: u32 = 4;
    let width = size as usize;
    let mut covered = vec![0.0; width * width];
    for line in 0..size * LINES {
        let y = (line as f32 + 0.5) / (size * LINES) as f32;
        let row = &mut covered[(line / LINES) as usize * width..][..width];
        for pair in crossings(polygon, y).chunks_exact(2) {
            fill(
                row,
                pair[0] * size as f32,
                pair[1] * size as f32,
                1.0 / LINES as f32,
            );
        }
    }
    covered
}

/// Where a level line meets the sides of a polygon, from left to right.
fn crossings(polygon: &[Point], y: f32) -> Vec<f32> {
    let sides = polygon
        .iter()
        .zip(polygon.iter().cycle().skip(1))
        .filter(|((_, a), (_, b))| (*a <= y) != (*b <= y));
    let mut found: Vec<f32> = sides
        .map(|((ax, ay), (bx, by))| ax + (y - ay) / (by - ay) * (bx - ax))
        .collect();
    found.sort_by(f32::total_cmp);
    found
}

/// Adds a part of a line to the pixels it touches.
fn fill(row: &mut [f32], from: f32, to: f32, share: f32) {
    let first = from.max(0.0) as usize;
    for (at, pixel) in row.iter_mut().enumerate().skip(first) {
        let left = at as f32;
        if left >= to {
            break;
        }
        *pixel += share * (to.min(left + 1.0) - from.max(left)).clamp(0.0, 1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pixel(size: u32, maskable: bool, x: u32, y: u32) -> [u8; 4] {
        let bytes = png(size, [140, 29, 24], maskable);
        let image = image::load_from_memory(&bytes).map(|image| image.to_rgba8());
        image
            .map(|image| image.get_pixel(x, y).0)
            .unwrap_or_default()
    }

    #[test]
    fn an_icon_has_its_colour_round_corners_and_a_white_book() {
        assert_eq!(pixel(192, false, 0, 0)[3], 0);
        assert_eq!(pixel(192, false, 96, 8), [140, 29, 24, 255]);
        assert_eq!(pixel(192, false, 60, 96), [255, 255, 255, 255]);
    }

    #[test]
    fn a_maskable_icon_is_coloured_to_its_corners() {
        assert_eq!(pixel(64, true, 0, 0), [140, 29, 24, 255]);
        assert_eq!(pixel(64, true, 63, 63), [140, 29, 24, 255]);
    }

    #[test]
    fn the_manifest_has_the_name_and_every_icon() {
        let config = Config {
            title: "青禾普法".to_owned(),
            ..Config::default()
        };
        let manifest = manifest(&config);
        assert!(manifest.contains("\"short_name\": \"青禾普法\""));
        assert!(ICONS.iter().all(|icon| manifest.contains(icon.path)));
    }
}
