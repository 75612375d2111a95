//! Labels as pictures: where everything stands on one, and where each stands on its sheet.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::{Label, LabelError, MAX_LABELS, MM, Paper, Size};
use crate::barcode::{Barcode, Symbology};
use crate::format;
use crate::output::printable;
use crate::table::cut;

/// An A4 sheet, and what no printer reaches on each side of it.
const SHEET: Size = Size { width: 210 * MM, height: 297 * MM };
const MARGIN: u32 = 5 * MM;

/// From the edge of a label to its text.
const PADDING: u32 = 2 * MM;

/// From the edge of a label to the light zone of its barcode: blades cut that exactly.
const EDGE: u32 = MM;

/// How wide a module is where there is room: an EAN-13 at its nominal size.
const MODULE: u32 = 330;

/// How wide it must be for any reader: four fifths of the nominal size for EAN and UPC, and a quarter
/// of a millimetre for Code 128 (GS1 General Specifications, 5.12).
const fn least_module(symbology: Symbology) -> u32 {
    match symbology {
        Symbology::Ean13 | Symbology::Ean8 | Symbology::UpcA => 264,
        Symbology::Code128 => 250,
    }
}

/// Fonts that have Chinese and Latin letters, where they are installed.
const FONTS: &str = "Noto Sans CJK SC,Source Han Sans SC,Microsoft YaHei,PingFang SC,sans-serif";

/// How wide a Latin letter or half a Chinese one is at most, of the size of the letters, in percent.
const LETTER: u32 = 58;

/// A line of text on a label, in thousandths of the label's height.
struct Line {
    baseline: u32,
    size: u32,
}

const NAME: Line = Line { baseline: 140, size: 125 };
const OTHER_NAME: Line = Line { baseline: 235, size: 80 };
const PRICE: Line = Line { baseline: 440, size: 205 };
const SPEC: Line = Line { baseline: 345, size: 80 };
const SKU: Line = Line { baseline: 440, size: 80 };
const CODE: Line = Line { baseline: 965, size: 90 };

/// The bars, between these two.
const BARS: [u32; 2] = [490, 870];

/// Which part of the width is for the price, in percent; what stands beside it has the rest.
const PRICE_SHARE: u32 = 62;

/// The pictures of these labels, each a whole SVG file.
pub fn pages(labels: &[Label], size: Size, paper: Paper) -> Result<Vec<String>, LabelError> {
    if labels.len() > MAX_LABELS {
        return Err(LabelError::TooMany);
    }
    let drawn = labels.iter().map(|label| draw(label, size)).collect::<Result<Vec<_>, _>>()?;
    Ok(match paper {
        Paper::Label => drawn.iter().map(|label| page(size, &placed(label, size, 0, 0))).collect(),
        Paper::A4 => {
            let columns = ((SHEET.width - 2 * MARGIN) / size.width).max(1);
            let rows = ((SHEET.height - 2 * MARGIN) / size.height).max(1);
            let sheet = |labels: &[String]| page(SHEET, &grid(labels, size, columns));
            drawn.chunks((columns * rows) as usize).map(sheet).collect()
        }
    })
}

fn page(size: Size, content: &str) -> String {
    let Size { width, height } = size;
    let (wide, high) = (width / MM, height / MM);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}mm\" height=\"{high}mm\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"{FONTS}\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n{content}</svg>\n"
    )
}

/// Labels side by side, with lines to cut along.
fn grid(labels: &[String], size: Size, columns: u32) -> String {
    let Size { width, height } = size;
    let mut content = String::new();
    for (at, label) in (0..).zip(labels) {
        let (x, y) = (MARGIN + at % columns * width, MARGIN + at / columns * height);
        content += &placed(label, size, x, y);
        let _ = writeln!(
            content,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"none\" \
             stroke=\"#bbb\" stroke-width=\"100\" stroke-dasharray=\"800 800\"/>"
        );
    }
    content
}

/// A label at its place; nothing of it reaches into another.
fn placed(label: &str, size: Size, x: u32, y: u32) -> String {
    let Size { width, height } = size;
    format!("<svg x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\">\n{label}</svg>\n")
}

