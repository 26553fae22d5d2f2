//! An example of a service on `ssh-keypair`: OpenStack's `os-keypairs` over HTTP. The README says how to run it.
//!
//! This file has the options, the connections and the shutdown; `handler` answers a request, `identity` finds out who calls,
//! `store` is the database, and `metrics` counts.

mod handler;
mod identity;
mod metrics;
mod store;

use axum::Router;
use clap::Parser;
use handler::Service;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use identity::Identity;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;

/// A client that has not sent its next headers by then is disconnected. This is also how long an idle connection lives.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a shutdown waits for requests that are being answered.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);
/// More connections than this wait to be accepted.
const MAX_CONNECTIONS: usize = 1024;

/// OpenStack's key pairs over HTTP: an example of a service on `ssh-keypair`.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1:8774")]
    listen: SocketAddr,
    /// `sqlite://FILE`, or `postgres://USER:PASSWORD@HOST/DATABASE`
    #[arg(long, default_value = "sqlite://keypairs.sqlite")]
    database: String,
    /// Who calls: `tokens=FILE`, by the header X-Auth-Token; or `headers`, by those of a proxy that validates Keystone's tokens
    #[arg(long, default_value = "tokens=keypairs.tokens")]
    identity: String,
    /// Allows `--identity headers` on an address that other machines reach
    #[arg(long)]
    trust_network: bool,
    /// How many key pairs a user may have
    #[arg(long, default_value_t = 100)]
    quota: u32,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    tracing_subscriber::fmt().with_target(false).with_ansi(false).with_writer(std::io::stderr).init();
    let identity = Identity::from_option(&options.identity)?;
    if identity.trusts_headers() && !options.listen.ip().is_loopback() && !options.trust_network {
        return Err("--identity headers on this address would let anybody be anybody: see --trust-network".into());
    }
    let store = Store::open(&options.database).await?;
    let service = Arc::new(Service::new(store, identity, options.quota));
    let router = Router::new().fallback(handler::answer).with_state(service);

    let listener = TcpListener::bind(options.listen).await?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    serve(listener, router).await
}

/// Accepts connections until SIGTERM or SIGINT, and then lets the open ones finish.
async fn serve(listener: TcpListener, router: Router) -> Result<(), Box<dyn Error>> {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let graceful = GracefulShutdown::new();
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let permit = Arc::clone(&connections).acquire_owned().await?;
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // For example, too many open files.
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
        };
        let _ = stream.set_nodelay(true);
        let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // An error is a client that has gone, or was too slow.
            let _ = connection.await;
            drop(permit);
        });
    }
    drop(listener);
    tracing::info!("shutting down");
    if tokio::time::timeout(SHUTDOWN_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were still being answered");
    }
    Ok(())
}
