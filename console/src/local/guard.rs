//! The daemon's side: nobody without the token, and errors in the caller's language.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};

use super::{LocalError, PING, Token};
use crate::tell::{Exit, Tell, Told};
use crate::words::Lang;

/// Puts every route behind the token, and one beside them that says that somebody is there.
pub fn guarded(routes: Router, token: &Token) -> Router {
    routes.route(PING, get(async || Json(()))).layer(from_fn_with_state(token.clone(), check))
}

/// An error as an answer: its words as JSON, from which the client makes the same error again.
#[derive(Debug)]
pub struct Failure(Told);

impl Failure {
    /// An error in the caller's language.
    pub fn of(lang: Lang, error: &dyn Tell) -> Self {
        Self(Told::of(lang, error))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = match self.0.exit {
            Exit::Usage => StatusCode::BAD_REQUEST,
            Exit::Failed | Exit::Done => StatusCode::UNPROCESSABLE_ENTITY,
        };
        (status, Json(self.0)).into_response()
    }
}

/// The caller's language, from `Accept-Language`.
impl<S: Sync> FromRequestParts<S> for Lang {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(language(&parts.headers))
    }
}

fn language(headers: &HeaderMap) -> Lang {
    let tag = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    tag.map_or(Lang::En, Lang::from_tag)
}

async fn check(State(token): State<Token>, request: Request, next: Next) -> Response {
    let offered = request.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    match offered.and_then(|value| value.strip_prefix("Bearer ")) {
        Some(offered) if token.is(offered) => next.run(request).await,
        _ => {
            let told = Told::of(language(request.headers()), &LocalError::Token);
            (StatusCode::UNAUTHORIZED, Json(told)).into_response()
        }
    }
}
