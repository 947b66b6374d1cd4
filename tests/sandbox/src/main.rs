//! The sandbox as a program: `deskside-sandbox [--listen 127.0.0.1:0] [--until-stdin-closes]`. It prints one line of
//! JSON when it is ready and then serves. A parent that cannot be sure to kill it (a test that may itself be killed)
//! holds its standard input open instead.

use std::{
    error::Error,
    io::{self, Read, Write},
    net::SocketAddr,
};

use deskside_sandbox::{ANY_PORT, Sandbox};
use tokio::sync::oneshot;

struct Options {
    listen: SocketAddr,
    until_stdin_closes: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = options(std::env::args().skip(1))?;
    let mut sandbox = Sandbox::start(options.listen).await?;
    let mut ready = serde_json::to_string(&sandbox)?;
    ready.push('\n');
    let mut out = io::stdout().lock();
    out.write_all(ready.as_bytes())?;
    out.flush()?;
    drop(out);
    if options.until_stdin_closes {
        tokio::select! {
            stopped = sandbox.stopped() => stopped?,
            _ = stdin_closed() => {}
        }
    } else {
        sandbox.stopped().await?;
    }
    Ok(())
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, Box<dyn Error>> {
    let mut options = Options { listen: ANY_PORT, until_stdin_closes: false };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--listen" => {
                options.listen = arguments.next().ok_or("--listen wants an address")?.parse()?
            }
            "--until-stdin-closes" => options.until_stdin_closes = true,
            other => return Err(format!("unknown argument {other}").into()),
        }
    }
    Ok(options)
}

/// Resolves at the end of standard input. Reading blocks, so it has a thread of its own, which the end of the program
/// need not wait for.
fn stdin_closed() -> oneshot::Receiver<()> {
    let (closed, wait) = oneshot::channel();
    std::thread::spawn(move || {
        let mut ignored = [0; 256];
        while matches!(io::stdin().read(&mut ignored), Ok(1..)) {}
        drop(closed);
    });
    wait
}
