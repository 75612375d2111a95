//! Connections: an ordered stream of bytes each way, cut into pieces that take their time, until it
//! breaks, at any byte.

use crate::dice::Dice;

/// The longest wait for a piece that was lost on the way and sent again, in milliseconds.
const RESEND_MAX: u64 = 6_000;

/// How a stream's pieces travel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weather {
    pub(super) latency_max: u64,
    pub(super) loss_percent: u64,
}

/// One end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    Store,
    Hub,
}

impl End {
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Store => Self::Hub,
            Self::Hub => Self::Store,
        }
    }
}

/// A connection between a machine of a store and the hub.
#[derive(Debug)]
pub(super) struct Link {
    /// The machine that dialled.
    pub(super) machine: usize,
    /// Bytes sent from this time on are lost. In-flight ones too, towards an end that gave up.
    pub(super) broken: bool,
    /// When the last piece towards each end arrives: streams keep their order.
    last_arrival: [u64; 2],
}

/// A piece of a stream, and when it arrives.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) arrives: u64,
    pub(super) bytes: Vec<u8>,
}

impl Link {
    pub(super) const fn new(machine: usize) -> Self {
        Self { machine, broken: false, last_arrival: [0; 2] }
    }

    /// Sends bytes towards an end.
    pub(super) fn send(
        &mut self,
        now: u64,
        to: End,
        bytes: &[u8],
        weather: Weather,
        dice: &mut Dice,
    ) -> Vec<Piece> {
        if self.broken {
            return Vec::new();
        }
        let mut pieces = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            // Mostly whole packets, sometimes a few bytes.
            let len = if dice.percent(85) {
                rest.len().min(64 * 1024)
            } else {
                1 + dice.below(rest.len() as u64) as usize
            };
            let (piece, later) = rest.split_at(len);
            let mut delay = 1 + dice.below(weather.latency_max);
            if dice.percent(weather.loss_percent) {
                delay += dice.below(RESEND_MAX);
            }
            let last = &mut self.last_arrival[to as usize];
            *last = (now + delay).max(*last);
            pieces.push(Piece { arrives: *last, bytes: piece.to_vec() });
            rest = later;
        }
        pieces
    }

    /// When everything sent towards an end has arrived.
    pub(super) const fn drained(&self, to: End) -> u64 {
        self.last_arrival[to as usize]
    }
}
