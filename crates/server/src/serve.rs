//! The port, the connections on it, and their end.
//!
//! The server has threads of its own. It listens on this machine's own address alone. Its end comes in this order: no
//! more connections, event streams end, operations are told to stop, what is being answered has a while to be answered.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::{IntoResponse, Response as Reply};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::Service as _;

use crate::container::Container;
use crate::door::Door;
use crate::door::key::Key;
use crate::page::Page;
use crate::route::{self, App};
use crate::signals::Signals;
use crate::stall::Stalling;

/// How many connections there are at once; more wait to be taken.
const CONNECTIONS: usize = 512;
/// How long a request's head may take to come.
const HEAD_PATIENCE: Duration = Duration::from_secs(15);
/// How long a client may read nothing of what it is sent.
const READ_PATIENCE: Duration = Duration::from_secs(60);
/// How many bytes of a connection are held, in each direction.
const BUFFER: usize = 64 << 10;
/// How many threads there are at most, for what waits for files; more than the limits of all projects let come.
const BLOCKING: usize = 2_048;
/// How long what is being answered at the end may take.
const DEADLINE: Duration = Duration::from_secs(5);

/// How to serve.
#[derive(Debug)]
pub struct Options {
    /// The port; 0 for one that is free.
    pub port: u16,
    /// What signs cookies.
    pub key: Key,
    /// How long the address of [`Server::launch_url`] can be used.
    pub launch_life: Duration,
    /// How often an event stream says that it is there, where nothing happens.
    pub heartbeat: Duration,
    /// The folder of the page, for who works on it; the page in the program where there is none.
    pub page: Option<PathBuf>,
}

impl Options {
    /// On this port, with this key, and everything else as usual.
    #[must_use]
    pub const fn new(port: u16, key: Key) -> Self {
        Self { port, key, launch_life: Duration::from_secs(15 * 60), heartbeat: Duration::from_secs(15), page: None }
    }
}

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Somebody has the port.
    #[error("port {0} is taken")]
    PortTaken(u16),
    /// The port cannot be listened on.
    #[error("port {port} cannot be listened on: {source}")]
    Port {
        /// The port.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The system does not give what else is needed.
    #[error("the service cannot start: {0}")]
    System(io::Error),
}

/// A container on a port of this machine. Dropping it ends it at once; [`Server::stop`] ends it in order.
#[derive(Debug)]
pub struct Server {
    runtime: Runtime,
    app: Arc<App>,
    port: u16,
    stopping: watch::Sender<bool>,
    ended: Option<tokio::task::JoinHandle<()>>,
}

impl Server {
    /// Starts to serve.
    ///
    /// # Errors
    /// Where the port is taken, or the system lacks what is needed.
    pub fn start(container: Container, options: Options) -> Result<Self, StartError> {
        let wanted = options.port;
        let listener =
            TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, wanted))).map_err(|source| {
                match source.kind() {
                    io::ErrorKind::AddrInUse => StartError::PortTaken(wanted),
                    _ => StartError::Port { port: wanted, source },
                }
            })?;
        listener.set_nonblocking(true).map_err(StartError::System)?;
        let port = listener.local_addr().map_err(StartError::System)?.port();
        let door = Door::new(port, options.key, options.launch_life)
            .map_err(|error| StartError::System(io::Error::other(error)))?;
        let page = options.page.map_or_else(Page::embedded, Page::Folder);
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(BLOCKING)
            .thread_name("packwright-http")
            .enable_all()
            .build()
            .map_err(StartError::System)?;
        let (stopping, stopped) = watch::channel(false);
        let app = Arc::new(App::new(container, door, page, options.heartbeat, stopped.clone()));
        let entered = runtime.enter();
        let listener = tokio::net::TcpListener::from_std(listener).map_err(StartError::System)?;
        drop(entered);
        let ended = runtime.spawn(accept(listener, Arc::clone(&app), stopped));
        Ok(Self { runtime, app, port, stopping, ended: Some(ended) })
    }

    /// The port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The address that a browser is to open. It lets in once, for a while.
    #[must_use]
    pub fn launch_url(&self) -> String {
        self.app.door.launch_url()
    }

    /// The token that a program sends as `Authorization: Bearer`.
    #[must_use]
    pub fn token(&self) -> &str {
        self.app.door.token()
    }

    /// Hears from now on when the process is told to end, by Ctrl-C or a signal; by itself it does not end by them any more.
    /// To be called before anybody is told that the service is there: what is sent before it is not heard.
    ///
    /// # Errors
    /// Where the system does not say when.
    pub fn signals(&self) -> io::Result<Signals> {
        let _entered = self.runtime.enter();
        Signals::heard()
    }

    /// Serves until the process is told to end, and then ends in order; told a second time, at once.
    pub fn run(self, mut signals: Signals) {
        self.runtime.block_on(signals.next());
        self.stop_unless(async move { signals.next().await });
    }

    /// Ends it: streams first, then a deadline for everything else.
    pub fn stop(self) {
        self.stop_unless(std::future::pending());
    }

    /// As [`stop`](Self::stop), and at once when `cut` is done.
    fn stop_unless(mut self, cut: impl Future<Output = ()>) {
        self.stopping.send_replace(true);
        let running: Vec<_> =
            self.app.container.projects().iter().flat_map(|hosted| hosted.operations().cancel_all()).collect();
        let ended = self.ended.take();
        self.runtime.block_on(async {
            let all = async {
                for operation in running {
                    operation.wait().await;
                }
                if let Some(ended) = ended {
                    drop(ended.await);
                }
            };
            // Whatever is not ended by then is left to end by itself.
            tokio::select! {
                _ = tokio::time::timeout(DEADLINE, all) => {}
                () = cut => {}
            }
        });
        self.runtime.shutdown_background();
    }
}

/// Takes connections until it is told to stop, and then waits until all have ended.
async fn accept(listener: tokio::net::TcpListener, app: Arc<App>, mut stopped: watch::Receiver<bool>) {
    let router = route::router(&app);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, _)) => {
                let (app, router, stopped) = (Arc::clone(&app), router.clone(), stopped.clone());
                connections.spawn(async move {
                    connection(Stalling::new(stream, READ_PATIENCE), app, router, stopped).await;
                    drop(place);
                });
            }
            // There are too many files open, say: it passes.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn connection(stream: Stalling, app: Arc<App>, router: Router, mut stopped: watch::Receiver<bool>) {
    let service = service_fn(move |request| {
        let (app, router) = (Arc::clone(&app), router.clone());
        async move { Ok::<_, Infallible>(answer(&app, router, request).await) }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE).max_buf_size(BUFFER).half_close(false);
    let mut connection = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        // A client that goes away is no failure of ours.
        _ = connection.as_mut() => return,
        _ = stopped.wait_for(|stopped| *stopped) => connection.as_mut().graceful_shutdown(),
    }
    drop(connection.await);
}

/// The door first, then the route, then what stands on every answer.
async fn answer(app: &App, mut router: Router, request: Request<Incoming>) -> Reply {
    let entry = app.door.enter(request.method(), request.uri(), request.headers());
    let mut reply = match entry {
        Ok(entry) => {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(Arc::new(entry));
            match router.call(request).await {
                Ok(reply) => reply,
                Err(never) => match never {},
            }
        }
        Err(refusal) if route::is_navigation(&request) => route::refused_page(&refusal),
        Err(refusal) => refusal.into_response(),
    };
    route::set_headers(&mut reply);
    reply
}
