use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use console::Lang;
use hub::Door;
use hub::ask::checks::RunChecks;
use hub::ask::findings::{Findings, How, ListFindings, ResolveFinding, Which};
use hub::checks::life::Life;
use hub::checks::report::{CheckReport, Scope};
use hub::checks::{Depth, page, workbook};

use crate::chain::{Chain, Shop};

fn run(chain: &Chain) -> CheckReport {
    chain.hub.ask(RunChecks { scope: Scope::default(), depth: Depth::Changed }).unwrap()
}

async fn send(chain: &Chain, shop: &Shop) {
    chain.connect(shop).await.leave(chain, shop).await;
}

/// A report with one finding, about a product whose name is HTML.
async fn report() -> CheckReport {
    let chain = Chain::start().await;
    let shop = chain.shop("S001").await;
    shop.sell("<b>&", "2", |_| ());
    send(&chain, &shop).await;
    run(&chain)
}

#[tokio::test]
async fn a_page_says_all_in_both_languages_and_asks_nothing_of_the_network() {
    let report = report().await;
    let id = &report.findings[0].id;
    for (lang, said) in [(Lang::En, "stock not below zero"), (Lang::Zh, "负库存")] {
        let html = page::html(&report, "Ada & Co", lang);
        for text in [id.as_str(), said, "&lt;b&gt;&amp;", "Ada &amp; Co", "1-1", "-2"] {
            assert!(html.contains(text), "{text} is not in {html}");
        }
        assert!(!html.contains("<b>&"), "what a store wrote is no HTML");
        for address in ["http:", "https:", "src=", "url(", "@import", "<script"] {
            assert!(!html.contains(address), "{address}");
        }
        let opened = html.matches("<td").count();
        assert_eq!((opened, html.matches("</td>").count()), (10, 10));
    }
}

#[tokio::test]
async fn a_workbook_holds_the_findings() {
    let report = report().await;
    let bytes = workbook::xlsx(&report, "Ada", Lang::En).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let rows: Vec<&[Data]> = sheet.rows().collect();
    let text = |text: &str| Data::String(text.to_owned());
    let header = rows.iter().position(|row| row[0] == text("Finding")).unwrap();
    let row = rows[header + 1];
    assert_eq!(row[0], text(&report.findings[0].id));
    assert_eq!((&row[3], &row[4]), (&text("S001"), &text("<b>&")));
    assert_eq!(rows.len(), header + 2);
}

#[tokio::test]
async fn what_was_explained_is_no_longer_open_until_it_changes() {
    let chain = Chain::start().await;
    let shop = chain.shop("S001").await;
    shop.sell("C1", "1", |_| ());
    send(&chain, &shop).await;
    let finding = run(&chain).findings.remove(0);
    assert_eq!((finding.life.is_open(), finding.days), (true, Some(0)));
    let listed = |which| -> Findings { chain.hub.ask(ListFindings { which }).unwrap() };
    assert_eq!(listed(Which::Open).findings[0].id, finding.id);
    let how = How::Explain("delivered, not booked yet".to_owned());
    let by = "li".parse().unwrap();
    let ask = ResolveFinding { finding: finding.id.clone(), how, by };
    let resolved = chain.hub.ask(ask).unwrap();
    let Life::Explained(decision) = &resolved.life else { panic!("{:?}", resolved.life) };
    assert_eq!((decision.by.as_str(), &*decision.reason), ("li", "delivered, not booked yet"));
    assert_eq!((listed(Which::Open).findings.len(), listed(Which::All).findings.len()), (0, 1));
    run(&chain);
    assert_eq!(listed(Which::Open).findings, [], "the next run finds the same");
    shop.sell("C1", "1", |_| ());
    send(&chain, &shop).await;
    run(&chain);
    assert_eq!(listed(Which::Open).findings[0].id, finding.id);
}
