//! The weather of a seed: how many stores, how busy, and what goes wrong when.

use crate::dice::Dice;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// What a seed stands for.
#[derive(Debug)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// How many stores there are.
    pub stores: usize,
    /// When the weather clears, in milliseconds.
    pub clears_at: u64,
    /// How long a piece of stream takes, at most, in milliseconds.
    pub latency_max: u64,
    /// How many pieces in a hundred are lost once and take much longer.
    pub loss_percent: u64,
    /// How long a question to a replica takes, at most, in milliseconds.
    pub disk_max: u64,
    /// For each store, the pause between two sales, at most.
    pub pace_max: u64,
    /// At each machine, the pause between two looks at the transfers, at most.
    pub desk_pace_max: u64,
    /// At each store, the pause between two looks at the days to close, at most.
    pub close_pace_max: u64,
    /// What the clocks show when the run begins, after eight in the morning, in milliseconds.
    pub begins: i64,
    /// How many facts each store has before it first meets the hub.
    pub backlog: usize,
    /// Whether stores and hub edit the catalog.
    pub edits: bool,
    /// Whether stores hang up once in sync and come back every few minutes.
    pub periodic: bool,
    /// What goes wrong, and when.
    pub faults: Vec<(u64, Fault)>,
}

/// Something that goes wrong.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// A store's connection breaks.
    Break { store: usize },
    /// A store can't reach the hub for so long.
    Partition { store: usize, lasts: u64 },
    /// A machine loses power and comes back after so long. Machine 0 is the hub.
    Crash { machine: usize, down: u64 },
    /// A machine's wall clock jumps by so many milliseconds.
    ClockJump { machine: usize, by: i64 },
    /// A machine's disk is slow for so long.
    SlowDisk { machine: usize, lasts: u64 },
    /// A copy of a machine's disk is taken.
    Backup { machine: usize },
    /// A machine's disk is lost and its last copy put in its place.
    Restore { machine: usize, down: u64 },
    /// A store's disk is cloned, and the clone runs beside it for so long.
    Clone { store: usize, lasts: u64 },
}

impl Fault {
    /// What befalls.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Break { .. } => "connection broken",
            Self::Partition { .. } => "partition",
            Self::Crash { machine: 0, .. } => "hub crash",
            Self::Crash { .. } => "store crash",
            Self::ClockJump { .. } => "clock jump",
            Self::SlowDisk { .. } => "slow disk",
            Self::Backup { machine: 0 } => "hub backup",
            Self::Backup { .. } => "store backup",
            Self::Restore { machine: 0, .. } => "hub restore",
            Self::Restore { .. } => "store restore",
            Self::Clone { .. } => "store clone",
        }
    }
}

impl Plan {
    /// The plan of a seed.
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x05ee_d0f5_7a7e);
        let stores = dice.between(1, 4) as usize;
        let clears_at = dice.between(MINUTE, 6 * MINUTE);
        let mut plan = Self {
            seed,
            stores,
            clears_at,
            latency_max: *dice.pick(&[5, 40, 300, 2_000]),
            loss_percent: *dice.pick(&[0, 1, 5, 30]),
            disk_max: *dice.pick(&[1, 10, 50]),
            pace_max: *dice.pick(&[6 * SECOND, 15 * SECOND, 40 * SECOND]),
            desk_pace_max: *dice.pick(&[5 * SECOND, 15 * SECOND, 60 * SECOND]),
            close_pace_max: *dice.pick(&[20 * SECOND, 60 * SECOND, 200 * SECOND]),
            // In the morning, or shortly before midnight.
            begins: *dice.pick(&[0, 0, (16 * HOUR - MINUTE) as i64]),
            backlog: *dice.pick(&[0, 0, 3, 40]),
            edits: dice.percent(60),
            periodic: dice.percent(20),
            faults: Vec::new(),
        };
        if seed % 200 == 42 {
            // More than a window of chunks, with little else to do.
            plan.stores = 1;
            plan.backlog = 5_000;
            plan.pace_max = 40 * SECOND;
            plan.desk_pace_max = 60 * SECOND;
        }
        plan.add_faults(&mut dice);
        plan.faults.sort_by_key(|(at, _)| *at);
        plan
    }

    fn add_faults(&mut self, dice: &mut Dice) {
        for _ in 0..dice.between(0, 12) {
            let store = dice.between(1, self.stores as u64) as usize;
            let machine = dice.below(self.stores as u64 + 1) as usize;
            let fault = match dice.below(100) {
                0..35 => Fault::Break { store },
                35..55 => {
                    let lasts = match dice.below(10) {
                        0 => dice.between(HOUR, 20 * 24 * HOUR),
                        _ => dice.between(SECOND, 5 * MINUTE),
                    };
                    Fault::Partition { store, lasts }
                }
                55..80 => Fault::Crash { machine, down: dice.between(50, MINUTE) },
                80..90 => {
                    let by = dice.below(96 * HOUR) as i64 - 48 * HOUR as i64;
                    Fault::ClockJump { machine, by }
                }
                _ => Fault::SlowDisk { machine, lasts: dice.between(SECOND, 2 * MINUTE) },
            };
            self.at_some_time(dice, fault);
        }
        // Backups are put back in a third of the runs, disks cloned in a sixth.
        if dice.percent(33) {
            let machine = dice.below(self.stores as u64 + 1) as usize;
            let taken = dice.below(self.clears_at / 2);
            let back = dice.between(taken, self.clears_at);
            self.faults.push((taken, Fault::Backup { machine }));
            let down = dice.between(50, MINUTE);
            self.faults.push((back, Fault::Restore { machine, down }));
        }
        // Not both: what a clone that is gone said, and a hub that went back in time forgot, may be left
        // with a third store alone, and the hub takes from each store its own words only.
        if dice.percent(17) && self.hub_forgets_from().is_none() {
            let store = dice.between(1, self.stores as u64) as usize;
            let lasts = dice.between(10 * SECOND, 4 * MINUTE);
            self.at_some_time(dice, Fault::Clone { store, lasts });
        }
    }

    fn at_some_time(&mut self, dice: &mut Dice, fault: Fault) {
        let at = dice.below(self.clears_at);
        self.faults.push((at, fault));
    }

    /// When the hub's disk is copied, if that copy is put back later: what head office says after it
    /// is lost with the disk. It edits the catalog no more, because edits are made anew by people.
    pub(super) fn hub_forgets_from(&self) -> Option<u64> {
        self.faults.iter().find_map(|(at, fault)| match fault {
            Fault::Backup { machine: 0 } => Some(*at),
            _ => None,
        })
    }
}
