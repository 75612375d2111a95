//! The running hub's answers to commands: every [`Ask`] over HTTP on the loopback interface.

use std::net::{Ipv4Addr, SocketAddr};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::routing::post;
use axum::{Json, Router};
use console::Lang;
use console::local::{Failure, LocalInfo, Published, Token, guarded};
use console::supplier::{
    CompareSuppliers, ListAccounts, ListSuppliers, ShowAccount, ShowStatement, ShowSupplier,
};
use tokio::net::TcpListener;

use crate::ask::alerts::ShowAlerts;
use crate::ask::bins::ShowBins;
use crate::ask::bounds::{ImportBounds, ListBounds, SetBounds};
use crate::ask::care::{Backup, Rebuild, Verify};
use crate::ask::catalog::{ImportCatalog, ListConflicts, ListProducts, SetProduct};
use crate::ask::categories::{ListCategories, MoveCategory};
use crate::ask::checks::{CheckProgress, ListReports, RunChecks, ShowReport};
use crate::ask::closes::ListCloses;
use crate::ask::explain::Explain;
use crate::ask::finance::{
    AcknowledgeVouchers, ClosePeriod, FeedVouchers, ListPeriods, MakeVouchers, ShowAccounts,
};
use crate::ask::findings::{ListFindings, ResolveFinding};
use crate::ask::plan::PlanPurchases;
use crate::ask::prices::{CancelPrices, ImportPrices, ListPrices, SetPrice};
use crate::ask::profiles::{SetProfile, ShowProfiles};
use crate::ask::promotions::{
    EndPromotion, ImportPromotions, ListPromotions, SetPromotion, ShowPromotion,
};
use crate::ask::proposals::{AnswerProposal, ListProposals};
use crate::ask::purchase::{
    ListPurchases, OrderPurchase, RequestPurchase, SayPurchase, ShowPurchase,
};
use crate::ask::purchase_rules::{ListPurchaseRules, RemovePurchaseRule, SetPurchaseRule};
use crate::ask::replicas::CompareStores;
use crate::ask::report;
use crate::ask::schedule::{ListSchedules, RemoveSchedule, SetSchedule};
use crate::ask::serials::ShowSerial;
use crate::ask::status::ShowStatus;
use crate::ask::stock::ShowStock;
use crate::ask::stores::{Invite, ListStores, Revoke};
use crate::ask::suggest::SuggestTransfer;
use crate::ask::supplier::{ImportSuppliers, SetOffer, SetSupplier};
use crate::ask::transfer::{
    CancelTransfer, DecideTransfer, ListTransfers, RequestTransfer, ShowTransfer,
};
use crate::ask::transfer_rules::{ListRules, RemoveRule, SetRule};
use crate::ask::value::{ListValue, MoveValue, WriteOffValue};
use crate::door::Ask;
use crate::error::{HubError, Result};
use crate::hub::Hub;
use crate::sheet;

/// The largest request: a catalog file, with what JSON adds to its text.
const MAX_REQUEST: usize = 2 * sheet::MAX_FILE;

/// The local API while it is reachable.
pub(crate) struct LocalApi {
    listener: TcpListener,
    routes: Router,
    /// Removes the address file when the API goes.
    _published: Published,
}

impl LocalApi {
    /// Opens a port on the loopback interface and says in the hub's folder which.
    pub(crate) async fn open(hub: &Hub) -> Result<Self> {
        let serve = |source| HubError::Serve { source };
        let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = TcpListener::bind(anywhere).await.map_err(serve)?;
        let info = LocalInfo::of_this_process(listener.local_addr().map_err(serve)?)?;
        let routes = routes(hub.clone(), &info.token);
        let published = info.publish(hub.home().dir())?;
        Ok(Self { listener, routes, _published: published })
    }

    /// Answers until `stop` is ready, and then finishes what it has begun.
    pub(crate) async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let Self { listener, routes, _published } = self;
        let served = axum::serve(listener, routes).with_graceful_shutdown(stop).await;
        served.map_err(|source| HubError::Serve { source })
    }
}

