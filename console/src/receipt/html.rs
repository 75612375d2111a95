//! A receipt as a page that a browser shows, prints, and saves as PDF.

use std::fmt::Write as _;

use super::{Row, Width};
use crate::barcode::Barcode;

/// The receipt as a whole HTML file, which needs nothing beside it.
pub fn html(rows: &[Row], width: Width, title: &str) -> String {
    let mut body = String::new();
    for row in rows {
        let _ = match row {
            Row::Title(words) => writeln!(body, "<h1>{}</h1>", escaped(words)),
            Row::Middle(words) => writeln!(body, "<p class=\"middle\">{}</p>", escaped(words)),
            Row::Sides(left, right) => writeln!(body, "<p>{}</p>", spans(left, right)),
            Row::Sum(left, right) => writeln!(body, "<p class=\"sum\">{}</p>", spans(left, right)),
            Row::Rule => writeln!(body, "<hr>"),
            Row::Code(code) => writeln!(body, "{}", bars(code)),
        };
    }
    let (mm, title) = (width.millimetres(), escaped(title));
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>{title}</title>\n<style>\n\
         @page {{ size: {mm}mm auto; margin: 0 }}\n\
         body {{ width: {mm}mm; margin: 0 auto; padding: 4mm; box-sizing: border-box; \
         font: 3.2mm/1.35 \"Noto Sans CJK SC\", \"Microsoft YaHei\", \"PingFang SC\", sans-serif }}\n\
         h1 {{ font-size: 5mm; margin: 0 0 1mm; text-align: center }}\n\
         p {{ margin: 0; display: flex; justify-content: space-between; gap: 2mm }}\n\
         p span {{ white-space: pre-wrap }} p span + span {{ text-align: right }}\n\
         .middle {{ justify-content: center }} .sum {{ font-size: 4.2mm; font-weight: bold }}\n\
         hr {{ border: 0; border-top: 0.2mm dashed #000 }}\n\
         figure {{ margin: 2mm 0; text-align: center }} svg {{ width: 100%; height: 12mm }}\n\
         </style></head>\n<body>\n{body}</body></html>\n"
    )
}

fn spans(left: &str, right: &str) -> String {
    format!("<span>{}</span><span>{}</span>", escaped(left), escaped(right))
}

/// The code as bars, with its text below.
fn bars(code: &str) -> String {
    let Some(barcode) = Barcode::code128(code) else {
        return format!("<p class=\"middle\">{}</p>", escaped(code));
    };
    let [before, behind] = barcode.symbology().quiet_zone();
    let width = before + barcode.width() + behind;
    let mut path = String::new();
    for bar in barcode.bars() {
        let _ = write!(path, "M{} 0h{}v40h-{}z", before + bar.start, bar.len(), bar.len());
    }
    format!(
        "<figure><svg viewBox=\"0 0 {width} 40\" preserveAspectRatio=\"none\">\
         <path d=\"{path}\"/></svg><figcaption>{}</figcaption></figure>",
        escaped(code)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
