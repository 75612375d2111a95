//! A receipt as the bytes that receipt printers take (ESC/POS).
//!
//! Only what every such printer knows: initialise, alignment, bold, double size, Code 128 and QR code, cut.
//! Chinese letters go out in GB18030, as printers sold in China take them, or in UTF-8 for those set to it.

use std::fmt;
use std::str::FromStr;

use encoding_rs::GB18030;
use ledger::id::IdError;

use super::text::lines_of;
use super::{Row, Width};
use crate::barcode::{Barcode, Segment};

/// How letters are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Encoding {
    /// As printers sold in China take them.
    #[default]
    Gb18030,
    /// For printers that are set to it.
    Utf8,
}

impl FromStr for Encoding {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        match text.to_ascii_lowercase().as_str() {
            "gb18030" | "gbk" => Ok(Self::Gb18030),
            "utf8" | "utf-8" => Ok(Self::Utf8),
            _ => {
                let what = "encoding of a printer: gb18030 or utf8";
                Err(IdError::Malformed { what, text: text.to_owned() })
            }
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Gb18030 => "gb18030",
            Self::Utf8 => "utf8",
        })
    }
}

const ESC: u8 = 0x1b;
const GS: u8 = 0x1d;
const FS: u8 = 0x1c;

/// The narrowest module that every reader reads, in dots of an eighth of a millimetre.
const MODULE_DOTS: u32 = 2;

/// How high the bars are, in dots.
const BAR_DOTS: u8 = 80;

/// How many dots a side of a QR code's module has: a bill number comes to two centimetres.
const QR_DOTS: u8 = 6;

/// Lines that are fed before the paper is cut, past the knife.
const FEED: u8 = 4;

/// The receipt for a printer.
pub fn escpos(rows: &[Row], width: Width, encoding: Encoding) -> Vec<u8> {
    let mut bytes = vec![ESC, b'@'];
    if encoding == Encoding::Gb18030 {
        // Two bytes are one Chinese letter.
        bytes.extend([FS, b'&']);
    }
    for row in rows {
        match row {
            Row::Title(words) => {
                bytes.extend([ESC, b'a', 1, GS, b'!', 0x11]);
                // Twice as wide: half as many fit.
                put(&mut bytes, &super::text::wrapped(words, width.columns() / 2), encoding);
                bytes.extend([GS, b'!', 0, ESC, b'a', 0]);
            }
            Row::Middle(words) => {
                bytes.extend([ESC, b'a', 1]);
                put(&mut bytes, &super::text::wrapped(words, width.columns()), encoding);
                bytes.extend([ESC, b'a', 0]);
            }
            Row::Sum(..) => {
                bytes.extend([ESC, b'E', 1, GS, b'!', 0x01]);
                put(&mut bytes, &lines_of(row, width.columns()), encoding);
                bytes.extend([GS, b'!', 0, ESC, b'E', 0]);
            }
            Row::Sides(..) | Row::Rule => {
                put(&mut bytes, &lines_of(row, width.columns()), encoding);
            }
            Row::Code(code) => put_code(&mut bytes, code, width),
        }
    }
    bytes.extend([ESC, b'd', FEED, GS, b'V', 1]);
    bytes
}

fn put(bytes: &mut Vec<u8>, lines: &[String], encoding: Encoding) {
    for line in lines {
        match encoding {
            Encoding::Gb18030 => bytes.extend(&*GB18030.encode(line.trim_end()).0),
            Encoding::Utf8 => bytes.extend(line.trim_end().as_bytes()),
        }
        bytes.push(b'\n');
    }
}

/// Bars where the paper is wide enough for them, else a QR code, with the text below.
fn put_code(bytes: &mut Vec<u8>, code: &str, width: Width) {
    bytes.extend([ESC, b'a', 1]);
    let bars = Barcode::code128(code).filter(|bars| {
        let [before, behind] = bars.symbology().quiet_zone();
        (before + bars.width() + behind) * MODULE_DOTS <= width.dots()
    });
    match bars.map(|bars| code128(&bars)) {
        Some(data) if data.len() <= usize::from(u8::MAX) => {
            let len = u8::try_from(data.len()).unwrap_or(u8::MAX);
            bytes.extend([GS, b'h', BAR_DOTS, GS, b'w', 2, GS, b'H', 2, GS, b'k', 73, len]);
            bytes.extend(data);
        }
        _ => {
            put_qr(bytes, code);
            bytes.extend(code.as_bytes());
        }
    }
    bytes.extend([b'\n', ESC, b'a', 0]);
}

/// The code as printers take it: `{B` and `{C` before what is in these sets.
fn code128(bars: &Barcode) -> Vec<u8> {
    let mut data = Vec::new();
    for segment in bars.segments() {
        match segment {
            Segment::Text(text) => {
                data.extend(b"{B");
                for byte in text.bytes() {
                    data.push(byte);
                    if byte == b'{' {
                        data.push(byte);
                    }
                }
            }
            Segment::Pairs(pairs) => {
                data.extend(b"{C");
                data.extend(pairs);
            }
        }
    }
    data
}

fn put_qr(bytes: &mut Vec<u8>, code: &str) {
    let mut command = |function: &[u8]| {
        let len = u16::try_from(function.len()).unwrap_or(u16::MAX).to_le_bytes();
        bytes.extend([GS, b'(', b'k', len[0], len[1]]);
        bytes.extend(function);
    };
    command(&[49, 65, 50, 0]);
    command(&[49, 67, QR_DOTS]);
    command(&[49, 69, 49]);
    let stored: Vec<u8> = [49, 80, 48].into_iter().chain(code.bytes()).collect();
    command(&stored);
    command(&[49, 81, 48]);
    bytes.push(b'\n');
}
