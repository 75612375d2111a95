//! What a correction comes to, whoever says what in which order.

use super::*;
use crate::id::Epoch;

fn fact() -> FactId {
    FactId { epoch: Epoch::FIRST, seq: 7 }
}

fn store(name: &str) -> Party {
    Party::Store(name.parse().unwrap())
}

fn said(by: Party, step: Step) -> Said {
    Said { by, at: Timestamp::from_millis(5), operator: Some("li".parse().unwrap()), step }
}

fn propose() -> Said {
    let remedy = Remedy::Adjust { sku: "cola".parse().unwrap(), quantity: 2_000 };
    let (store, finding, reason) = ("S1".parse().unwrap(), "F1".into(), "counted".into());
    said(Party::HeadOffice, Step::Propose(Proposed { store, finding, remedy, reason }))
}

#[test]
fn a_correction_goes_from_proposal_to_fact() {
    let approve = said(Party::HeadOffice, Step::Approve { alone: None });
    let done = said(store("S1"), Step::Done { fact: fact() });
    let stage = |entries: &[&Said]| status(entries.iter().copied()).stage;
    let by = Some("li".parse().unwrap());
    assert_eq!(stage(&[]), Stage::Unknown);
    assert_eq!(stage(&[&approve, &done]), Stage::Unknown);
    assert_eq!(stage(&[&propose()]), Stage::Proposed);
    assert_eq!(stage(&[&approve, &propose()]), Stage::Approved { by: by.clone(), alone: None });
    let at = Timestamp::from_millis(5);
    assert_eq!(stage(&[&done, &approve, &propose()]), Stage::Done { fact: fact(), at });
    let reject = said(Party::HeadOffice, Step::Reject { reason: "no".into() });
    let rejected = Stage::Rejected { by, reason: "no".into() };
    assert_eq!(stage(&[&approve, &reject, &propose()]), rejected);
    assert_eq!(stage(&[&approve, &reject, &propose(), &done]), Stage::Done { fact: fact(), at });
}

#[test]
fn nobody_speaks_for_another() {
    let by_store = said(store("S1"), Step::Approve { alone: None });
    let by_another = said(store("S2"), Step::Done { fact: fact() });
    let proposed = propose();
    assert_eq!(status([&proposed, &by_store, &by_another]).stage, Stage::Proposed);
    let forged = Said { by: store("S1"), ..propose() };
    assert_eq!(status([&forged]).stage, Stage::Unknown);
}

#[test]
fn entries_are_read_as_they_were_written() {
    let remedies = [
        Remedy::Adjust { sku: "可乐".parse().unwrap(), quantity: -1 },
        Remedy::Revalue { sku: "cola".parse().unwrap(), value: "-0.0001".parse().unwrap() },
        Remedy::Reverse { fact: fact() },
    ];
    let proposals = remedies.map(|remedy| {
        let (store, finding, reason) = ("S1".parse().unwrap(), "F1".into(), "why".into());
        Step::Propose(Proposed { store, finding, remedy, reason })
    });
    let others = [
        Step::Approve { alone: None },
        Step::Approve { alone: Some("nobody else is here".into()) },
        Step::Reject { reason: "no".into() },
        Step::Done { fact: fact() },
        Step::Refuse { reason: "gone".into() },
    ];
    for step in proposals.into_iter().chain(others) {
        let said = said(Party::HeadOffice, step);
        assert_eq!(read(said.by.clone(), said.step.name(), &said.to_text()), Ok(said));
    }
    let text = propose().to_text();
    let kept = r#"{"v":1,"at":5,"op":"li","store":"S1","finding":"F1","kind":"adjust","sku":"cola","qty":2000,"note":"counted"}"#;
    assert_eq!(text, kept, "the stored form stays");
    for (name, text) in [
        ("propose", "{}"),
        ("propose", r#"{"v":2,"at":0}"#),
        ("propose", r#"{"v":1,"at":0,"store":"S1","kind":"wish"}"#),
        ("done", r#"{"v":1,"at":0,"fact":"0-0"}"#),
        ("celebrate", r#"{"v":1,"at":0}"#),
    ] {
        assert!(read(Party::HeadOffice, name, text).is_err(), "{name} {text}");
    }
}
