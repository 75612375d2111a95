//! The real sessions at both ends: what they are told, and what they want done.

use sync_proto::Collection;
use sync_proto::ask::{Answer, answer};
use sync_proto::replica::Replica;
use sync_proto::session::{CloseReason, Effect, Event};

use super::{HUB, Happening, PERIOD, World};
use crate::sim::network::End;
use crate::sim::node::LinkId;

impl World {
    /// Something was appended at a machine, by someone else than one of its sessions.
    pub(super) fn changed(&mut self, machine: usize, by: Option<LinkId>) {
        let links: Vec<LinkId> = self.nodes[machine].talks.keys().copied().collect();
        for link in links.into_iter().filter(|link| Some(*link) != by) {
            let now = self.nodes[machine].now(self.ticks);
            if let Some(talk) = self.nodes[machine].talks.get_mut(&link) {
                talk.session.handle_local_change(now);
            }
            self.drain(machine, link);
        }
    }

    pub(super) fn answered(&mut self, machine: usize, life: u64, link: LinkId) {
        let node = &mut self.nodes[machine];
        if node.life != life {
            return;
        }
        let now = node.now(self.ticks);
        let Some(talk) = node.talks.get_mut(&link) else { return };
        let Some((id, ask)) = talk.asks.pop_front() else { return };
        let answer = answer(&node.replica, &talk.session.config().peer.clone(), ask);
        node.closed = None;
        if let Answer::Failed(error) = &answer {
            self.wrong = Some(format!("machine {machine}: {error}: {}", error.source));
        }
        talk.session.handle_answer(now, id, answer);
        if !talk.asks.is_empty() {
            self.disk(machine, |life| Happening::Answered { machine, life, link });
        }
        self.drain(machine, link);
    }

    pub(super) fn wake(&mut self, machine: usize, life: u64, link: LinkId, at: u64) {
        let node = &mut self.nodes[machine];
        let now = node.now(self.ticks);
        let Some(talk) = node.talks.get_mut(&link) else { return };
        if node.life == life && talk.timer == Some(at) {
            talk.timer = None;
            talk.session.handle_timeout(now);
            self.drain(machine, link);
        }
    }

    /// Carries out what a session wants done.
    pub(super) fn drain(&mut self, machine: usize, link: LinkId) {
        while let Some(talk) = self.nodes[machine].talks.get_mut(&link) {
            match talk.session.poll_effect() {
                Some(Effect::Send(bytes)) => self.send(machine, link, &bytes),
                Some(Effect::Ask(id, ask)) => {
                    talk.asks.push_back((id, ask));
                    if talk.asks.len() == 1 {
                        self.disk(machine, |life| Happening::Answered { machine, life, link });
                    }
                }
                Some(Effect::Event(event)) => self.event(machine, link, event),
                Some(Effect::Close(reason)) => self.closed(machine, link, &reason),
                None => break,
            }
        }
        let life = self.nodes[machine].life;
        let Some(talk) = self.nodes[machine].talks.get_mut(&link) else { return };
        let timer = talk.session.poll_timeout().map(|at| at.0.max(self.ticks));
        if timer != talk.timer {
            talk.timer = timer;
            if let Some(at) = timer {
                let wait = at - self.ticks;
                self.schedule(wait, Happening::Wake { machine, life, link, at });
            }
        }
    }

    pub(super) fn send(&mut self, machine: usize, id: LinkId, bytes: &[u8]) {
        let to = if machine == HUB { End::Hub.other() } else { End::Store.other() };
        self.trace.note(self.ticks, format_args!("{machine} sends {} bytes on {id}", bytes.len()));
        let Some(link) = self.links.get_mut(&id) else { return };
        for piece in link.send(self.ticks, to, bytes, self.weather, &mut self.dice) {
            let arrive = Happening::Arrive { link: id, to, bytes: piece.bytes };
            self.schedule(piece.arrives - self.ticks, arrive);
        }
    }

    pub(super) fn event(&mut self, machine: usize, link: LinkId, event: Event) {
        self.trace.note(self.ticks, format_args!("{machine} on {link}: {event:?}"));
        if matches!(event, Event::InSync) && self.nodes[machine].may_part {
            self.say_what_is_unsaid(machine);
        }
        if matches!(event, Event::TakeBack(_)) {
            self.count("history begun anew");
        }
        match event {
            Event::Received { collections, .. } => {
                let shared = |of: &Collection| !matches!(of, Collection::Books { .. });
                if machine == HUB && collections.iter().any(shared) {
                    self.changed(HUB, Some(link));
                }
            }
            Event::AckedUpTo(head) if self.plan.hub_forgets_from().is_none() => {
                let Some(store) = self.nodes[machine].writer.store() else { return };
                let held = self.nodes[HUB].replica.link_at(store, head.epoch, head.seq);
                if !matches!(held, Ok(Some(link)) if link == head.link) {
                    self.wrong = Some(format!("{store} was told of {head:?}, which is not there"));
                }
            }
            Event::InSync if machine != HUB => {
                self.nodes[machine].failures = 0;
                if self.plan.periodic {
                    let now = self.nodes[machine].now(self.ticks);
                    if let Some(talk) = self.nodes[machine].talks.get_mut(&link) {
                        talk.session.handle_shutdown(now);
                    }
                }
            }
            Event::Quarantined(_) | Event::Forked { .. } | Event::TakeBack(_)
                if !self.parting_is_possible() =>
            {
                self.wrong = Some(format!("machine {machine}: {event:?}"));
            }
            Event::Forgotten { .. } if self.plan.hub_forgets_from().is_none() => {
                self.wrong = Some(format!("machine {machine}: {event:?}"));
            }
            _ => {}
        }
    }

    pub(super) fn closed(&mut self, machine: usize, id: LinkId, reason: &CloseReason) {
        self.trace.note(self.ticks, format_args!("{machine} closes {id}: {reason}"));
        let normal = matches!(
            reason,
            CloseReason::Asked
                | CloseReason::Silent
                | CloseReason::Peer(_)
                | CloseReason::Unsettled
        );
        if !normal {
            self.wrong = Some(format!("machine {machine} closes: {reason:?}"));
        }
        self.nodes[machine].talks.remove(&id);
        let end = if machine == HUB { End::Store } else { End::Hub };
        if let Some(link) = self.links.get_mut(&id) {
            link.broken = true;
            let wait = link.drained(end).saturating_sub(self.ticks) + 1;
            self.schedule(wait, Happening::Gone { link: id, end });
        }
        if machine == HUB {
            return;
        }
        if matches!(reason, CloseReason::Asked) {
            self.dial_after(machine, PERIOD);
        } else {
            self.nodes[machine].failures += 1;
            self.dial_later(machine);
        }
    }
}
