//! The daemon's local API: every [`Ask`] as JSON over HTTP, on the loopback interface, behind a
//! token.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::post;
use console::Lang;
use console::local::{Failure, Token, guarded};
use console::supplier::{
    CompareSuppliers, ListAccounts, ListSuppliers, ShowAccount, ShowStatement, ShowSupplier,
};

use crate::ask;
use crate::door::Ask;
use crate::error::{NodeError, Result};
use crate::node::Node;
use crate::request::Request;

/// The largest request: the longest document with the longest names, many times over, as imports
/// send it.
const MAX_REQUEST_LEN: usize = 32 << 20;

/// The routes of the local API.
pub fn routes(node: Node, token: &Token) -> Router {
    let routes = Routes(Router::new())
        .take::<Request>()
        .take::<ask::booking::BookAll>()
        .take::<ask::close::CloseDay>()
        .take::<ask::count::StartCount>()
        .take::<ask::count::AddCount>()
        .take::<ask::count::ShowCount>()
        .take::<ask::count::Recount>()
        .take::<ask::count::ExplainCount>()
        .take::<ask::count::PostCount>()
        .take::<ask::count::ApproveCount>()
        .take::<ask::count::CancelCount>()
        .take::<ask::plan::PlanPurchases>()
        .take::<ListSuppliers>()
        .take::<ShowSupplier>()
        .take::<CompareSuppliers>()
        .take::<ShowAccount>()
        .take::<ListAccounts>()
        .take::<ShowStatement>()
        .take::<ask::supplier::PutSupplier>()
        .take::<ask::supplier::MatchInvoice>()
        .take::<ask::supplier::ListInvoices>()
        .take::<ask::stock::ShowStock>()
        .take::<ask::report::ShowReport>()
        .take::<ask::counted::ShowCounted>()
        .take::<ask::lots::ShowLots>()
        .take::<ask::bins::ShowBins>()
        .take::<ask::serials::ShowSerial>()
        .take::<ask::serials::ListSerials>()
        .take::<ask::losses::ShowLosses>()
        .take::<ask::alerts::ShowAlerts>()
        .take::<ask::alerts::AckAlert>()
        .take::<ask::elsewhere::ShowElsewhere>()
        .take::<ask::elsewhere::SuggestTransfer>()
        .take::<ask::history::ListFacts>()
        .take::<ask::history::ShowFact>()
        .take::<ask::explain::Explain>()
        .take::<ask::scan::Scan>()
        .take::<ask::catalog::ListProducts>()
        .take::<ask::catalog::FindProducts>()
        .take::<ask::catalog::PutProducts>()
        .take::<ask::prices::ShowPrice>()
        .take::<ask::proposals::ProposeProduct>()
        .take::<ask::proposals::ListProposals>()
        .take::<ask::proposals::SettleMerged>()
        .take::<ask::prices::ListPrices>()
        .take::<ask::prices::ListChanges>()
        .take::<console::promotion::ListPromotions>()
        .take::<ask::promotions::QuoteSale>()
        .take::<ask::receipt::PrintReceipt>()
        .take::<ask::basket::ParkBasket>()
        .take::<ask::basket::ListBaskets>()
        .take::<ask::basket::ShowBasket>()
        .take::<ask::basket::DropBasket>()
        .take::<ask::shift::ListShifts>()
        .take::<ask::shift::ShowShift>()
        .take::<ask::status::ShowStatus>()
        .take::<ask::sync::SyncNow>()
        .take::<ask::sync::SyncPolicy>()
        .take::<ask::held::DropBooks>()
        .take::<ask::care::Verify>()
        .take::<ask::care::Rebuild>()
        .take::<ask::care::Backup>()
        .take::<ask::care::Examine>()
        .take::<ask::forks::ListForks>()
        .take::<ask::forks::DecideForks>()
        .take::<ask::purchase::RequestPurchase>()
        .take::<ask::purchase::OrderPurchase>()
        .take::<ask::purchase::SayPurchase>()
        .take::<ask::purchase::ReceivePurchase>()
        .take::<ask::purchase::ReturnPurchase>()
        .take::<ask::purchase::ListPurchases>()
        .take::<ask::purchase::ShowPurchase>()
        .take::<ask::quarantine::ListQuarantine>()
        .take::<ask::quarantine::ClearQuarantine>()
        .take::<ask::transfer::RequestTransfer>()
        .take::<ask::transfer::ShipTransfer>()
        .take::<ask::transfer::ReceiveTransfer>()
        .take::<ask::transfer::ReceiveManifest>()
        .take::<ask::transfer::WriteManifest>()
        .take::<ask::transfer::SettleTransfer>()
        .take::<ask::transfer::CancelTransfer>()
        .take::<ask::transfer::ListTransfers>()
        .take::<ask::transfer::ShowTransfer>()
        .take::<ask::value::ShowValue>()
        .take::<ask::value::AskForValue>();
    let routes = Routes(routes.0.fallback(unknown));
    let limited = routes.0.layer(DefaultBodyLimit::max(MAX_REQUEST_LEN)).with_state(node);
    guarded(limited, token)
}

struct Routes(Router<Node>);

impl Routes {
    fn take<A: Ask>(self) -> Self {
        Self(self.0.route(A::PATH, post(handle::<A>)))
    }
}

async fn handle<A: Ask>(State(node): State<Node>, lang: Lang, body: Bytes) -> Response {
    let ask = match serde_json::from_slice::<A>(&body) {
        Ok(ask) => ask,
        Err(source) => return failure(lang, &NodeError::BadRequest { source }),
    };
    let answered = tokio::task::spawn_blocking(move || ask.answer(&node)).await;
    let answer: Result<A::Answer> = answered.unwrap_or(Err(NodeError::Panicked));
    match answer {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => failure(lang, &error),
    }
}

async fn unknown(lang: Lang, uri: Uri) -> Response {
    failure(lang, &NodeError::NoSuchAsk { path: uri.path().to_owned() })
}

fn failure(lang: Lang, error: &NodeError) -> Response {
    Failure::of(lang, error).into_response()
}
