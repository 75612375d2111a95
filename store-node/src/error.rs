//! What goes wrong at a store's node, and what a person can do about it.

use std::error::Error;
use std::path::PathBuf;

use books::{BackupError, BooksError, NotHere, OpenError};
use console::label::LabelError;
use console::local::LocalError;
use console::purchase::PurchaseRefused;
use console::report::ReportError;
use console::{Exit, Lang, Tell, Told, words};
use ledger::id::IdError;
use ledger::scan::ScanError;
use sync_proto::quic::{CloseCode, DialError, Ended, IdentityError, JoinCodeError, SessionEnd};
use thiserror::Error;

use crate::book::{BookError, Refused};
use crate::import::{ImportError, MappingError};
use crate::node::close::CloseRefused;
use crate::node::count::CountRefused;
use crate::node::proposal::ProposalRefused;
use crate::node::purchase::BuyingRefused;
use crate::node::transfer::{ManifestRefused, TransferRefused};
use crate::request::LineError;
use crate::sync::PolicyError;

/// Why a node did not do what it was asked.
#[derive(Debug, Error)]
pub enum NodeError {
    /// No node was made in this folder.
    #[error("there is no store in {}", dir.display())]
    NoNode {
        /// The folder.
        dir: PathBuf,
    },
    /// A node was made in this folder before.
    #[error("there is a store in {} already", dir.display())]
    NodeExists {
        /// The folder.
        dir: PathBuf,
    },
    /// The folder for a new node holds other things.
    #[error("{} is not empty", dir.display())]
    NotEmpty {
        /// The folder.
        dir: PathBuf,
    },
    /// A file or folder could not be used.
    #[error("cannot {what} {}", path.display())]
    File {
        /// The operation.
        what: &'static str,
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The settings are not in their form.
    #[error("the settings in {} cannot be used", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong with them.
        source: Box<dyn Error + Send + Sync>,
    },
    /// There is no such time zone.
    #[error("`{name}` is not a time zone")]
    Zone {
        /// What was given.
        name: String,
        /// What the calendar library said.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The books could not be opened.
    #[error("cannot open {}", path.display())]
    Open {
        /// The database.
        path: PathBuf,
        /// Why.
        source: Box<OpenError>,
    },
    /// The folder of a node has lost its books.
    #[error("{} is missing", path.display())]
    BooksMissing {
        /// The database.
        path: PathBuf,
    },
    /// The books could not be read or written.
    #[error("cannot use the books")]
    Books {
        /// Why.
        #[from]
        source: BooksError,
    },
    /// No copy of the books was made.
    #[error("cannot copy the books")]
    Backup {
        /// Why.
        #[from]
        source: BackupError,
    },
    /// No folder was made from a backup.
    #[error("cannot restore the backup")]
    Restore {
        /// Why.
        source: BackupError,
    },
    /// The request is not booked as it stands.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Nothing is said of the purchase as it stands.
    #[error(transparent)]
    Purchase(#[from] PurchaseRefused),
    /// Nothing is booked of bought goods as they stand.
    #[error(transparent)]
    Buying(#[from] BuyingRefused),
    /// Nothing is done for the transfer as it stands.
    #[error(transparent)]
    Transfer(#[from] TransferRefused),
    /// A manifest is not written, or not believed.
    #[error(transparent)]
    Manifest(#[from] ManifestRefused),
    /// No day is closed as things stand.
    #[error(transparent)]
    Close(#[from] CloseRefused),
    /// Nothing is done for the stocktake as it stands.
    #[error(transparent)]
    Count(#[from] CountRefused),
    /// A product is not proposed, or a merged one not moved.
    #[error(transparent)]
    Proposal(#[from] ProposalRefused),
    /// There is no such field.
    #[error("products have no field `{field}`")]
    NoField {
        /// What was given.
        field: String,
    },
    /// Labels are not printed.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// There is no report.
    #[error(transparent)]
    PeriodReport(#[from] ReportError),
    /// A name given by a person is none.
    #[error("cannot use what was given")]
    Id {
        /// Why.
        #[from]
        source: IdError,
    },
    /// A line given by a person is none.
    #[error("cannot use what was given")]
    Line {
        /// Why.
        #[from]
        source: LineError,
    },
    /// The books stand alone, so there is no hub to talk to.
    #[error("this store belongs to no hub")]
    Standalone,
    /// The hub's address is none, or nobody has it.
    #[error("the hub's address `{address}` cannot be found")]
    HubAddress {
        /// What was given.
        address: String,
        /// Why.
        source: std::io::Error,
    },
    /// The join code is none.
    #[error("the join code cannot be read")]
    JoinCode {
        /// Why.
        #[from]
        source: JoinCodeError,
    },
    /// Key or certificate cannot be used.
    #[error("cannot use the store's key and certificate")]
    Identity {
        /// Why.
        #[from]
        source: IdentityError,
    },
    /// The folder says it is of one store, its certificate says another.
    #[error("the certificate is of {certificate}, the settings are of {settings}")]
    OtherIdentity {
        /// Whose certificate.
        certificate: String,
        /// Whose settings.
        settings: String,
    },
    /// The hub could not be reached, or it refused.
    #[error("cannot reach the hub")]
    Dial {
        /// Why.
        #[from]
        source: DialError,
    },
    /// A sync policy that is none.
    #[error("cannot use what was given")]
    Policy {
        /// Why.
        source: PolicyError,
    },
    /// The store has no key and certificate.
    #[error("there is no key and certificate in {}", dir.display())]
    NoIdentity {
        /// Where they should be.
        dir: PathBuf,
    },
    /// The hub was reached, but the two did not get in step.
    #[error("the meeting with the hub broke off")]
    Session {
        /// Why.
        source: Box<SessionEnd>,
    },
    /// A second sync task of one node.
    #[error("the sync task of this node runs already")]
    SyncRuns,
    /// The daemon stops, and did not do it any more.
    #[error("the daemon is stopping")]
    Stopping,
    /// No socket for the local API, or it broke.
    #[error("cannot serve the local API")]
    Serve {
        /// Why.
        source: std::io::Error,
    },
    /// A receipt could not be written.
    #[error("cannot write the receipt to {}", path.display())]
    ReceiptFile {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A receipt printer does not take a receipt.
    #[error("cannot print at {printer}")]
    Printer {
        /// Where it is.
        printer: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// No threads.
    #[error("cannot start the node's threads")]
    Runtime {
        /// Why.
        source: std::io::Error,
    },
    /// The running daemon could not be asked, or it refused.
    #[error(transparent)]
    Local(#[from] LocalError),
    /// A request to the local API that makes no sense.
    #[error("the request cannot be read")]
    BadRequest {
        /// Why.
        source: serde_json::Error,
    },
    /// Nothing that the local API knows.
    #[error("the local API has no {path}")]
    NoSuchAsk {
        /// What was asked for.
        path: String,
    },
    /// The catalog of a chain is head office's.
    #[error("products come from head office")]
    CatalogOfHub,
    /// A mapping file cannot be used.
    #[error("the mapping {} cannot be used", path.display())]
    Mapping {
        /// The file.
        path: PathBuf,
        /// Why.
        source: MappingError,
    },
    /// A code cannot be read.
    #[error("the code `{code}` cannot be read")]
    Code {
        /// What the scanner sent.
        code: String,
        /// Why.
        source: ScanError,
    },
    /// A file cannot be imported.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// An operation panicked; nothing of it was kept.
    #[error("the node failed while it did this")]
    Panicked,
}

/// The short form of a result here.
pub type Result<T, E = NodeError> = std::result::Result<T, E>;

impl From<BookError<BooksError>> for NodeError {
    fn from(error: BookError<BooksError>) -> Self {
        match error {
            BookError::Refused(refused) => Self::Refused(refused),
            BookError::Books(source) => Self::Books { source },
        }
    }
}

impl Tell for NodeError {
    fn tell(&self, lang: Lang) -> Told {
        let say = Told::saying;
        match self {
            Self::NoNode { dir } => say(lang.say(words::NodeNone { dir: dir.display() }))
                .hint(lang.say(words::NodeNoneHint)),
            Self::NodeExists { dir } => say(lang.say(words::NodeExists { dir: dir.display() }))
                .hint(lang.say(words::NodeExistsHint)),
            Self::NotEmpty { dir } => {
                say(lang.say(words::NodeFolderNotEmpty { dir: dir.display() }))
                    .hint(lang.say(words::NodeExistsHint))
            }
            Self::File { path, .. } => {
                say(lang.say(words::NodeFileFailed { path: path.display() }))
            }
            Self::Config { path, .. } => {
                say(lang.say(words::NodeConfigBad { path: path.display() }))
            }
            Self::Zone { name, .. } => {
                say(lang.say(words::NodeZoneBad { name })).hint(lang.say(words::NodeZoneHint))
            }
            Self::Open { path, source } => open_failed(lang, path, source),
            Self::BooksMissing { path } => {
                say(lang.say(words::NodeBooksMissing { path: path.display() }))
                    .hint(lang.say(words::NodeBooksMissingHint))
            }
            Self::Books { source } => {
                let told = say(lang.say(words::NodeBooksFailed));
                match source {
                    BooksError::WriterStopped { .. } => {
                        told.hint(lang.say(words::NodeWriterStoppedHint))
                    }
                    BooksError::Damaged { .. } => told.hint(lang.say(words::NodeDamagedHint)),
                    BooksError::NotHere { subject, why: NotHere::Awaited } => {
                        Told::saying(lang.say(words::NotHereAwaited { subject }))
                            .hint(lang.say(words::NotHereAwaitedHint))
                    }
                    BooksError::NotHere { subject, why: NotHere::Dropped } => {
                        Told::saying(lang.say(words::NotHereDropped { subject }))
                            .hint(lang.say(words::NotHereDroppedHint))
                    }
                    _ => told,
                }
            }
            Self::Backup { .. } => say(lang.say(words::NodeBackupFailed)),
            Self::Restore { source } => {
                let told = say(lang.say(words::RestoreFailed));
                match source {
                    BackupError::Exists { .. } => told.hint(lang.say(words::RestoreExistsHint)),
                    BackupError::Damaged { .. } => told.hint(lang.say(words::RestoreDamagedHint)),
                    _ => told,
                }
            }
            Self::Refused(refused) => refused.tell(lang),
            Self::Purchase(refused) => refused.tell(lang),
            Self::Buying(refused) => refused.tell(lang),
            Self::Transfer(refused) => refused.tell(lang),
            Self::Manifest(refused) => refused.tell(lang),
            Self::Close(refused) => refused.tell(lang),
            Self::Count(refused) => refused.tell(lang),
            Self::Proposal(refused) => refused.told(lang),
            Self::NoField { field } => say(lang.say(words::ProposalNoField { field })),
            Self::Id { source } => say(source.to_string()),
            Self::Line { source } => say(source.to_string()),
            Self::Code { code, source } => {
                let told = say(lang.say(words::ScanFailed { code }));
                told.hint(scan_hint(lang, source))
            }
            Self::Standalone => {
                say(lang.say(words::NodeStandalone)).hint(lang.say(words::NodeStandaloneHint))
            }
            Self::HubAddress { address, .. } => say(lang.say(words::NodeHubAddress { address }))
                .hint(lang.say(words::NodeHubAddressHint)),
            Self::JoinCode { .. } => {
                say(lang.say(words::NodeJoinCodeBad)).hint(lang.say(words::NodeJoinCodeHint))
            }
            Self::Identity { .. } => say(lang.say(words::NodeIdentityBad)),
            Self::Policy { source } => say(lang.say(words::NodePolicyBad { text: source.text() }))
                .hint(lang.say(words::NodePolicyHint)),
            Self::NoIdentity { dir } => say(lang.say(words::NodeNoIdentity { dir: dir.display() }))
                .hint(lang.say(words::NodeNoIdentityHint)),
            Self::SyncRuns => say(lang.say(words::NodeSyncRuns)),
            Self::Stopping => say(lang.say(words::NodeStopping)),
            Self::OtherIdentity { certificate, settings } => {
                say(lang.say(words::NodeOtherIdentity { certificate, settings }))
            }
            Self::Dial { .. } | Self::Session { .. } => match self.hubs_word() {
                Some(code) => say(lang.say(words::NodeHubRefused)).because(close_code(lang, code)),
                None => say(lang.say(words::NodeHubUnreached))
                    .hint(lang.say(words::NodeHubUnreachedHint)),
            },
            Self::Serve { .. } => say(lang.say(words::NodeServeFailed)),
            Self::ReceiptFile { path, .. } => {
                say(lang.say(words::SlipNotWritten { to: path.display() }))
            }
            Self::Printer { printer, .. } => say(lang.say(words::SlipNotPrinted { to: printer }))
                .hint(lang.say(words::SlipNotPrintedHint)),
            Self::Runtime { .. } => say(lang.say(words::NodeRuntimeFailed)),
            Self::Local(error) => error.tell(lang),
            Self::BadRequest { .. } => say(lang.say(words::NodeBadRequest)),
            Self::NoSuchAsk { path } => say(lang.say(words::NodeNoSuchAsk { path })),
            Self::CatalogOfHub => {
                say(lang.say(words::NodeCatalogOfHub)).hint(lang.say(words::NodeCatalogOfHubHint))
            }
            Self::Mapping { path, source } => {
                let why = Told::of(lang, source);
                let told = say(lang.say(words::NodeMappingBad { path: path.display() }))
                    .because(why.message);
                why.causes.into_iter().fold(told, Told::because)
            }
            Self::Import(error) => error.tell(lang),
            Self::Label(error) => error.tell(lang),
            Self::PeriodReport(error) => error.tell(lang),
            Self::Panicked => say(lang.say(words::NodeInternal)),
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Refused(refused) => refused.exit(),
            Self::Purchase(refused) => refused.exit(),
            Self::Buying(refused) => refused.exit(),
            Self::Transfer(refused) => refused.exit(),
            Self::Manifest(refused) => refused.exit(),
            Self::Close(refused) => refused.exit(),
            Self::Count(refused) => refused.exit(),
            Self::Proposal(refused) => refused.exit(),
            Self::NoField { .. } => Exit::Usage,
            Self::Local(error) => error.exit(),
            Self::Import(error) => error.exit(),
            Self::Label(error) => error.exit(),
            Self::PeriodReport(error) => error.exit(),
            Self::Mapping { source, .. } => source.exit(),
            Self::Zone { .. }
            | Self::Policy { .. }
            | Self::Id { .. }
            | Self::Line { .. }
            | Self::JoinCode { .. }
            | Self::BadRequest { .. } => Exit::Usage,
            _ => Exit::Failed,
        }
    }
}

impl NodeError {
    /// What the hub said, if it was reached and said something.
    fn hubs_word(&self) -> Option<CloseCode> {
        match self {
            Self::Dial { source: DialError::Refused { code, .. } } => Some(*code),
            Self::Dial {
                source:
                    DialError::NoConnection { source: Ended::Said(code), .. }
                    | DialError::Ended { source: Ended::Said(code), .. },
            } => Some(*code),
            Self::Session { source } => match &**source {
                SessionEnd::Lost(Ended::Said(code)) => Some(*code),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether another process has the books open.
    pub(crate) fn is_in_use(&self) -> bool {
        matches!(self, Self::Open { source, .. } if matches!(**source, OpenError::InUse { .. }))
    }
}

/// What the hub said, in words.
fn close_code(lang: Lang, code: CloseCode) -> String {
    match code {
        CloseCode::Stopping => lang.say(words::HubSaidStopping),
        CloseCode::Version => lang.say(words::HubSaidVersion),
        CloseCode::Busy | CloseCode::TooManyAttempts => lang.say(words::HubSaidBusy),
        CloseCode::WrongChain => lang.say(words::HubSaidWrongChain),
        CloseCode::Revoked => lang.say(words::HubSaidRevoked),
        CloseCode::UnknownStore => lang.say(words::HubSaidUnknownStore),
        CloseCode::CertificateExpired => lang.say(words::HubSaidExpired),
        CloseCode::Superseded => lang.say(words::HubSaidSuperseded),
        CloseCode::CodeUnknown => lang.say(words::HubSaidCodeUnknown),
        CloseCode::CodeUsed => lang.say(words::HubSaidCodeUsed),
        CloseCode::CodeExpired => lang.say(words::HubSaidCodeExpired),
        other => other.sentence().to_owned(),
    }
}

fn open_failed(lang: Lang, path: &std::path::Path, source: &OpenError) -> Told {
    let told = Told::saying(lang.say(words::NodeCannotOpen { path: path.display() }));
    match source {
        OpenError::InUse { holder: Some(pid), .. } => told
            .because(lang.say(words::NodeInUseBy { pid }))
            .hint(lang.say(words::NodeInUseHint { pid })),
        OpenError::InUse { holder: None, .. } => told.hint(lang.say(words::NodeInUseUnknownHint)),
        OpenError::Newer { .. } => told.hint(lang.say(words::NodeNewerHint)),
        _ => told,
    }
}

fn scan_hint(lang: Lang, source: &ScanError) -> String {
    match source {
        ScanError::CheckDigit { expected, .. } => lang.say(words::ScanDigitHint { expected }),
        ScanError::NoArticle => lang.say(words::ScanArticleHint),
        _ => lang.say(words::ScanAgainHint),
    }
}
