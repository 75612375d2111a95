//! How much of a member's stored value can be spent with no contact at all: five stores that were connected
//! for a while and are cut off then, and a member who shops mostly at one of them.

use std::time::Duration;

use examples::stage::Stage;
use ledger::amount::Money;
use ledger::fact::PaymentMethod;
use ledger::id::{MemberId, StoreId};
use store_node::request::TopUp;
use store_node::{About, Node, NodeError, Pay, Sell};

use crate::Outcome;
use crate::report::Report;
use crate::work::Result;

/// Where the member shops, in hundredths.
const HABIT: [(&str, u64); 5] = [("A01", 50), ("B02", 20), ("C03", 15), ("D04", 10), ("E05", 5)];

/// What is paid in, in coins of 0.01.
const PAID_IN: u64 = 2_000_000;

/// Purchases while the stores are connected: head office learns the habit from them.
const WHILE_CONNECTED: usize = 60;

/// The smallest and the largest purchase, in coins.
const PURCHASE: (u64, u64) = (500, 8_000);

/// The part of the value that is to be usable.
const AIM: f64 = 0.9;

/// Pause between two looks at what is on its way.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Ten-thousandths in a coin.
const COIN: i64 = 100;

pub(crate) fn run() -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (spent, left) = runtime.block_on(spend())?;
    let (spent, left) = (spent as f64, left as f64);
    let work = format!(
        "5 stores, one member, habit 50/20/15/10/5 %: {:.2} of {:.2} spent without contact, and nothing more",
        spent / 100.0,
        left / 100.0
    );
    let usable = Report::higher("escrow.usable", "of the value", spent / left);
    Ok(vec![usable.against("the aim", AIM).work(work)])
}

/// What was spent without contact and what there was, in coins.
async fn spend() -> Result<(u64, u64)> {
    let dir = tempfile::tempdir()?;
    let mut stage = Stage::open(dir.path(), "bench").await?;
    for (at, (store, _)) in HABIT.iter().enumerate() {
        stage.enrol(store.parse::<StoreId>()?, (*store).to_owned()).await?;
        stage.connect(at)?;
    }
    let member: MemberId = "M-1".parse()?;
    let top_up = TopUp { amount: money(PAID_IN)?, method: PaymentMethod::Cash };
    stage.shops[0].node.book(request(&member, top_up.into()))?;
    settle(&stage, &member).await?;

    let mut chance = Chance(7);
    let mut left = PAID_IN;
    for _ in 0..WHILE_CONNECTED {
        let (shop, coins) = (chance.shop(), chance.purchase());
        if buy(&stage.shops[shop].node, &member, coins)? {
            left -= coins;
        }
        settle(&stage, &member).await?;
    }
    for at in 0..HABIT.len() {
        stage.cut(at).await;
    }

    let (mut asked, mut spent) = (0, 0);
    while asked < left {
        let (shop, coins) = (chance.shop(), chance.purchase().min(left - asked));
        asked += coins;
        if buy(&stage.shops[shop].node, &member, coins)? {
            spent += coins;
        }
    }

    for at in 0..HABIT.len() {
        stage.connect(at)?;
    }
    for at in 0..HABIT.len() {
        stage.caught_up(at).await?;
    }
    let standing = stage.hub.books().reader()?.values(Some(&member))?.remove(&member);
    let standing = standing.unwrap_or_default().standing;
    let owed = i64::try_from(left - spent)? * COIN;
    if standing.balance != owed || standing.overdrawn().next().is_some() {
        return Err(format!("the hub owes {}, it should be {owed}", standing.balance).into());
    }
    stage.close().await?;
    Ok((spent, left))
}

/// Waits until nothing is on its way and nothing has to move.
async fn settle(stage: &Stage, member: &MemberId) -> Result<()> {
    loop {
        for (at, shop) in stage.shops.iter().enumerate() {
            shop.node.answer_letters()?;
            stage.caught_up(at).await?;
        }
        let written = stage.hub.share_value()?;
        let value = stage.hub.books().reader()?.values(Some(member))?.remove(member);
        let held = value.unwrap_or_default().standing.held;
        if written == 0 && held.values().all(|held| held.coming == 0 && held.asked_back == 0) {
            return Ok(());
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Buys for so many coins; says whether the store could take them out of the value.
fn buy(node: &Node, member: &MemberId, coins: u64) -> Result<bool> {
    let lines = vec![format!("tea@{}.{:02}", coins / 100, coins % 100).parse()?];
    let payments = vec![Pay { method: PaymentMethod::StoredValue, amount: None, reference: None }];
    match node.book(request(member, Sell { lines, payments, ..Sell::default() }.into())) {
        Ok(_) => Ok(true),
        Err(NodeError::Refused(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn request(member: &MemberId, task: store_node::Task) -> store_node::Request {
    let about = About { member: Some(member.clone()), ..About::default() };
    store_node::Request { about, task }
}

fn money(coins: u64) -> Result<Money> {
    Ok(Money::from_ten_thousandths(i64::try_from(coins)? * COIN)?)
}

/// Chance from a seed: SplitMix64.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn shop(&mut self) -> usize {
        let mut at = self.next() % 100;
        for (shop, (_, part)) in HABIT.iter().enumerate() {
            match at.checked_sub(*part) {
                None => return shop,
                Some(rest) => at = rest,
            }
        }
        0
    }

    fn purchase(&mut self) -> u64 {
        PURCHASE.0 + self.next() % (PURCHASE.1 - PURCHASE.0)
    }
}
