//! Bins against a naive model that plays the facts one by one, with goods as they really lie.

use proptest::prelude::*;

use super::*;

type Places = BTreeMap<Bin, i128>;

#[derive(Debug, Clone)]
enum Step {
    /// So much comes, or leaves below nothing, at a bin or wherever.
    Stock {
        quantity: i128,
        bin: Option<usize>,
    },
    Move {
        quantity: i128,
        from: Option<usize>,
        to: Option<usize>,
    },
    Home {
        bin: Option<usize>,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let bin = || prop::option::of(0..3_usize);
    prop_oneof![
        5 => (-30..40_i128, bin()).prop_map(|(quantity, bin)| Step::Stock { quantity, bin }),
        3 => (1..30_i128, bin(), bin())
            .prop_map(|(quantity, from, to)| Step::Move { quantity, from, to }),
        1 => bin().prop_map(|bin| Step::Home { bin }),
    ]
}

fn bin(index: usize) -> Bin {
    ["A-01", "B-07", "后仓"][index].parse().unwrap()
}

/// Goods as they lie: in bins, and somewhere.
#[derive(Default)]
struct Shop {
    bins: Places,
    somewhere: i128,
    home: Option<Bin>,
}

impl Shop {
    fn put(&mut self, at: Option<Bin>, quantity: i128) {
        match at.or_else(|| self.home.clone()) {
            Some(bin) => *self.bins.entry(bin).or_default() += quantity,
            None => self.somewhere += quantity,
        }
    }

    /// Nobody can have taken goods from nowhere: they were in the first bins that had some.
    fn look(&self) -> Standing {
        let (mut bins, mut unplaced) = (self.bins.clone(), self.somewhere);
        while self.home.is_none() && unplaced < 0 {
            let Some(held) = bins.values_mut().find(|held| **held > 0) else { break };
            *held -= 1;
            unplaced += 1;
        }
        bins.retain(|_, held| *held != 0);
        Standing { bins, unplaced }
    }

    fn move_home(&mut self, home: Option<Bin>) {
        let Standing { bins, unplaced } = self.look();
        (self.bins, self.somewhere) = (bins, 0);
        self.home = home;
        self.put(None, unplaced);
    }
}

/// What the facts of a history name, and what is on hand by them.
#[derive(Default)]
struct Facts {
    on_hand: Vec<i128>,
    named: Vec<(Bin, i128)>,
    home: Option<Bin>,
}

impl Facts {
    fn sums(&self) -> (i128, Places) {
        let mut named = Places::new();
        // Whatever order they arrive in.
        for (bin, quantity) in self.named.iter().rev() {
            *named.entry(bin.clone()).or_default() += quantity;
        }
        (self.on_hand.iter().rev().sum(), named)
    }

    fn look(&self) -> Standing {
        let (on_hand, named) = self.sums();
        standing(on_hand, &named, self.home.as_ref())
    }

    fn play(&mut self, step: &Step) {
        match step {
            Step::Stock { quantity, bin: at } => {
                self.on_hand.push(*quantity);
                self.named.extend(at.map(|at| (bin(at), *quantity)));
            }
            Step::Move { quantity, from, to } => {
                self.named.extend(from.map(|from| (bin(from), -quantity)));
                self.named.extend(to.map(|to| (bin(to), *quantity)));
            }
            Step::Home { bin: home } => {
                let home = home.map(bin);
                let stays = settled(&self.look(), &self.sums().1, home.as_ref());
                self.named.extend(stays);
                self.home = home;
            }
        }
    }
}

proptest! {
    #[test]
    fn bins_are_what_somebody_sees_who_watched(steps in prop::collection::vec(step(), 0..40)) {
        let (mut shop, mut facts) = (Shop::default(), Facts::default());
        for step in steps {
            match &step {
                Step::Stock { quantity, bin: at } => shop.put(at.map(bin), *quantity),
                Step::Move { quantity, from, to } => {
                    shop.put(from.map(bin), -quantity);
                    shop.put(to.map(bin), *quantity);
                }
                Step::Home { bin: home } => shop.move_home(home.map(bin)),
            }
            facts.play(&step);
            let (seen, shown) = (shop.look(), facts.look());
            prop_assert_eq!(&shown, &seen, "after {:?}", step);
            prop_assert_eq!(shown.total(), facts.on_hand.iter().sum::<i128>());
        }
    }

    #[test]
    fn a_pick_takes_no_more_than_there_is(
        held in prop::collection::vec(-20..50_i128, 3),
        home in prop::option::of(0..3_usize),
        wanted in -5..120_i128,
    ) {
        let bins: Places = held.iter().enumerate().map(|(at, held)| (bin(at), *held)).collect();
        let (standing, home) = (Standing { bins, unplaced: 3 }, home.map(bin));
        let picked = pick(&standing, home.as_ref(), wanted);
        let there: i128 = held.iter().filter(|held| **held > 0).sum();
        let taken: i128 = picked.iter().map(|(_, taken)| taken).sum();
        prop_assert_eq!(taken, wanted.clamp(0, there));
        prop_assert!(picked.iter().all(|(bin, taken)| *taken > 0 && *taken <= standing.of(bin)));
        if let Some(home) = home.filter(|home| wanted > 0 && standing.of(home) > 0) {
            prop_assert_eq!(&picked[0].0, &home);
        }
    }
}

#[test]
fn a_shelf_that_was_filled_up_unsaid_shows_below_nothing() {
    let (shelf, back) = (bin(0), bin(2));
    let named = Places::from([(back.clone(), 60), (shelf.clone(), 40)]);
    let now = standing(20, &named, Some(&shelf));
    assert_eq!((now.of(&shelf), now.of(&back), now.unplaced), (-40, 60, 0));
    // Without a home bin nobody knows better than the order of names.
    let now = standing(20, &named, None);
    assert_eq!((now.of(&shelf), now.of(&back), now.unplaced), (0, 20, 0));
}
