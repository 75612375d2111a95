use hub::Door;
use hub::ask::care::Rebuild;
use hub::ask::checks::{ListReports, RunChecks, ShowReport};
use hub::ask::stores::InviteKind;
use hub::checks::Depth;
use hub::checks::life::Life;
use hub::checks::report::{CheckFinding, CheckReport, Scope, Seen, State};
use hub::text::{Amount, Units};
use hub::{Hub, HubError};
use ledger::check::{Check, Proposal, Severity};
use ledger::fact::Body;
use ledger::time::Timestamp;

use crate::chain::{Chain, HOUR, Shop, TODAY};

fn run(hub: &Hub) -> CheckReport {
    hub.ask(RunChecks { scope: Scope::default(), depth: Depth::Changed }).unwrap()
}

fn only(report: &CheckReport) -> &CheckFinding {
    let [finding] = report.findings.as_slice() else { panic!("one was due: {report:#?}") };
    finding
}

async fn send(chain: &Chain, shop: &Shop) {
    chain.connect(shop).await.leave(chain, shop).await;
}

/// Two shops that have taken goods in and sold some, all of it at the hub.
async fn honest() -> (Chain, Shop, Shop) {
    let chain = Chain::start().await;
    let (one, two) = (chain.shop("S001").await, chain.shop("S002").await);
    for shop in [&one, &two] {
        shop.adjust("C1", "10");
        shop.sell("C1", "2", |_| ());
        send(&chain, shop).await;
    }
    (chain, one, two)
}

#[tokio::test]
async fn a_clean_chain_has_no_findings() {
    let (chain, ..) = honest().await;
    let report = run(&chain.hub);
    assert_eq!((report.number, report.stores, report.facts), (1, 2, 4));
    assert_eq!((report.findings.as_slice(), report.compared_with), (&[][..], None));
    assert!(report.is_sound());
}

#[tokio::test]
async fn a_planted_fault_is_found_and_nothing_else() {
    let (chain, one, two) = honest().await;
    let fault = two.sell("C1", "1", |fact| {
        let Body::RetailSale(receipt) = &mut fact.body else { panic!("a sale") };
        receipt.payments[0].amount = "3.4".parse().unwrap();
    });
    two.sell("C1", "1", |_| ());
    one.sell("C1", "1", |_| ());
    send(&chain, &one).await;
    send(&chain, &two).await;

    let report = run(&chain.hub);
    let id = only(&report).id.clone();
    let expected = CheckFinding {
        id: id.clone(),
        check: Check::Payments,
        severity: Severity::Error,
        state: State::New,
        life: Life::Open,
        store: Some(two.store.clone()),
        sku: None,
        date: Some("2026-11-22".parse().unwrap()),
        fact: Some(fault),
        operator: None,
        at: Some(Timestamp::from_millis(TODAY)),
        subject: None,
        days: None,
        line: None,
        expected: Seen::Money(Amount(35_000)),
        found: Seen::Money(Amount(34_000)),
        proposal: Proposal::ReverseAndRebook,
    };
    assert_eq!(only(&report), &expected);
    assert!(!report.is_sound());
    assert_eq!(
        hub::checks::export::csv(&report),
        format!(
            "report,finding,state,severity,check,store,sku,date,fact,operator,at,subject,\
             line,days,expected,found,proposal\n\
             1,{id},new,error,payments,S002,,2026-11-22,1-3,,2026-11-22T10:00:00.000Z,,,,\
             3.5,3.4,reverse-and-rebook\n"
        )
    );

    // One store, and from a day on.
    let within = |store: Option<&Shop>, since: Option<&str>| {
        let store = store.map(|shop| shop.store.clone());
        let scope = Scope { store, since: since.map(|date| date.parse().unwrap()), checks: vec![] };
        chain.hub.ask(RunChecks { scope, depth: Depth::Changed }).unwrap().findings.len()
    };
    assert_eq!((within(Some(&one), None), within(Some(&two), None)), (0, 1));
    assert_eq!((within(None, Some("2026-11-22")), within(None, Some("2026-11-23"))), (1, 0));
}

