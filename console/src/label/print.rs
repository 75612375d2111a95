//! Labels on the command line, the same at a store and at head office.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, value_parser};
use serde::Serialize;

use super::{Label, LabelError, Paper, Size, pages};
use crate::output::Out;
use crate::words;

/// The most labels of one product: a full pallet.
const MAX_COPIES: i64 = 1_000;

/// How labels are printed.
#[derive(Debug, Clone, Args)]
pub struct Printing {
    /// Where they go; a second picture is called FILE-2.svg, and so on · 输出文件
    #[arg(long, value_name = "FILE", default_value = "labels.svg")]
    out: PathBuf,
    /// The size of a label in millimetres · 标签尺寸（毫米）
    #[arg(long, value_name = "WIDTHxHEIGHT", default_value = "50x30")]
    size: Size,
    /// How many of each product · 每种张数
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(u32).range(1..=MAX_COPIES))]
    copies: u32,
    /// A4 sheets to be cut, or a picture for each label · 纸张
    #[arg(long, value_enum, default_value = "a4")]
    paper: Paper,
}

/// What was printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Printed {
    /// How many labels.
    pub labels: usize,
    /// The pictures, in order.
    pub files: Vec<String>,
}

impl Printing {
    /// Draws the labels, writes the pictures and says where they are.
    pub fn print(&self, labels: &[Label], out: &Out) -> Result<(), LabelError> {
        let copies = self.copies as usize;
        let labels: Vec<Label> =
            labels.iter().flat_map(|label| std::iter::repeat_n(label.clone(), copies)).collect();
        let pages = pages(&labels, self.size, self.paper)?;
        let mut printed = Printed { labels: labels.len(), files: Vec::new() };
        for (at, page) in pages.iter().enumerate() {
            let path = numbered(&self.out, at + 1);
            fs::write(&path, page)
                .map_err(|source| LabelError::File { path: path.clone(), source })?;
            printed.files.push(path.display().to_string());
        }
        out.show(&printed, |page| {
            page.say(words::LabelsPrinted { n: printed.labels, size: self.size });
            for file in &printed.files {
                page.line(file);
            }
        });
        Ok(())
    }
}

/// The name of a picture; the first has that which was given.
fn numbered(out: &Path, number: usize) -> PathBuf {
    if number == 1 {
        return out.to_owned();
    }
    let mut name = out.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}."));
    name.push(out.extension().unwrap_or("svg".as_ref()));
    out.with_file_name(name)
}
