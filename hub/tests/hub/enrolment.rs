use hub::ask::stores::{InviteKind, ListStores, Revoke};
use hub::registry::Standing;
use hub::{Door, HubError};
use sync_proto::quic::{CloseCode, DialError, Ended, HubLink, Identity, JoinCode, SessionEnd};

use crate::chain::{Chain, HOUR};

fn refused(result: Result<Identity, DialError>) -> CloseCode {
    match result.unwrap_err() {
        DialError::Refused { code, .. } => code,
        other => panic!("{other:?}"),
    }
}

/// Why the hub ends a connection that was just made.
async fn shown_out(chain: &Chain, identity: &Identity) -> CloseCode {
    let link: HubLink = chain.dialer.connect(chain.running.address(), identity).await.unwrap();
    match link.ended().await {
        Ended::Said(code) => code,
        other => panic!("{other:?}"),
    }
}

fn standing(chain: &Chain) -> Vec<(String, Standing)> {
    let list = chain.hub.ask(ListStores {}).unwrap();
    list.stores.into_iter().map(|row| (row.store.to_string(), row.standing)).collect()
}

#[tokio::test]
async fn a_code_lives_its_hour_and_serves_one_machine() {
    let chain = Chain::start().await;
    let code = chain.invite("S001", InviteKind::First);
    assert_eq!(standing(&chain), [("S001".to_owned(), Standing::Invited)]);
    chain.join(&code, &chain.machine("a")).await.unwrap();
    // The answer may have been lost: the same machine may ask again, another one may not.
    chain.join(&code, &chain.machine("a")).await.unwrap();
    assert_eq!(refused(chain.join(&code, &chain.machine("b")).await), CloseCode::CodeUsed);
    assert_eq!(standing(&chain), [("S001".to_owned(), Standing::Active)]);

    let late = chain.invite("S002", InviteKind::First);
    chain.clock.forward(HOUR + 1);
    assert_eq!(refused(chain.join(&late, &chain.machine("c")).await), CloseCode::CodeExpired);
    let unknown = JoinCode::generate(chain.hub.authority().certificate()).unwrap();
    assert_eq!(refused(chain.join(&unknown, &chain.machine("c")).await), CloseCode::CodeUnknown);
}

#[tokio::test]
async fn a_new_machine_takes_over_when_it_joins_and_not_before() {
    let chain = Chain::start().await;
    let shop = chain.shop("S001").await;
    let connected = chain.connect(&shop).await;
    let again = hub::ask::stores::Invite {
        store: shop.store.clone(),
        name: None,
        kind: InviteKind::First,
        life_minutes: 60,
    };
    assert!(matches!(chain.hub.ask(again), Err(HubError::Registry(_))));

    let withdrawn = chain.invite("S001", InviteKind::Again);
    let code = chain.invite("S001", InviteKind::Again);
    let refusal = refused(chain.join(&withdrawn, &chain.machine("new")).await);
    assert_eq!(refusal, CloseCode::CodeExpired);
    let new = chain.join(&code, &chain.machine("new")).await.unwrap();

    assert!(matches!(connected.end().await, SessionEnd::Lost(Ended::Said(CloseCode::Revoked))));
    assert_eq!(shown_out(&chain, &shop.identity).await, CloseCode::Revoked);
    let shop = shop.on_machine(new);
    chain.connect(&shop).await;
}

#[tokio::test]
async fn a_revoked_store_is_shown_out_at_once_and_for_good() {
    let chain = Chain::start().await;
    let (gone, stays) = (chain.shop("S001").await, chain.shop("S002").await);
    let (ends, goes_on) = (chain.connect(&gone).await, chain.connect(&stays).await);
    let open = chain.invite("S001", InviteKind::Again);
    let revoked = chain.hub.ask(Revoke { store: gone.store.clone() }).unwrap();
    assert_eq!(revoked.closed, Some(1));
    assert!(matches!(ends.end().await, SessionEnd::Lost(Ended::Said(CloseCode::Revoked))));
    assert_eq!(shown_out(&chain, &gone.identity).await, CloseCode::Revoked);
    let late = refused(chain.join(&open, &chain.machine("late")).await);
    assert_eq!(late, CloseCode::CodeExpired);

    // The other store has not noticed anything.
    let id = stays.adjust("C1", "5");
    crate::chain::until(|| crate::chain::status(&chain.hub, &stays.store).last_seq == Some(id.seq))
        .await;
    goes_on.leave(&chain, &stays).await;

    // What was decided survives the hub.
    let chain = chain.restart().await;
    let expected = [("S001".to_owned(), Standing::Revoked), ("S002".to_owned(), Standing::Active)];
    assert_eq!(standing(&chain), expected);
    assert_eq!(shown_out(&chain, &gone.identity).await, CloseCode::Revoked);
    chain.connect(&stays).await;
}

#[tokio::test]
async fn a_certificate_is_renewed_for_the_same_key_and_reported() {
    let chain = Chain::start().await;
    let shop = chain.shop("S001").await;
    let until = || crate::chain::status(&chain.hub, &shop.store).certificate_until.unwrap();
    let before = until();
    chain.clock.forward(40 * 24 * HOUR);
    let link = chain.dialer.connect(chain.running.address(), &shop.identity).await.unwrap();
    let renewed = link.renew(&chain.machine("S001")).await.unwrap();
    assert_eq!(renewed.me().key, shop.identity.me().key);
    assert!(until() > before);
    assert_eq!(until(), renewed.me().not_after);
}
