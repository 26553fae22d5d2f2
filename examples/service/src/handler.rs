//! Answers a request.

use crate::identity::Identity;
use crate::metrics::Metrics;
use crate::store::Store;
use axum::body::Body;
use axum::extract::{Request as HttpRequest, State};
use axum::http::Method;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use axum::response::Response as HttpResponse;
use bytes::Bytes;
use http_body_util::BodyExt;
use ssh_keypair::keypair::Profile;
use ssh_keypair::os_keypairs::{Action, ApiVersion, BaseUrl, Call, Request, RequestBody, RequestError, ShowResponse};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use zeroize::Zeroizing;

/// More than the longest public key needs.
const MAX_BODY_BYTES: usize = 128 * 1024;
/// The longest JSON of a response with a private key: the buffer never moves, which would leave a copy behind.
const MAX_RESPONSE_BYTES: usize = 32 * 1024;
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) struct Service {
    store: Store,
    identity: Identity,
    quota: u32,
    profile: Profile,
    metrics: Metrics,
    /// One permit per core: creating a key is CPU-bound.
    cores: Semaphore,
}

impl Service {
    pub(crate) fn new(store: Store, identity: Identity, quota: u32) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let (profile, metrics) = (Profile::nova(), Metrics::default());
        Self { store, identity, quota, profile, metrics, cores: Semaphore::new(cores) }
    }
}

/// A status, and JSON that is wiped after it was sent.
struct Answer {
    status: u16,
    json: Option<Zeroizing<Vec<u8>>>,
}

impl Answer {
    fn new(status: u16, body: &impl serde::Serialize) -> Self {
        let mut json = Zeroizing::new(Vec::with_capacity(MAX_RESPONSE_BYTES));
        match serde_json::to_writer(&mut *json, body) {
            Ok(()) => Self { status, json: Some(json) },
            Err(_) => Self { status: 500, json: None },
        }
    }

    fn into_http(self, version: Option<ApiVersion>) -> HttpResponse {
        let mut response = HttpResponse::builder().status(self.status).header(CONTENT_TYPE, "application/json");
        for (name, value) in version.map(ApiVersion::response_headers).unwrap_or_default() {
            response = response.header(name, value);
        }
        let body = self.json.map_or_else(Body::empty, |json| Body::from(Bytes::from_owner(json)));
        response.body(body).unwrap_or_default()
    }
}

/// Answers a request, counts it, and writes a line to the log, without anything that the client sent.
pub(crate) async fn answer(State(service): State<Arc<Service>>, request: HttpRequest) -> HttpResponse {
    if request.uri().path() == "/metrics" && request.method() == Method::GET {
        return HttpResponse::new(service.metrics.to_text().into());
    }
    let begin = Instant::now();
    let version = ApiVersion::from_request(request.uri().path(), pairs(request.headers()));
    let known_version = version.as_ref().ok().copied();
    let call = version.and_then(|version| {
        Call::new(request.method().as_str(), request.uri().path(), request.uri().query().unwrap_or_default(), version)
    });
    let action = call.as_ref().map_or("none", |call| call.action().as_str());
    let result = match call {
        Ok(call) => {
            timeout(ANSWER_TIMEOUT, service.answer_call(&call, request)).await.unwrap_or(Err(RequestError::Unavailable))
        }
        Err(error) => Err(error),
    };
    let answer = result.unwrap_or_else(|error| {
        if let RequestError::CreateFailed(reason) = &error {
            tracing::error!(%reason, "no key pair was created");
        }
        Answer::new(error.status(), &error)
    });
    let (status, time) = (answer.status, begin.elapsed());
    service.metrics.count(action, status, time);
    tracing::info!(action, status, microseconds = time.as_micros(), "answered");
    answer.into_http(known_version)
}

/// The names and values of headers.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
}

impl Service {
    async fn answer_call(self: &Arc<Self>, call: &Call, request: HttpRequest) -> Result<Answer, RequestError> {
        let version = call.version();
        // Clients follow the links of an answer: only a proxy of ours may say where they lead.
        let trusted = |(name, _): &(&str, &str)| self.identity.trusts_headers() || !name.starts_with("x-forwarded-");
        let base = BaseUrl::from_headers(pairs(request.headers()).filter(trusted));
        if call.action() == &Action::Versions {
            return Ok(Answer::new(200, &call.versions(base)));
        }
        let caller = self.identity.caller(request.headers())?;
        let owner = call.owner(&caller)?;
        match call.action() {
            Action::Create => {
                let body = read_body(request).await?;
                let request = Request::new(&body, version, &self.profile)?;
                let owner = caller.owner(request.user_id())?.clone();
                // The insert decides; this check is made first because creating a key is more work.
                if self.store.count(&owner).await? >= self.quota.into() {
                    return Err(RequestError::QuotaExceeded);
                }
                let response = {
                    let _core = self.cores.acquire().await.map_err(|_| RequestError::Unavailable)?;
                    let answer = tokio::task::spawn_blocking(move || request.answer(&caller));
                    answer.await.map_err(|_| RequestError::Unavailable)??
                };
                self.store.insert(response.record(), &owner, self.quota).await?;
                Ok(Answer::new(response.status(), &response))
            }
            Action::List => {
                let marker = call.query().marker();
                if let Some(marker) = marker
                    && self.store.get(owner, marker).await?.is_none()
                {
                    return Err(RequestError::marker_not_found());
                }
                let records = self.store.list(owner, marker.unwrap_or_default(), call.page_size()).await?;
                Ok(Answer::new(200, &call.list_response(&base, &records)))
            }
            Action::Show(name) => {
                let missing = || RequestError::not_found(name, owner);
                let stored = self.store.get(owner, name).await?.ok_or_else(missing)?;
                let shown = ShowResponse::new(version, &stored.record, stored.id, stored.created_at_microseconds);
                Ok(Answer::new(200, &shown))
            }
            Action::Delete(name) => match self.store.delete(owner, name).await? {
                true => Ok(Answer { status: version.delete_status(), json: None }),
                false => Err(RequestError::not_found(name, owner)),
            },
            _ => Err(RequestError::NoSuchResource),
        }
    }
}

/// The body of a create. The buffer is wiped, because a private key may have been pasted instead of a public one.
async fn read_body(request: HttpRequest) -> Result<RequestBody, RequestError> {
    let (head, mut body) = request.into_parts();
    let header = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
    RequestBody::check_media_type(header(CONTENT_TYPE).unwrap_or_default())?;
    // A client that waits before it sends a long body is told at once.
    if header(CONTENT_LENGTH)
        .and_then(|length| length.parse().ok())
        .is_some_and(|length: u64| length > MAX_BODY_BYTES as u64)
    {
        return Err(RequestError::BodyTooLarge);
    }
    let mut json = Zeroizing::new(Vec::with_capacity(MAX_BODY_BYTES));
    let read = async {
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| RequestError::NotJson)?;
            let data = frame.data_ref().map_or(&[][..], |data| data);
            if json.len() + data.len() > MAX_BODY_BYTES {
                return Err(RequestError::BodyTooLarge);
            }
            json.extend_from_slice(data);
        }
        Ok(())
    };
    timeout(BODY_TIMEOUT, read).await.unwrap_or(Err(RequestError::TimedOut))?;
    serde_json::from_slice(&json).map_err(|_| RequestError::NotJson)
}
