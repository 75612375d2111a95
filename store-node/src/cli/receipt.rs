//! Receipts on the command line: to a screen, a file, a printer.

use std::fs;
use std::io::Write as _;
use std::net::{TcpStream, ToSocketAddrs as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use console::receipt::{Encoding, Slip, Width, escpos, html, rows, text};
use console::{Exit, words};

use super::Scene;
use crate::ask::receipt::{PrintReceipt, Purpose};
use crate::door::Door;
use crate::error::{NodeError, Result};
use crate::request::FactRef;

/// How long a printer may take to answer and to take a receipt in: one that is off never does.
const PATIENCE: Duration = Duration::from_secs(5);

/// Print a receipt: as text, to a receipt printer, as a page · 打印小票
///
/// The first is the original; every later one is marked as a copy. Without a place to go, it is shown and not
/// counted.
///
/// 首次为原件，再次打印标注副本；不指定去处时只显示，不计次数。
#[derive(Debug, Args)]
pub(super) struct Receipt {
    /// The sale or return: its bill number or fact id · 单据编号或流水号
    #[arg(value_name = "BILL")]
    fact: FactRef,
    /// Print it as text to the terminal · 文本输出
    #[arg(long)]
    text: bool,
    /// Write the bytes for a receipt printer to a file or device · 输出 ESC/POS 文件
    #[arg(long, value_name = "FILE")]
    escpos: Option<PathBuf>,
    /// Send it to a receipt printer on the network · 网络打印机
    #[arg(long, value_name = "HOST:PORT")]
    printer: Option<String>,
    /// Write it as a page for browsers, which print it or save it as PDF · 输出网页
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// How wide the paper is, in millimetres: 58 or 80 · 纸宽
    #[arg(long, value_name = "MM", default_value_t, env = "EVENSTOCK_RECEIPT_WIDTH")]
    width: Width,
    /// How the printer takes Chinese letters: gb18030 or utf8 · 打印机编码
    #[arg(long, value_name = "ENCODING", default_value_t, env = "EVENSTOCK_RECEIPT_ENCODING")]
    encoding: Encoding,
}

impl Receipt {
    pub(super) fn run(self, scene: &Scene<'_>) -> Result<Exit> {
        let goes =
            self.text || self.escpos.is_some() || self.printer.is_some() || self.html.is_some();
        let purpose = if goes { Purpose::Print } else { Purpose::Look };
        let lang = scene.out.lang;
        let ask = PrintReceipt { fact: self.fact.clone(), purpose, lang: lang.tag().to_owned() };
        let slip = scene.door()?.ask(ask)?;
        let rows = rows(&slip, lang);
        let bytes = || escpos(&rows, self.width, self.encoding);
        if let Some(path) = &self.escpos {
            write(path, &bytes())?;
        }
        if let Some(path) = &self.html {
            write(path, html(&rows, self.width, slip.bill.as_str()).as_bytes())?;
        }
        if let Some(printer) = &self.printer {
            send(printer, &bytes())?;
        }
        scene.out.show(&slip, |page| {
            if self.text || !goes {
                text(&rows, self.width).lines().for_each(|line| page.line(line));
            } else {
                let Slip { bill, printed: n, .. } = &slip;
                page.say(words::SlipPrinted { bill, n });
            }
        });
        Ok(Exit::Done)
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes)
        .map_err(|source| NodeError::ReceiptFile { path: path.to_owned(), source })
}

fn send(printer: &str, bytes: &[u8]) -> Result<()> {
    let send = || -> std::io::Result<()> {
        let mut last = std::io::Error::from(std::io::ErrorKind::AddrNotAvailable);
        for address in printer.to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, PATIENCE) {
                Ok(mut printer) => {
                    printer.set_write_timeout(Some(PATIENCE))?;
                    printer.write_all(bytes)?;
                    return printer.flush();
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    };
    send().map_err(|source| NodeError::Printer { printer: printer.to_owned(), source })
}
