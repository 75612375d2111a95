use super::*;
use crate::admission::Admission;
use crate::ids::Writer;
use crate::testing::{NOW, authorship, chain, store, wire};

fn shop() -> StoreId {
    "S012".parse().unwrap()
}

fn edits(fields: &[(ProfileField, &str)]) -> ProfileEdits {
    let fields = fields.iter().map(|(field, text)| (*field, (*text).to_owned())).collect();
    ProfileEdits::from([(shop(), fields)])
}

fn edit(profiles: &mut Profiles, epoch: u32, fields: &[(ProfileField, &str)]) -> NewChange {
    let author = authorship(&Writer::Hub, epoch);
    let changes = profiles.edit(&chain(), &author, &edits(fields), NOW).unwrap();
    let [change] = <[NewChange; 1]>::try_from(changes).unwrap();
    change
}

#[test]
fn a_store_takes_its_profile_from_head_office_alone() {
    let bucket = store_bucket(&shop());
    let doc = DocId::profile_of(&shop());
    let mut hub = Profiles::load(bucket, []).unwrap();
    let change =
        edit(&mut hub, 1, &[(ProfileField::Groups, "airport north"), (ProfileField::Name, "T2")]);
    let node = Admission::new(chain(), store("S012"), Writer::Hub);
    let admitted = node.admit(wire(&doc, &change.bytes)).expect("head office wrote it");
    let mut copy = Profiles::load(bucket, []).unwrap();
    copy.merge([admitted.bytes.as_slice()]).unwrap();
    let [profile] = <[Profile; 1]>::try_from(copy.profiles().unwrap()).unwrap();
    assert_eq!(
        (profile.get(ProfileField::Groups).as_str(), &*profile.name),
        ("airport north", "T2")
    );

    let mut forged = Profiles::load(bucket, []).unwrap();
    let author = authorship(&store("S012"), 1);
    let groups = edits(&[(ProfileField::Groups, "cheap")]);
    let [change] =
        <[NewChange; 1]>::try_from(forged.edit(&chain(), &author, &groups, NOW).unwrap()).unwrap();
    let hub = Admission::new(chain(), Writer::Hub, store("S012"));
    assert!(hub.admit(wire(&doc, &change.bytes)).is_err());
    assert!(node.admit(wire(&doc, &change.bytes)).is_err());
}

#[test]
fn entries_are_judged_by_what_they_are() {
    let bucket = store_bucket(&shop());
    let key = |field: &str| format!("store\u{1f}S012\u{1f}{field}");
    assert_eq!(check(bucket, &key("kind"), "warehouse"), Ok(()));
    assert_eq!(check(bucket, &key("colour"), "red"), Ok(()), "a later version's");
    assert_eq!(check(bucket, "supplier\u{1f}V1\u{1f}name", "any"), Ok(()), "another party");
    assert!(check(bucket, &key("kind"), "kiosk").is_err());
    assert!(check(bucket, "store\u{1f}S/1\u{1f}kind", "shop").is_err());
    assert!(check((bucket + 1) % crate::PARTY_BUCKETS, &key("kind"), "shop").is_err());
}

#[test]
fn fields_set_apart_are_both_there_and_history_tells_when() {
    let bucket = store_bucket(&shop());
    let (mut one, mut other) =
        (Profiles::load(bucket, []).unwrap(), Profiles::load(bucket, []).unwrap());
    let named = edit(&mut one, 1, &[(ProfileField::Name, "T2")]);
    let grouped = edit(&mut other, 2, &[(ProfileField::Groups, "north")]);
    one.merge([grouped.bytes.as_slice()]).unwrap();
    other.merge([named.bytes.as_slice()]).unwrap();
    assert_eq!(one.profiles().unwrap(), other.profiles().unwrap());
    assert_eq!(&*one.profiles().unwrap()[0].name, "T2");
    let told = history(bucket, [named.bytes.as_slice(), grouped.bytes.as_slice()]).unwrap();
    assert_eq!(told.iter().map(|s| s.text.as_str()).collect::<Vec<_>>(), ["T2", "north"]);
    assert!(
        one.edit(
            &chain(),
            &authorship(&Writer::Hub, 1),
            &edits(&[(ProfileField::Name, "T2")]),
            NOW
        )
        .unwrap()
        .is_empty()
    );
}
