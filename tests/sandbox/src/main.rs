//! The sandbox as a program, for vendors at a terminal and for tests that run it as a child process.
//!
//! Its flags, its ready line and its exit codes are stable; `README.md` documents them. A parent process that may be
//! killed before it can stop the sandbox keeps the sandbox's standard input open and passes `--until-stdin-closes`.

use std::{
    error::Error,
    io::{self, Read, Write},
    net::SocketAddr,
    process::ExitCode,
};

use clap::Parser;
use deskside_sandbox::{Config, Sandbox, listen_address};
use tokio::sync::oneshot;

/// Conductor, Codat and a vendor's backend on this computer, for trying out Deskside without an account.
///
/// Prints one line of JSON with its addresses and keys once it is ready, and then serves until it is stopped. It
/// keeps everything in memory and listens on loopback only.
#[derive(Parser)]
#[command(name = "deskside-sandbox", version, after_help = AFTER_HELP)]
struct Arguments {
    /// Loopback address of the first of five listeners; the others take the next four ports. Port 0 takes any five
    /// free ports
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0", value_parser = listen_address)]
    listen: SocketAddr,
    /// Secret key that Conductor's API accepts, instead of a random one. Never a real key
    #[arg(long, value_name = "KEY", value_parser = key)]
    conductor_secret_key: Option<String>,
    /// Publishable key that Conductor's links carry, instead of a random one. Never a real key
    #[arg(long, value_name = "KEY", value_parser = key)]
    conductor_publishable_key: Option<String>,
    /// API key that Codat's API accepts, instead of a random one. Never a real key
    #[arg(long, value_name = "KEY", value_parser = key)]
    codat_api_key: Option<String>,
    /// Exit when standard input closes
    #[arg(long)]
    until_stdin_closes: bool,
}

const AFTER_HELP: &str = "\
Exit codes:
  0  standard input closed (with --until-stdin-closes)
  1  the sandbox cannot listen, or a listener failed
  2  the arguments are wrong

Ctrl+C stops the sandbox. Faults and the state of connections are set through the control API;
tests/sandbox/README.md describes it.";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody reads standard error if it is closed; the exit code remains.
            drop(writeln!(io::stderr(), "deskside-sandbox: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let until_stdin_closes = arguments.until_stdin_closes;
    let mut sandbox = Sandbox::start(arguments.into()).await?;
    print_ready_line(&sandbox)?;
    if until_stdin_closes {
        tokio::select! {
            stopped = sandbox.stopped() => stopped?,
            _ = stdin_closed() => {}
        }
    } else {
        sandbox.stopped().await?;
    }
    Ok(())
}

impl From<Arguments> for Config {
    fn from(arguments: Arguments) -> Self {
        let random = Self::default();
        Self {
            listen: arguments.listen,
            conductor_secret_key: arguments
                .conductor_secret_key
                .unwrap_or(random.conductor_secret_key),
            conductor_publishable_key: arguments
                .conductor_publishable_key
                .unwrap_or(random.conductor_publishable_key),
            codat_api_key: arguments.codat_api_key.unwrap_or(random.codat_api_key),
        }
    }
}

/// A key must fit into an HTTP header and into the query of a link as it is.
fn key(text: &str) -> Result<String, &'static str> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    if text.is_empty() || !text.bytes().all(fits) {
        return Err("a key consists of A-Z a-z 0-9 - . _ ~");
    }
    Ok(text.to_owned())
}

fn print_ready_line(sandbox: &Sandbox) -> io::Result<()> {
    let mut line = serde_json::to_string(&sandbox.endpoints)?;
    line.push('\n');
    let mut out = io::stdout().lock();
    out.write_all(line.as_bytes())?;
    out.flush()
}

/// Resolves when standard input ends. Reading blocks, so it runs on a thread of its own, which the process does not
/// wait for when it exits.
fn stdin_closed() -> oneshot::Receiver<()> {
    let (closed, wait) = oneshot::channel();
    std::thread::spawn(move || {
        let mut ignored = [0; 256];
        while matches!(io::stdin().read(&mut ignored), Ok(1..)) {}
        drop(closed);
    });
    wait
}
