//! One session with one store.

use std::sync::Arc;

use ledger::id::{FactId, StoreId};
use sync_proto::message::Verdict;
use sync_proto::quic::{SessionEnd, StoreLink, Surroundings, run_session};
use sync_proto::replica::{Head, Quarantined, RefusedBy};
use sync_proto::session::{Event, Progress};

use super::{Serving, until};
use crate::events::What;
use crate::hub::Hub;
use crate::sessions::{SessionId, Step};

/// Runs the session of a store until it ends.
pub(super) async fn attend(serving: Serving, link: StoreLink) {
    let StoreLink { store, stream, .. } = link;
    let Serving { hub, workers, news, stop } = serving;
    let from = stream.remote_address().to_string();
    let (id, wishes) = hub.sessions().enter(&store, from.clone(), hub.now());
    let listed = Listed { hub: hub.clone(), store: store.clone(), id };
    hub.note_event(Some(&store), What::Connected { from });
    hub.peer_news().seen(&store, hub.now());
    let around = Surroundings {
        replica: Arc::new(hub.books().clone()),
        workers,
        clock: hub.clock().clone(),
        changes: news,
        wishes,
    };
    let ended = run_session(stream, around, until(stop), |event| listed.told(event)).await;
    hub.note_event(Some(&store), end(&ended));
}

/// A session in the list of sessions, as long as it runs, however it ends.
struct Listed {
    hub: Hub,
    store: StoreId,
    id: SessionId,
}

impl Listed {
    /// The session says something.
    fn told(&self, event: Event) {
        let sessions = self.hub.sessions();
        let update = |change: &mut dyn FnMut(&mut crate::sessions::SessionState)| {
            sessions.update(&self.store, self.id, |state| change(state));
        };
        match event {
            Event::Connected { verdict, head, .. } => {
                let held = head.map(|Head { epoch, seq, .. }| FactId { epoch, seq }.to_string());
                let held = held.unwrap_or_default();
                match verdict {
                    Verdict::InStep | Verdict::HubBehind => {}
                    Verdict::StoreBehind => self.note(What::StoreBehind { held }),
                    Verdict::Forked => self.note(What::Parted { held }),
                }
                update(&mut |state| {
                    state.step = Step::CatchingUp;
                    state.progress = Progress::default();
                });
            }
            Event::Progress(progress) => update(&mut |state| state.progress = progress),
            Event::InSync => {
                // Said again after each recheck; only the first is news.
                let mut first = false;
                update(&mut |state| {
                    first = !std::mem::replace(&mut state.was_in_step, true);
                    state.step = Step::InStep;
                });
                if first {
                    self.note(What::InStep);
                }
            }
            Event::PeerHolds(row) => {
                self.hub.peer_news().holds(&self.store, row, self.hub.now());
            }
            // All but the first are the store's to say.
            Event::Received { .. }
            | Event::AckedUpTo(_)
            | Event::TakeBack(_)
            | Event::CarriedOver { .. }
            | Event::Ready
            | Event::StockCurrent => {
                self.hub.peer_news().seen(&self.store, self.hub.now());
            }
            Event::Compared(came_to) => sessions.compared(&self.store, self.id, came_to),
            Event::PeerClockSkew { ahead_ms } => {
                update(&mut |state| state.clock_ahead_ms = Some(ahead_ms));
                self.note(What::ClockSkew { millis: ahead_ms });
            }
            Event::Quarantined(Quarantined { doc, refused_by, reason, .. }) => {
                let document = doc.to_string();
                self.note(match refused_by {
                    RefusedBy::Us => What::Quarantined { document, reason },
                    RefusedBy::Peer => What::PeerRefused { document, reason },
                });
            }
            Event::Forked { doc, .. } => self.note(What::Forked { document: doc.to_string() }),
            Event::Forgotten { doc, .. } => {
                self.note(What::Forgotten { document: doc.to_string() });
            }
        }
    }

    fn note(&self, what: What) {
        self.hub.note_event(Some(&self.store), what);
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.hub.peer_news().seen(&self.store, self.hub.now());
        self.hub.sessions().leave(&self.store, self.id);
    }
}

/// How a session ended, for the operators: a fault of ours is another matter than a store that left.
fn end(ended: &SessionEnd) -> What {
    use sync_proto::session::CloseReason as Reason;
    let mut why = ended.to_string();
    let mut source = std::error::Error::source(ended);
    while let Some(cause) = source {
        why = format!("{why}: {cause}");
        source = cause.source();
    }
    match ended {
        SessionEnd::Closed(
            Reason::Storage(_) | Reason::WrongAnswer | Reason::Unsettled | Reason::Refusals,
        ) => What::SessionFailed { why },
        _ => What::Disconnected { why },
    }
}
