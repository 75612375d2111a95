//! Chance from a seed: SplitMix64, the same numbers on every machine.

/// A stream of numbers.
#[derive(Debug, Clone)]
pub(super) struct Dice {
    state: u64,
}

/// SplitMix64's increment: the golden ratio in 64 bits.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Dice {
    /// The stream of this seed and these labels. Streams with different labels have nothing to do
    /// with each other, so that what one part draws does not shift another's numbers.
    pub(super) fn new(seed: u64, labels: &[u64]) -> Self {
        let mut dice = Self { state: seed };
        for label in labels {
            dice.state = dice.next() ^ label.wrapping_mul(GOLDEN);
        }
        dice
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; zero, when `n` is.
    pub(super) fn below(&mut self, n: u64) -> u64 {
        // Multiply and keep the high half: uneven by at most n / 2^64, which no test could see.
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// Whether something happens that does so `permille` times in a thousand.
    pub(super) fn chance(&mut self, permille: u64) -> bool {
        self.below(1_000) < permille
    }

    /// An index into `weights`, as often as its weight says. Zero, when all weigh nothing.
    pub(super) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (at, weight) in weights.iter().enumerate() {
            if left < *weight {
                return at;
            }
            left -= weight;
        }
        0
    }

    /// One of `choices`, all alike. The first, when there is only one.
    pub(super) fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        choices.get(usize::try_from(self.below(choices.len() as u64)).unwrap_or(0))
    }
}
