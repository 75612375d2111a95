//! The command's side: blocking JSON requests.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use ureq::http::{Response, StatusCode, header};
use ureq::{Agent, Body, RequestBuilder};

use super::{LocalError, LocalInfo, PING};
use crate::tell::Told;
use crate::words::Lang;

/// A loopback connection stands at once or not at all. (An answer may take as long as it takes:
/// `verify` reads the whole database.)
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// The largest answer: a year of one product's facts with all their text is a tenth of it.
const MAX_ANSWER_LEN: u64 = 256 * 1024 * 1024;

/// A connection to the daemon of a data folder.
#[derive(Debug, Clone)]
pub struct Client {
    agent: Agent,
    info: LocalInfo,
    lang: Lang,
}

impl Client {
    /// The daemon that the folder's address file names. None, when there is no file.
    pub fn find(folder: &Path, lang: Lang) -> Result<Option<Self>, LocalError> {
        Ok(LocalInfo::read(folder)?.map(|info| Self::new(info, lang)))
    }

    /// The daemon at an address.
    pub fn new(info: LocalInfo, lang: Lang) -> Self {
        let config = Agent::config_builder()
            // The environment's proxy must not see the token.
            .proxy(None)
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            // The daemon closes a connection whose request it refuses unread; sent over that one, the
            // next request would fail for nothing. A new one costs microseconds on loopback.
            .max_idle_connections(0)
            .build();
        Self { agent: config.new_agent(), info, lang }
    }

    /// Whether the daemon is there and knows the token.
    pub fn ping(&self) -> Result<(), LocalError> {
        self.get(PING, &[])
    }

    /// Asks for something. `path` begins with `/`; the query's values are escaped here.
    pub fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, LocalError> {
        let request = self.agent.get(self.url(path)).query_pairs(query.iter().copied());
        self.read(self.headed(request).call())
    }

    /// Has something done.
    pub fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &(impl Serialize + ?Sized),
    ) -> Result<T, LocalError> {
        let request = self.agent.post(self.url(path));
        self.read(self.headed(request).send_json(body))
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.info.address)
    }

    fn headed<B>(&self, request: RequestBuilder<B>) -> RequestBuilder<B> {
        request
            .header(header::AUTHORIZATION, self.info.token.header())
            .header(header::ACCEPT_LANGUAGE, self.lang.tag())
    }

    fn read<T: DeserializeOwned>(
        &self,
        answer: Result<Response<Body>, ureq::Error>,
    ) -> Result<T, LocalError> {
        let address = self.info.address;
        let mut answer = answer.map_err(|error| match error {
            ureq::Error::ConnectionFailed | ureq::Error::HostNotFound => {
                LocalError::Unreachable { address, source: Box::new(error) }
            }
            ureq::Error::Io(ref io) if io.kind() == std::io::ErrorKind::ConnectionRefused => {
                LocalError::Unreachable { address, source: Box::new(error) }
            }
            error => LocalError::Exchange { address, source: Box::new(error) },
        })?;
        let body = answer.body_mut().with_config().limit(MAX_ANSWER_LEN).read_to_vec();
        let body =
            body.map_err(|error| LocalError::Exchange { address, source: Box::new(error) })?;
        let unreadable = |source| LocalError::Answer { address, source };
        match answer.status() {
            status if status.is_success() => serde_json::from_slice(&body).map_err(unreadable),
            StatusCode::UNAUTHORIZED => Err(LocalError::Token),
            _ => {
                let told: Told = serde_json::from_slice(&body).map_err(unreadable)?;
                Err(LocalError::Told(told))
            }
        }
    }
}
