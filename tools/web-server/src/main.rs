//! `web-server`: serves the built dashboard on this machine and forwards its questions to the API of a local stack.

use std::future::pending;
use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use anstream::println;
use clap::Parser;
use http::Uri;
use rustix::process::{Pid, test_kill_process};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::sleep;
use web_server::{LogIn, Settings, router};

const LOOK: Duration = Duration::from_millis(500);

/// Serve the built dashboard on 127.0.0.1, with the API of a local stack under the same origin
#[derive(Parser)]
struct Options {
    /// What `npm run build` has made
    #[arg(long, value_name = "FOLDER")]
    dist: PathBuf,
    /// Address of the API, without a slash at its end; only on this machine
    #[arg(long, value_name = "URL", value_parser = here)]
    api: String,
    /// Port on 127.0.0.1; another one if it is taken, or with 0
    #[arg(long, default_value_t = 4580)]
    port: u16,
    /// File with the key of a log-in link; the file is deleted when the link is used
    #[arg(long, value_name = "FILE")]
    link: PathBuf,
    /// End when this process has ended, such as the emulator's
    #[arg(long, value_name = "PID")]
    beside: Option<i32>,
    /// Whom a log-in link logs in; without it there is no such link
    #[arg(long, value_name = "E-MAIL", requires = "password")]
    email: Option<String>,
    /// Their password
    #[arg(long, env = "MONIQO_PASSWORD", hide_env_values = true, value_name = "PASSWORD")]
    password: Option<String>,
}

/// A password is sent there: what is elsewhere has pages and a log-in of its own.
fn here(url: &str) -> Result<String, String> {
    let is_here = |uri: Uri| {
        let named = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
        named && uri.scheme_str() == Some("http") && matches!(uri.host(), Some("127.0.0.1" | "localhost"))
    };
    if url.parse().is_ok_and(is_here) {
        return Ok(url.trim_end_matches('/').to_owned());
    }
    Err("must be http:// and 127.0.0.1 or localhost".to_owned())
}

/// Waits until that process has ended; for ever without one.
async fn gone(beside: Option<i32>) {
    let Some(pid) = beside.and_then(Pid::from_raw) else { return pending().await };
    while test_kill_process(pid).is_ok() {
        sleep(LOOK).await;
    }
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let options = Options::parse();
    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?,
        bound => bound?,
    };
    let port = listener.local_addr()?.port();
    let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let Options { dist, api, link, email, password, beside, .. } = options;
    let login = email.zip(password).map(|(email, password)| LogIn { email, password });
    let serving = axum::serve(listener, router(Settings { dist, api, link, login, port }));
    println!("url=http://127.0.0.1:{port}\npid={}\nready=true", std::process::id());
    tokio::select! {
        served = serving => served,
        () = gone(beside) => Ok(()),
        _ = terminated.recv() => Ok(()),
        _ = interrupted.recv() => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_elsewhere_is_refused() {
        assert_eq!(
            here("http://127.0.0.1:4566/_aws/execute-api/a/").unwrap(),
            "http://127.0.0.1:4566/_aws/execute-api/a"
        );
        assert!(here("http://localhost:1").is_ok());
        for other in [
            "https://api.example.com",
            "http://127.0.0.1.example.com",
            "http://127.0.0.1@example.com/",
            "http://127.0.0.1:1@127.0.0.2",
            "127.0.0.1",
        ] {
            assert!(here(other).is_err(), "{other}");
        }
    }
}
