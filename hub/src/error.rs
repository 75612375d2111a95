//! What goes wrong at a hub, and what a person can do about it.

use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;

use books::{BackupError, BooksError, OpenError};
use console::label::LabelError;
use console::local::LocalError;
use console::purchase::PurchaseRefused;
use console::report::ReportError;
use console::supplier::SupplierError;
use console::{Exit, Lang, Tell, Told, format, labels, words};
use ledger::amount::{AmountError, Quantity};
use ledger::catalog::{Field, FieldError};
use ledger::check::Proposal;
use ledger::id::{IdError, Operator, RequestId, Sku, StoreId, TransferId};
use sync_proto::quic::{IdentityError, JoinCodeError, ListenError};
use thiserror::Error;

use crate::ca::CaError;
use crate::checks::schedule::{MAX_NAME, MAX_SCHEDULES};
use crate::codes::ClaimError;
use crate::finance::FinanceError;
use crate::lists::ListRefused;
use crate::promotions::PromotionRefused;
use crate::registry::{MAX_CODE_LIFE, MAX_STORE_NAME, MAX_STORES, RegistryError};
use crate::sheet::SheetError;
use crate::suppliers::SupplierRefused;
use crate::transfers::rules::{MAX_RULES, RuleName};

/// Why a hub did not do what it was asked.
#[derive(Debug, Error)]
pub enum HubError {
    /// No hub was made in this folder.
    #[error("there is no hub in {}", dir.display())]
    NoHub {
        /// The folder.
        dir: PathBuf,
    },
    /// A hub was made in this folder before.
    #[error("there is a hub in {} already", dir.display())]
    HubExists {
        /// The folder.
        dir: PathBuf,
    },
    /// The folder for a new hub holds other things.
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
    /// The books could not be opened.
    #[error("cannot open the books {}", path.display())]
    Open {
        /// The database.
        path: PathBuf,
        /// Why.
        source: Box<OpenError>,
    },
    /// The books could not be read or written.
    #[error("cannot use the books")]
    Books {
        /// Why.
        #[from]
        source: BooksError,
    },
    /// A record of a store or join code in the books cannot be read.
    #[error("the record `{key}` in the books cannot be read")]
    Record {
        /// Which.
        key: String,
        /// What is wrong with it.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Keys or certificates cannot be used.
    #[error("cannot use the hub's keys and certificates")]
    Identity {
        /// Why.
        #[from]
        source: IdentityError,
    },
    /// The hub's authority cannot be made or used.
    #[error("cannot use the hub's certificate authority")]
    Authority {
        /// Why.
        #[from]
        source: CaError,
    },
    /// The authority's key or certificate is gone: without it no store can join or renew.
    #[error("the certificate authority is missing from {}", dir.display())]
    NoAuthority {
        /// Where it should be.
        dir: PathBuf,
    },
    /// No join code could be made.
    #[error("cannot make a join code")]
    JoinCode {
        /// Why.
        #[from]
        source: JoinCodeError,
    },
    /// Vouchers can't be written to a file.
    #[error(transparent)]
    Vouchers(#[from] console::finance::ExportError),
    /// There are no vouchers, or a period is not closed.
    #[error(transparent)]
    Finance(#[from] FinanceError),
    /// The registry of stores refused.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// There is no such transfer.
    #[error("there is no transfer {transfer}")]
    NoTransfer {
        /// What was given.
        transfer: TransferId,
    },
    /// Nothing is said of the purchase as it stands.
    #[error(transparent)]
    Purchase(#[from] PurchaseRefused),
    /// The transfer was decided before, and otherwise.
    #[error("transfer {transfer} has been decided otherwise")]
    TransferDecided {
        /// Which.
        transfer: TransferId,
    },
    /// More would be agreed to than was asked for.
    #[error("{asked} of {sku} is more than the {requested} that transfer {transfer} asks for")]
    ApprovesTooMuch {
        /// The transfer.
        transfer: TransferId,
        /// Of what.
        sku: Sku,
        /// What was given.
        asked: Quantity,
        /// What was asked for.
        requested: Quantity,
    },
    /// Nothing would be agreed to.
    #[error("none of the goods of transfer {transfer} would be approved")]
    ApprovesNothing {
        /// The transfer.
        transfer: TransferId,
    },
    /// There is no such rule.
    #[error("there is no rule {name}")]
    NoRule {
        /// What was given.
        name: RuleName,
    },
    /// More rules than anyone could see through.
    #[error("there are {MAX_RULES} rules already, which is the most a hub keeps")]
    TooManyRules,
    /// Nothing of the transfer is left that could be stopped.
    #[error("nothing is left to cancel in transfer {transfer}")]
    NothingToCancel {
        /// Which.
        transfer: TransferId,
    },
    /// The lines of a transfer add up to more than can be counted.
    #[error("the lines of the transfer add up to too much")]
    TransferAmount {
        /// Why.
        #[from]
        source: AmountError,
    },
    /// The request id was used for something else.
    #[error("the request id {request} was used for something else")]
    RequestReused {
        /// Which.
        request: RequestId,
    },
    /// There is no such product.
    #[error("there is no product {item}")]
    NoProduct {
        /// The SKU or barcode given.
        item: String,
    },
    /// Labels are not printed.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// There is no report.
    #[error(transparent)]
    PeriodReport(#[from] ReportError),
    /// A code can't be one, or is another product's; or the product contradicts itself.
    #[error(transparent)]
    Claim(#[from] ClaimError),
    /// One of head office's lists is not changed.
    #[error(transparent)]
    List(#[from] ListRefused),
    /// There is no such field.
    #[error("products have no field `{field}`")]
    NoField {
        /// What was given.
        field: String,
    },
    /// What was typed does not set a field.
    #[error("`{text}` is not of the form field=value")]
    NotAssigned {
        /// What was typed.
        text: String,
    },
    /// A field's value is wrong.
    #[error("cannot set a field of {sku}")]
    Field {
        /// Of which product.
        sku: Sku,
        /// What is wrong.
        source: FieldError,
    },
    /// It is not known which supplier is meant.
    #[error(transparent)]
    Supplier(#[from] SupplierError),
    /// A supplier or offer is not taken as it was given.
    #[error(transparent)]
    SupplierRefused(#[from] SupplierRefused),
    /// A promotion is not set or ended.
    #[error(transparent)]
    Promotion(#[from] PromotionRefused),
    /// The file is no catalog.
    #[error("cannot read the catalog file")]
    Sheet {
        /// Why.
        #[from]
        source: SheetError,
    },
    /// A name given by a person is none.
    #[error("cannot use what was given")]
    Id {
        /// Why.
        #[from]
        source: IdError,
    },
    /// No copy of the books was made.
    #[error("no backup was made")]
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
    /// There is no such report.
    #[error("there is no report {number}")]
    NoReport {
        /// The number given.
        number: u64,
    },
    /// A kept report cannot be read.
    #[error("the report {} cannot be read", path.display())]
    Report {
        /// Its file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// There is no such finding in the newest reports.
    #[error("there is no finding {finding} in the newest reports")]
    NoFinding {
        /// What was given.
        finding: String,
    },
    /// No fact corrects it.
    #[error("no fact corrects the finding {finding}")]
    NotCorrectable {
        /// Which.
        finding: String,
        /// What to do instead.
        proposal: Proposal,
    },
    /// Nothing was proposed.
    #[error("no correction of {finding} was proposed")]
    NoCorrection {
        /// Of which finding.
        finding: String,
    },
    /// It was decided before, and otherwise.
    #[error("the correction {correction} has been decided otherwise")]
    CorrectionDecided {
        /// Which.
        correction: String,
    },
    /// Whoever proposed a correction does not approve it.
    #[error("{by} proposed this correction and cannot approve it, too")]
    SamePerson {
        /// Who.
        by: Operator,
    },
    /// An amount that the correction of a finding does not have, or of nothing.
    #[error("the correction of {finding} has no such amount")]
    CorrectionMisfit {
        /// Which.
        finding: String,
    },
    /// A correction with another amount waits or is on its way.
    #[error("the correction {correction} is under way with another amount")]
    CorrectionUnderWay {
        /// Which.
        correction: String,
    },
    /// A schedule cannot be called that.
    #[error("`{name}` cannot be the name of a schedule")]
    ScheduleName {
        /// What was given.
        name: String,
    },
    /// There are [`MAX_SCHEDULES`] already.
    #[error("there are {MAX_SCHEDULES} schedules already")]
    TooManySchedules,
    /// There is no such schedule.
    #[error("there is no schedule {name}")]
    NoSchedule {
        /// What was given.
        name: String,
    },
    /// A report cannot be made a workbook.
    #[error("the report cannot be made a workbook")]
    Workbook {
        /// Why.
        source: Box<rust_xlsxwriter::XlsxError>,
    },
    /// A workbook is no text for a terminal.
    #[error("a workbook needs a file to be written to")]
    NeedsFile,
    /// No socket for stores.
    #[error("cannot listen on {address}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: ListenError,
    },
    /// No socket for the local API, or it broke.
    #[error("cannot serve the local API")]
    Serve {
        /// Why.
        source: std::io::Error,
    },
    /// No threads.
    #[error("cannot start the hub's threads")]
    Runtime {
        /// Why.
        source: std::io::Error,
    },
    /// The running hub could not be asked, or it refused.
    #[error(transparent)]
    Local(#[from] LocalError),
    /// A request to the local API that makes no sense.
    #[error("the request cannot be read")]
    BadRequest {
        /// Why.
        source: serde_json::Error,
    },
    /// An operation panicked; nothing of it was kept.
    #[error("the hub failed while it did this")]
    Panicked,
}

/// The short form of a result here.
pub type Result<T, E = HubError> = std::result::Result<T, E>;

impl Tell for HubError {
    fn tell(&self, lang: Lang) -> Told {
        let say = Told::saying;
        match self {
            Self::NoHub { dir } => say(lang.say(words::HubNoHub { dir: dir.display() }))
                .hint(lang.say(words::HubNoHubHint)),
            Self::HubExists { dir } => say(lang.say(words::HubExists { dir: dir.display() }))
                .hint(lang.say(words::HubExistsHint)),
            Self::NotEmpty { dir } => {
                say(lang.say(words::HubFolderNotEmpty { dir: dir.display() }))
                    .hint(lang.say(words::HubExistsHint))
            }
            Self::File { path, .. } => say(lang.say(words::HubFileFailed { path: path.display() })),
            Self::Config { path, .. } => {
                say(lang.say(words::HubConfigBad { path: path.display() }))
            }
            Self::Open { path, source } => {
                let told = say(lang.say(words::HubCannotOpen { path: path.display() }));
                match **source {
                    OpenError::InUse { .. } => told.hint(lang.say(words::HubInUseHint)),
                    _ => told,
                }
            }
            Self::Books { .. } | Self::Record { .. } => say(lang.say(words::HubBooksFailed)),
            Self::NoAuthority { dir } => {
                say(lang.say(words::HubNoAuthority { dir: dir.display() }))
                    .hint(lang.say(words::HubNoAuthorityHint))
            }
            Self::Identity { .. } | Self::Authority { .. } | Self::JoinCode { .. } => {
                say(lang.say(words::HubIdentityBad))
            }
            Self::Registry(error) => registry(lang, error),
            Self::NoTransfer { transfer } => say(lang.say(words::TransferNotKnown { transfer }))
                .hint(lang.say(words::TransferNotKnownHint)),
            Self::ApprovesTooMuch { transfer, sku, asked, requested } => {
                let [asked, requested] = [*asked, *requested].map(format::quantity);
                say(lang.say(words::TransferApprovesTooMuch { transfer, sku, asked, requested }))
            }
            Self::ApprovesNothing { transfer } => {
                say(lang.say(words::TransferApprovesNothing { transfer }))
                    .hint(lang.say(words::TransferApprovesNothingHint { transfer }))
            }
            Self::NoRule { name } => {
                say(lang.say(words::RuleNone { name })).hint(lang.say(words::RuleNoneHint))
            }
            Self::TooManyRules => say(lang.say(words::RulesFull { limit: MAX_RULES })),
            Self::NothingToCancel { transfer } => {
                say(lang.say(words::TransferNothingToCancel { transfer }))
                    .hint(lang.say(words::TransferNothingToCancelHint))
            }
            Self::TransferAmount { .. } => say(lang.say(words::TransferAmount)),
            Self::RequestReused { request } => say(lang.say(words::TransferReused { request }))
                .hint(lang.say(words::TransferReusedHint)),
            Self::Purchase(refused) => refused.tell(lang),
            Self::TransferDecided { transfer } => {
                say(lang.say(words::TransferDecided { transfer }))
            }
            Self::NoProduct { item } => say(lang.say(words::ProductNotKnown { item }))
                .hint(lang.say(words::ProductNotKnownHint)),
            Self::List(refused) => refused.told(lang),
            Self::NoField { field } => {
                let fields = Field::ALL.map(Field::name).join(", ");
                say(lang.say(words::FieldNotKnown { field }))
                    .hint(lang.say(words::FieldNotKnownHint { fields }))
            }
            Self::Claim(ClaimError::Bad { code, source }) => {
                let told = say(lang.say(words::BarcodeBad { barcode: code }));
                told.because(labels::code(lang, source)).hint(lang.say(words::BarcodeBadHint))
            }
            Self::Claim(ClaimError::Taken { code, owner }) => {
                say(lang.say(words::BarcodeTaken { barcode: code, owner }))
            }
            Self::Claim(ClaimError::Contradiction(why)) => say(labels::contradiction(lang, why)),
            Self::NotAssigned { text } => say(lang.say(words::FieldNotAssigned { text })),
            Self::Field { source, .. } => {
                let field = labels::field(lang, source.field);
                say(lang.say(words::FieldValueBad { field, value: &source.text }))
                    .because(source.why.to_string())
            }
            Self::Supplier(error) => error.tell(lang),
            Self::SupplierRefused(error) => error.tell(lang),
            Self::Promotion(error) => error.tell(lang),
            Self::Sheet { source } => {
                let mut told = say(source.to_string());
                told.causes.extend(source.source().map(ToString::to_string));
                told
            }
            Self::Id { source } => say(source.to_string()),
            Self::Backup { source: BackupError::Exists { path } } => {
                let path = path.display();
                say(lang.say(words::BackupFailed)).because(lang.say(words::BackupExists { path }))
            }
            Self::Backup { .. } => say(lang.say(words::BackupFailed)),
            Self::Restore { source } => {
                let told = say(lang.say(words::RestoreFailed));
                match source {
                    BackupError::Exists { .. } => told.hint(lang.say(words::RestoreExistsHint)),
                    BackupError::Damaged { .. } => told.hint(lang.say(words::RestoreDamagedHint)),
                    _ => told,
                }
            }
            Self::NoReport { number } => say(lang.say(words::ReportNotKnown { number }))
                .hint(lang.say(words::ReportNotKnownHint)),
            Self::Report { path, .. } => {
                say(lang.say(words::ReportUnreadable { path: path.display() }))
                    .hint(lang.say(words::ReportUnreadableHint))
            }
            Self::NoFinding { finding } => say(lang.say(words::FindingNotKnown { finding }))
                .hint(lang.say(words::FindingNotKnownHint)),
            Self::NotCorrectable { finding, proposal } => {
                say(lang.say(words::FindingNotCorrectable { finding }))
                    .hint(labels::proposal(lang, *proposal))
            }
            Self::NoCorrection { finding } => say(lang.say(words::CorrectionNone { finding }))
                .hint(lang.say(words::CorrectionNoneHint)),
            Self::CorrectionDecided { correction } => {
                say(lang.say(words::CorrectionDecided { correction }))
            }
            Self::SamePerson { by } => say(lang.say(words::CorrectionSamePerson { by }))
                .hint(lang.say(words::CorrectionSamePersonHint)),
            Self::CorrectionMisfit { finding } => {
                say(lang.say(words::CorrectionMisfit { finding }))
                    .hint(lang.say(words::CorrectionMisfitHint))
            }
            Self::CorrectionUnderWay { correction } => {
                say(lang.say(words::CorrectionUnderWay { correction }))
                    .hint(lang.say(words::CorrectionUnderWayHint))
            }
            Self::ScheduleName { name } => {
                say(lang.say(words::ScheduleNameBad { name, limit: MAX_NAME }))
            }
            Self::TooManySchedules => say(lang.say(words::SchedulesFull { limit: MAX_SCHEDULES })),
            Self::NoSchedule { name } => say(lang.say(words::ScheduleNotKnown { name }))
                .hint(lang.say(words::ScheduleNotKnownHint)),
            Self::Workbook { .. } => say(lang.say(words::ReportNoWorkbook)),
            Self::NeedsFile => say(lang.say(words::ReportNeedsFile)),
            Self::Listen { address, .. } => say(lang.say(words::HubCannotListen { address }))
                .hint(lang.say(words::HubListenHint)),
            Self::Serve { .. } => say(lang.say(words::HubLocalFailed)),
            Self::Runtime { .. } => say(lang.say(words::HubRuntimeFailed)),
            Self::Local(error) => error.tell(lang),
            Self::Label(error) => error.tell(lang),
            Self::PeriodReport(error) => error.tell(lang),
            Self::Finance(error) => error.tell(lang),
            Self::Vouchers(error) => error.tell(lang),
            Self::BadRequest { .. } => say(lang.say(words::HubBadRequest)),
            Self::Panicked => say(lang.say(words::HubInternal)),
        }
    }

    fn exit(&self) -> Exit {
        match self {
            Self::Label(error) => error.exit(),
            Self::SupplierRefused(error) => error.exit(),
            Self::Promotion(error) => error.exit(),
            Self::PeriodReport(error) => error.exit(),
            Self::Finance(error) => error.exit(),
            Self::Vouchers(error) => error.exit(),
            Self::Purchase(refused) => refused.exit(),
            Self::List(refused) => refused.exit(),
            Self::NoField { .. }
            | Self::NotAssigned { .. }
            | Self::Field { .. }
            | Self::Claim(ClaimError::Bad { .. } | ClaimError::Contradiction(_))
            | Self::Id { .. }
            | Self::NoReport { .. }
            | Self::NoFinding { .. }
            | Self::NeedsFile
            | Self::ScheduleName { .. }
            | Self::NoSchedule { .. }
            | Self::BadRequest { .. }
            | Self::Registry(RegistryError::CodeLife | RegistryError::Name) => Exit::Usage,
            Self::Local(error) => error.exit(),
            _ => Exit::Failed,
        }
    }
}

impl HubError {
    /// Whether another process has the books open.
    pub(crate) fn is_in_use(&self) -> bool {
        matches!(self, Self::Open { source, .. } if matches!(**source, OpenError::InUse { .. }))
    }
}

fn registry(lang: Lang, error: &RegistryError) -> Told {
    let exists = |store: &StoreId| {
        Told::saying(lang.say(words::StoreExists { store }))
            .hint(lang.say(words::StoreExistsHint { store }))
    };
    match error {
        RegistryError::Exists { store } => exists(store),
        RegistryError::Unknown { store } => Told::saying(lang.say(words::StoreNotKnown { store }))
            .hint(lang.say(words::StoreNotKnownHint)),
        RegistryError::Full => Told::saying(lang.say(words::StoresFull { limit: MAX_STORES })),
        RegistryError::CodeLife => {
            let hours = MAX_CODE_LIFE.as_secs() / 3600;
            Told::saying(lang.say(words::JoinCodeLifeBad { hours }))
        }
        RegistryError::Name => {
            Told::saying(lang.say(words::StoreNameBad { limit: MAX_STORE_NAME }))
        }
    }
}
