//! Connections: dialled, carried, broken and noticed to be gone.

use sync_proto::Writer;
use sync_proto::frame::FrameBuffer;
use sync_proto::schedule::backoff;
use sync_proto::session::{Config, Session};

use super::{HUB, Happening, World};
use crate::sim::network::{End, Link};
use crate::sim::node::{LinkId, Talk};

/// The longest until the hub notices that a connection is gone; a store notices sooner.
const HUB_NOTICES: u64 = 45_000;
const STORE_NOTICES: u64 = 3_000;

impl World {
    pub(super) fn dial(&mut self, machine: usize, life: u64) {
        let node = &self.nodes[machine];
        if node.life != life || !node.up || node.scrapped || !node.talks.is_empty() {
            return;
        }
        if self.ticks < node.cut_off_until || !self.nodes[HUB].up {
            self.nodes[machine].failures += 1;
            return self.dial_later(machine);
        }
        self.serial += 1;
        let link = self.serial;
        let store = self.nodes[machine].writer.clone();
        self.trace.note(self.ticks, format_args!("{machine} connects as {link}"));
        if self.dice.percent(50) {
            // A hub that notices a new connection lets the old one go; it may also not notice.
            let old: Vec<LinkId> = self.nodes[HUB]
                .talks
                .iter()
                .filter(|(_, talk)| talk.session.config().peer == store)
                .map(|(link, _)| *link)
                .collect();
            old.into_iter().for_each(|link| self.gone(link, End::Hub));
        }
        self.links.insert(link, Link::new(machine));
        for (at, me, peer) in
            [(machine, store.clone(), Writer::Hub), (HUB, Writer::Hub, store.clone())]
        {
            let config = Config { chain: self.chain.clone(), me, peer };
            let session = Session::new(config, self.nodes[at].now(self.ticks));
            self.nodes[at].talks.insert(link, Talk::new(session));
            self.drain(at, link);
        }
    }

    pub(super) fn dial_after(&mut self, machine: usize, wait: u64) {
        let life = self.nodes[machine].life;
        self.schedule(wait, Happening::Dial { machine, life });
    }

    pub(super) fn dial_later(&mut self, machine: usize) {
        let wait = backoff(self.nodes[machine].failures, self.dice.any());
        self.dial_after(machine, wait.0);
    }

    pub(super) fn arrive(&mut self, link: LinkId, to: End, bytes: &[u8]) {
        let Some(machine) = self.machine_at(link, to) else { return };
        let now = self.nodes[machine].now(self.ticks);
        let Some(talk) = self.nodes[machine].talks.get_mut(&link) else { return };
        talk.incoming.push(bytes);
        loop {
            match FrameBuffer::next_frame(&mut talk.incoming) {
                Ok(Some(frame)) => talk.session.handle_frame(now, &frame),
                Ok(None) => break,
                Err(error) => {
                    talk.session.handle_frame_error(now, error);
                    break;
                }
            }
        }
        self.drain(machine, link);
    }

    /// Every connection of a machine breaks. What is on the way is lost, or arrives late.
    pub(super) fn break_links(&mut self, machine: usize) {
        let links: Vec<LinkId> = self.nodes[machine].talks.keys().copied().collect();
        for id in links {
            if let Some(link) = self.links.get_mut(&id) {
                link.broken = true;
            }
            for end in [End::Store, End::Hub] {
                if self.dice.percent(60) {
                    self.agenda.retain(|_, happening| {
                        !matches!(happening, Happening::Arrive { link, to, .. } if *link == id && *to == end)
                    });
                }
            }
            let wait = self.dice.below(STORE_NOTICES);
            self.schedule(wait, Happening::Gone { link: id, end: End::Store });
            let wait = self.dice.below(HUB_NOTICES);
            self.schedule(wait, Happening::Gone { link: id, end: End::Hub });
        }
    }

    pub(super) fn gone(&mut self, link: LinkId, end: End) {
        let Some(machine) = self.machine_at(link, end) else { return };
        if self.nodes[machine].talks.remove(&link).is_none() {
            return;
        }
        self.trace.note(self.ticks, format_args!("{machine} loses {link}"));
        if let Some(link) = self.links.get_mut(&link) {
            link.broken = true;
        }
        if end == End::Hub {
            let wait = self.dice.below(STORE_NOTICES);
            self.schedule(wait, Happening::Gone { link, end: End::Store });
        } else {
            self.nodes[machine].failures += 1;
            self.dial_later(machine);
        }
    }

    pub(super) fn machine_at(&self, link: LinkId, end: End) -> Option<usize> {
        match end {
            End::Hub => Some(HUB),
            End::Store => self.links.get(&link).map(|link| link.machine),
        }
    }
}
