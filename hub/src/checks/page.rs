//! A report as one HTML page for people: it prints well, and asks nothing of the network.

use std::fmt::Write as _;

use console::{Lang, format, labels, words};
use ledger::check::Severity;

use super::report::{CheckFinding, CheckReport};
use super::say;

/// Plain, and black on white on paper.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:14px/1.5 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2rem auto;\
max-width:75rem;padding:0 1rem}\
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}\
p{margin:.25rem 0}.muted{opacity:.7}\
.cards{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.25rem 0}\
.card{border:1px solid #8884;border-radius:.5rem;padding:.5rem 1rem;min-width:6rem}\
.card b{display:block;font-size:1.4rem;font-variant-numeric:tabular-nums}\
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}\
th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;border-bottom:1px solid #8884}\
th{font-weight:600;white-space:nowrap}td.id,td.fact{font-family:ui-monospace,monospace;\
font-size:.85em;white-space:nowrap}\
.error{color:#b3261e;font-weight:600}.warning{color:#8a5a00}\
@media (prefers-color-scheme:dark){.error{color:#ff8a80}.warning{color:#ffcc66}}\
@media print{body{margin:0;max-width:none;font-size:10px;color:#000}tr{break-inside:avoid}\
thead{display:table-header-group}.card{padding:.2rem .6rem}}\
@page{size:A4 landscape;margin:12mm}";

/// The page, in a language.
pub fn html(report: &CheckReport, chain: &str, lang: Lang) -> String {
    let title = lang.say(words::AuditHeading { number: report.number });
    let mut page = Page { text: String::new(), lang };
    let tag = match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    };
    page.raw(&format!("<!doctype html><html lang=\"{tag}\"><head><meta charset=\"utf-8\">"));
    page.raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    // The page holds no address, and a browser is not to look for any.
    page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    page.raw("style-src 'unsafe-inline'; img-src data:\"><link rel=\"icon\" href=\"data:,\">");
    page.element("title", "", &format!("{title} · {chain}"));
    page.raw(&format!("<style>{STYLE}</style></head><body>"));
    page.element("h1", "", &title);
    let scope = say::limits(lang, &report.scope).join(", ");
    let (stores, facts) = (format::count(report.stores), format::count(report.facts));
    page.element("p", "muted", &format!("{chain} · {} · {scope}", format::local_time(report.at)));
    page.element("p", "muted", &lang.say(words::AuditLooked { stores, facts }));
    page.cards(report);
    if report.findings.is_empty() {
        page.element("p", "", &lang.say(words::AuditClean));
    } else {
        page.table(&report.findings);
    }
    if report.left_out > 0 {
        let n = format::count(report.left_out);
        page.element("p", "error", &lang.say(words::AuditLeftOut { n }));
    }
    if !report.resolved.is_empty() {
        page.element("h2", "", &lang.say(words::AuditResolved));
        page.table(&report.resolved);
    }
    page.raw("</body></html>\n");
    page.text
}

struct Page {
    text: String,
    lang: Lang,
}

impl Page {
    fn raw(&mut self, html: &str) {
        self.text.push_str(html);
    }

    fn element(&mut self, name: &str, class: &str, text: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        write!(self.text, "<{name}{class}>{}</{name}>", escaped(text))
            .expect("text takes any text");
    }

    fn cards(&mut self, report: &CheckReport) {
        let lang = self.lang;
        let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
        let cards = [
            (lang.say(words::Errors), errors, if errors > 0 { "error" } else { "" }),
            (lang.say(words::Warnings), warnings, if warnings > 0 { "warning" } else { "" }),
            (lang.say(words::NewFindings), report.fresh(), ""),
            (lang.say(words::AuditResolved), report.resolved.len(), ""),
        ];
        self.raw("<div class=\"cards\">");
        for (name, count, class) in cards {
            self.raw("<div class=\"card\">");
            self.element("b", class, &format::count(count as u64));
            self.element("span", "", &name);
            self.raw("</div>");
        }
        self.raw("</div>");
    }

    fn table(&mut self, findings: &[CheckFinding]) {
        let lang = self.lang;
        self.raw("<table><thead><tr>");
        for column in say::columns(lang) {
            self.element("th", "", &column);
        }
        self.raw("</tr></thead><tbody>");
        for finding in findings {
            self.raw("<tr>");
            for (n, cell) in say::row(lang, finding).iter().enumerate() {
                let class = match n {
                    0 => "id",
                    1 => finding.severity.name(),
                    6 => "fact",
                    _ => "",
                };
                self.element("td", class, cell);
            }
            self.raw("</tr>");
        }
        self.raw("</tbody></table>");
        self.todo(findings);
    }

    /// What to do, once for each check that found something.
    fn todo(&mut self, findings: &[CheckFinding]) {
        let lang = self.lang;
        self.element("h2", "", &lang.say(words::AuditWhatToDo));
        self.raw("<ul>");
        for (check, proposal) in say::proposals(findings) {
            let (check, todo) = (labels::check(lang, check), labels::proposal(lang, proposal));
            self.element("li", "", &format!("{check}: {todo}"));
        }
        self.raw("</ul>");
    }
}

/// Text as it may stand in a page. Ids and reasons come from stores and people.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c => safe.push(c),
        }
    }
    safe
}