#[tokio::test]
async fn a_kept_number_that_was_changed_is_found_with_its_fact_and_gone_after_a_rebuild() {
    let (chain, one, _two) = honest().await;
    let sold = one.sell("C1", "3", |_| ());
    send(&chain, &one).await;
    chain.clock.forward(HOUR);
    run(&chain.hub);
    let books = rusqlite::Connection::open(chain.hub.home().books()).unwrap();
    // What the hub keeps of the day forgets the sale of three.
    let damage = "UPDATE day_balance SET quantity_out = quantity_out - 3000 \
         WHERE place = 16 * (SELECT id FROM store WHERE name = 'S001') + 1";
    assert_eq!(books.execute(damage, []).unwrap(), 1);
    drop(books);

    // No store's word tells of it, so only a full run looks.
    assert_eq!(run(&chain.hub).findings, []);
    let full = RunChecks { scope: Scope::default(), depth: Depth::Full };
    let report = chain.hub.ask(full).unwrap();
    let finding = only(&report);
    assert_eq!((finding.check, finding.fact), (Check::StockEquation, Some(sold)));
    let stock = |units| Seen::Stock { quantity: Units(units), value: Amount(0) };
    assert_eq!((&finding.expected, &finding.found), (&stock(5_000), &stock(8_000)));
    assert_eq!(finding.proposal, Proposal::Rebuild);
    chain.hub.ask(Rebuild {}).unwrap();
    let report = run(&chain.hub);
    assert_eq!((report.findings.len(), report.resolved.len()), (0, 1));
}

#[tokio::test]
async fn reports_outlive_the_hub_and_tell_what_is_new_persists_or_is_gone() {
    let (chain, one, two) = honest().await;
    let first_below = one.sell("C1", "9", |_| ());
    one.sell("C1", "1", |_| ());
    send(&chain, &one).await;
    let first = run(&chain.hub);
    let finding = only(&first);
    assert_eq!((finding.check, finding.fact), (Check::NegativeStock, Some(first_below)));
    assert_eq!(finding.found, Seen::Quantity(Units(-2_000)));
    // A warning leaves the numbers sound.
    assert!(first.is_sound() && finding.severity == Severity::Warning);

    let chain = chain.restart().await;
    chain.clock.forward(HOUR);
    let new = two.sell("C1", "9", |_| ());
    send(&chain, &two).await;
    let second = run(&chain.hub);
    let told: Vec<_> = second.findings.iter().map(|f| (f.fact, f.state)).collect();
    assert_eq!(told, [(Some(first_below), State::Persisting), (Some(new), State::New)]);
    assert_eq!((second.compared_with, second.resolved.len()), (Some(1), 0));

    one.adjust("C1", "5");
    send(&chain, &one).await;
    // A run on one store is compared with the last that looked at it, but not the other way round.
    let scope = Scope { store: Some(one.store.clone()), ..Scope::default() };
    let third = chain.hub.ask(RunChecks { scope, depth: Depth::Changed }).unwrap();
    assert_eq!((third.findings.len(), third.compared_with), (0, Some(2)));
    let fourth = run(&chain.hub);
    assert_eq!(only(&fourth).state, State::Persisting);
    assert_eq!(fourth.compared_with, Some(2));
    let resolved: Vec<_> = fourth.resolved.iter().map(|f| (f.fact, f.state)).collect();
    assert_eq!(resolved, [(Some(first_below), State::Resolved)]);

    let reports = chain.hub.ask(ListReports {}).unwrap().reports;
    let listed: Vec<_> =
        reports.iter().map(|r| (r.number, r.warnings, r.new, r.resolved)).collect();
    assert_eq!(listed, [(4, 1, 0, 1), (3, 0, 0, 1), (2, 2, 1, 0), (1, 1, 1, 0)]);
    assert_eq!(chain.hub.ask(ShowReport { number: 2 }).unwrap(), second);
    let missing = chain.hub.ask(ShowReport { number: 9 }).unwrap_err();
    assert!(matches!(missing, HubError::NoReport { number: 9 }));
}

#[tokio::test]
async fn only_stores_that_are_known_can_be_checked() {
    let chain = Chain::start().await;
    chain.invite("S001", InviteKind::First);
    let ask = |store: &str| {
        let scope = Scope { store: Some(store.parse().unwrap()), ..Scope::default() };
        chain.hub.ask(RunChecks { scope, depth: Depth::Changed })
    };
    assert_eq!(ask("S001").unwrap().facts, 0);
    assert!(matches!(ask("S002"), Err(HubError::Registry(_))));
}

#[tokio::test]
async fn a_report_that_was_cut_short_is_named_and_an_unfinished_one_is_written_over() {
    let chain = Chain::start().await;
    let folder = chain.hub.home().checks();
    run(&chain.hub);
    // What a power cut may leave of the next one.
    std::fs::write(folder.join("000002.new"), "{\"v\":1,").unwrap();
    assert_eq!(run(&chain.hub).number, 2);
    assert_eq!(chain.hub.ask(ListReports {}).unwrap().reports.len(), 2);

    for (text, why) in [("{\"v\":1,", "EOF"), ("{\"v\":2,\"report\":{}}", "form 2")] {
        std::fs::write(folder.join("000002.json"), text).unwrap();
        let error = chain.hub.ask(ShowReport { number: 2 }).unwrap_err();
        assert!(matches!(&error, HubError::Report { path, .. } if path.ends_with("000002.json")));
        let told = console::Told::of(console::Lang::En, &error);
        assert!(told.causes.iter().any(|cause| cause.contains(why)), "{told:?}");
    }
}