fn draw(label: &Label, size: Size) -> Result<String, LabelError> {
    let (inner, right) = (size.width - 2 * PADDING, size.width - PADDING);
    let left = |text: &str, line: &Line, more: &str| {
        write_text(text, line, size, inner, &format!("x=\"{PADDING}\"{more}"))
    };
    let beside = inner * (100 - PRICE_SHARE) / 100;
    let at_right = |text: &str, line: &Line| {
        write_text(text, line, size, beside, &format!("x=\"{right}\" text-anchor=\"end\""))
    };
    let (name, other) = match label.name_zh.is_empty() {
        true => (&*label.name_en, ""),
        false if label.name_en == label.name_zh => (&*label.name_zh, ""),
        false => (&*label.name_zh, &*label.name_en),
    };
    let mut drawn = left(name, &NAME, " font-weight=\"bold\"");
    drawn += &left(other, &OTHER_NAME, "");
    drawn += &price(label, size, inner * PRICE_SHARE / 100);
    drawn += &at_right(&label.spec, &SPEC);
    drawn += &at_right(&label.sku, &SKU);
    drawn += &barcode(label, size)?;
    Ok(drawn)
}

/// The price, as large as there is room, and the unit behind it.
fn price(label: &Label, size: Size, room: u32) -> String {
    let number = format::money(label.price);
    let unit = cut(&label.unit, 8);
    let unit = if unit.is_empty() { unit } else { format!("/{unit}") };
    // The unit's letters are half as large.
    let letters = (2 * columns(&number) + columns(&unit)).max(1);
    let largest = room * 200 / (LETTER * letters);
    let (y, full) = (part(size.height, PRICE.baseline), part(size.height, PRICE.size));
    let letter = full.min(largest);
    format!(
        "<text x=\"{PADDING}\" y=\"{y}\" font-size=\"{letter}\" font-weight=\"bold\">{}\
         <tspan font-size=\"{}\" font-weight=\"normal\">{}</tspan></text>\n",
        escaped(&number),
        letter / 2,
        escaped(&unit)
    )
}

/// The bars in the middle of the width, and what they say below them.
fn barcode(label: &Label, size: Size) -> Result<String, LabelError> {
    let code = label.barcode.as_deref().unwrap_or(&label.sku);
    let barcode =
        Barcode::of(code).ok_or_else(|| LabelError::NoBarcode { code: code.to_owned() })?;
    let [before, behind] = barcode.symbology().quiet_zone();
    let modules = before + barcode.width() + behind;
    let least = least_module(barcode.symbology());
    let module = MODULE.min((size.width - 2 * EDGE) / modules);
    if module < least {
        let needed = (modules * least + 2 * EDGE).div_ceil(MM);
        return Err(LabelError::TooNarrow { code: code.to_owned(), needed });
    }
    let start = (size.width - modules * module) / 2 + before * module;
    let [top, bottom] = BARS.map(|at| part(size.height, at));
    let high = bottom - top;
    let mut path = String::new();
    for bar in barcode.bars() {
        let (x, wide) = (start + bar.start * module, (bar.end - bar.start) * module);
        let _ = write!(path, "M{x},{top}h{wide}v{high}h-{wide}z");
    }
    let at = format!("x=\"{}\" text-anchor=\"middle\"", size.width / 2);
    let below = write_text(barcode.text(), &CODE, size, size.width - 2 * EDGE, &at);
    Ok(format!("<path d=\"{path}\"/>\n{below}"))
}

/// A text, cut to the room that it has.
fn write_text(text: &str, line: &Line, size: Size, room: u32, more: &str) -> String {
    let letter = part(size.height, line.size);
    let text = cut(text, (room * 100 / (LETTER * letter)) as usize);
    if text.is_empty() {
        return String::new();
    }
    let y = part(size.height, line.baseline);
    format!("<text y=\"{y}\" font-size=\"{letter}\" {more}>{}</text>\n", escaped(&text))
}

fn part(of: u32, thousandths: u32) -> u32 {
    of * thousandths / 1_000
}

fn columns(text: &str) -> u32 {
    u32::try_from(text.width()).unwrap_or(u32::MAX / 1_000)
}

/// The text as XML has it. Names come from other machines and from files.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for c in printable(text).chars() {
        match c {
            '&' => safe += "&amp;",
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            '"' => safe += "&quot;",
            // XML has no place for these two.
            '\u{fffe}' | '\u{ffff}' => safe.push(char::REPLACEMENT_CHARACTER),
            other => safe.push(other),
        }
    }
    safe
}