/// Everything that can be asked, for whoever knows the token.
pub fn routes(hub: Hub, token: &Token) -> Router {
    let routes = Router::new()
        .route(Invite::PATH, post(handle::<Invite>))
        .route(ListStores::PATH, post(handle::<ListStores>))
        .route(Revoke::PATH, post(handle::<Revoke>))
        .route(ImportCatalog::PATH, post(handle::<ImportCatalog>))
        .route(ListProducts::PATH, post(handle::<ListProducts>))
        .route(SetProduct::PATH, post(handle::<SetProduct>))
        .route(ListConflicts::PATH, post(handle::<ListConflicts>))
        .route(ImportSuppliers::PATH, post(handle::<ImportSuppliers>))
        .route(ListSuppliers::PATH, post(handle::<ListSuppliers>))
        .route(ShowSupplier::PATH, post(handle::<ShowSupplier>))
        .route(SetSupplier::PATH, post(handle::<SetSupplier>))
        .route(SetOffer::PATH, post(handle::<SetOffer>))
        .route(CompareSuppliers::PATH, post(handle::<CompareSuppliers>))
        .route(ShowAccount::PATH, post(handle::<ShowAccount>))
        .route(ListAccounts::PATH, post(handle::<ListAccounts>))
        .route(ShowStatement::PATH, post(handle::<ShowStatement>))
        .route(SetPrice::PATH, post(handle::<SetPrice>))
        .route(ImportPrices::PATH, post(handle::<ImportPrices>))
        .route(ListPrices::PATH, post(handle::<ListPrices>))
        .route(CancelPrices::PATH, post(handle::<CancelPrices>))
        .route(SetPromotion::PATH, post(handle::<SetPromotion>))
        .route(ImportPromotions::PATH, post(handle::<ImportPromotions>))
        .route(ListPromotions::PATH, post(handle::<ListPromotions>))
        .route(ShowPromotion::PATH, post(handle::<ShowPromotion>))
        .route(EndPromotion::PATH, post(handle::<EndPromotion>))
        .route(ListCategories::PATH, post(handle::<ListCategories>))
        .route(MoveCategory::PATH, post(handle::<MoveCategory>))
        .route(ListProposals::PATH, post(handle::<ListProposals>))
        .route(AnswerProposal::PATH, post(handle::<AnswerProposal>))
        .route(SetBounds::PATH, post(handle::<SetBounds>))
        .route(ImportBounds::PATH, post(handle::<ImportBounds>))
        .route(ListBounds::PATH, post(handle::<ListBounds>))
        .route(SetProfile::PATH, post(handle::<SetProfile>))
        .route(ShowProfiles::PATH, post(handle::<ShowProfiles>))
        .route(ShowStock::PATH, post(handle::<ShowStock>))
        .route(ShowBins::PATH, post(handle::<ShowBins>))
        .route(ShowSerial::PATH, post(handle::<ShowSerial>))
        .route(PlanPurchases::PATH, post(handle::<PlanPurchases>))
        .route(report::ShowReport::PATH, post(handle::<report::ShowReport>))
        .route(ShowAccounts::PATH, post(handle::<ShowAccounts>))
        .route(MakeVouchers::PATH, post(handle::<MakeVouchers>))
        .route(ClosePeriod::PATH, post(handle::<ClosePeriod>))
        .route(ListPeriods::PATH, post(handle::<ListPeriods>))
        .route(FeedVouchers::PATH, post(handle::<FeedVouchers>))
        .route(AcknowledgeVouchers::PATH, post(handle::<AcknowledgeVouchers>))
        .route(ShowAlerts::PATH, post(handle::<ShowAlerts>))
        .route(Explain::PATH, post(handle::<Explain>))
        .route(ListCloses::PATH, post(handle::<ListCloses>))
        .route(ShowStatus::PATH, post(handle::<ShowStatus>))
        .route(RequestTransfer::PATH, post(handle::<RequestTransfer>))
        .route(CancelTransfer::PATH, post(handle::<CancelTransfer>))
        .route(DecideTransfer::PATH, post(handle::<DecideTransfer>))
        .route(ListTransfers::PATH, post(handle::<ListTransfers>))
        .route(SuggestTransfer::PATH, post(handle::<SuggestTransfer>))
        .route(ShowTransfer::PATH, post(handle::<ShowTransfer>))
        .route(RequestPurchase::PATH, post(handle::<RequestPurchase>))
        .route(OrderPurchase::PATH, post(handle::<OrderPurchase>))
        .route(SayPurchase::PATH, post(handle::<SayPurchase>))
        .route(ListPurchases::PATH, post(handle::<ListPurchases>))
        .route(ShowPurchase::PATH, post(handle::<ShowPurchase>))
        .route(SetPurchaseRule::PATH, post(handle::<SetPurchaseRule>))
        .route(ListPurchaseRules::PATH, post(handle::<ListPurchaseRules>))
        .route(RemovePurchaseRule::PATH, post(handle::<RemovePurchaseRule>))
        .route(SetRule::PATH, post(handle::<SetRule>))
        .route(ListRules::PATH, post(handle::<ListRules>))
        .route(RemoveRule::PATH, post(handle::<RemoveRule>))
        .route(ListValue::PATH, post(handle::<ListValue>))
        .route(MoveValue::PATH, post(handle::<MoveValue>))
        .route(WriteOffValue::PATH, post(handle::<WriteOffValue>))
        .route(Verify::PATH, post(handle::<Verify>))
        .route(Rebuild::PATH, post(handle::<Rebuild>))
        .route(Backup::PATH, post(handle::<Backup>))
        .route(RunChecks::PATH, post(handle::<RunChecks>))
        .route(CompareStores::PATH, post(handle::<CompareStores>))
        .route(CheckProgress::PATH, post(handle::<CheckProgress>))
        .route(ListReports::PATH, post(handle::<ListReports>))
        .route(SetSchedule::PATH, post(handle::<SetSchedule>))
        .route(ListSchedules::PATH, post(handle::<ListSchedules>))
        .route(RemoveSchedule::PATH, post(handle::<RemoveSchedule>))
        .route(ListFindings::PATH, post(handle::<ListFindings>))
        .route(ResolveFinding::PATH, post(handle::<ResolveFinding>))
        .route(ShowReport::PATH, post(handle::<ShowReport>))
        .layer(DefaultBodyLimit::max(MAX_REQUEST))
        .with_state(hub);
    guarded(routes, token)
}

async fn handle<A: Ask>(
    State(hub): State<Hub>,
    lang: Lang,
    body: Bytes,
) -> Result<Json<A::Answer>, Failure> {
    // An answer may read the whole database, so it is made where blocking is allowed; a panic in
    // it ends this request and nothing else.
    let answered = tokio::task::spawn_blocking(move || {
        let ask: A =
            serde_json::from_slice(&body).map_err(|source| HubError::BadRequest { source })?;
        ask.answer(&hub)
    });
    let answer = answered.await.unwrap_or(Err(HubError::Panicked));
    answer.map(Json).map_err(|error| {
        tracing::warn!(path = A::PATH, %error, "a request to the local API failed");
        Failure::of(lang, &error)
    })
}
