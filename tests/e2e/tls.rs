//! TLS with real certificates: what the computer trusts is spoken to, and nobody else.

use std::path::Path;

use deskside_tests::{App, Desktop, Parts, Play, Sandbox, eventually, tool};
use tokio::net::TcpListener;

/// Makes an authority of its own and a certificate for `localhost` that it signed.
async fn certificates(desktop: &Desktop, folder: &Path) -> Play {
    std::fs::write(
        folder.join("leaf.ext"),
        "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n",
    )?;
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    let authority = [
        "req",
        "-x509",
        "-days",
        "2",
        "-subj",
        "/CN=Deskside test authority",
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
    ];
    let request = ["req", "-subj", "/CN=localhost", "-keyout", "leaf.key", "-out", "leaf.csr"];
    let signed = [
        "x509",
        "-req",
        "-days",
        "2",
        "-in",
        "leaf.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-extfile",
        "leaf.ext",
        "-out",
        "leaf.pem",
    ];
    for arguments in
        [[&authority[..], &key].concat(), [&request[..], &key].concat(), signed.to_vec()]
    {
        let made =
            desktop.command(tool("openssl")?).args(&arguments).current_dir(folder).output().await?;
        assert!(made.status.success(), "{made:?}");
    }
    Ok(())
}

/// Speaks TLS in front of the sandbox's backend; answers where.
async fn front(desktop: &mut Desktop, folder: &Path, backend: &str) -> Play<String> {
    let port = TcpListener::bind("127.0.0.1:0").await?.local_addr()?.port();
    let behind = backend.trim_start_matches("http://").to_owned();
    let listen = format!(
        "OPENSSL-LISTEN:{port},bind=127.0.0.1,reuseaddr,fork,verify=0,cert={0}/leaf.pem,key={0}/leaf.key",
        folder.display()
    );
    desktop.start(tool("socat")?, &[&listen, &format!("TCP:{behind}")])?;
    eventually("the front listens", async || {
        Ok(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok().map(drop))
    })
    .await?;
    Ok(format!("https%3A%2F%2Flocalhost%3A{port}"))
}

#[tokio::test]
async fn enrolment_goes_over_tls_to_a_trusted_server_and_to_no_other() -> Play {
    let mut desktop = Desktop::set_up(Parts::default()).await?;
    let sandbox = Sandbox::start().await?;
    let folder = desktop.backstage.clone();
    certificates(&desktop, &folder).await?;
    let backend = front(&mut desktop, &folder, &sandbox.ready.backend).await?;
    let enrollment = sandbox.enrollment("Acme Books").await?;
    let link = format!("deskside://enroll?backend={backend}&code={}", enrollment.code);

    // Given a computer that does not know the authority, the code does not leave it
    let mut app = App::start(&desktop, &[&link]).await?;
    let page = app.page(&desktop).await?;
    page.says("localhost").await?;
    page.click("input[type=checkbox]").await?;
    page.press("Link").await?;
    page.says("does not answer").await?;
    let requests = sandbox.get("/requests").await?.to_string();
    assert!(!requests.contains("enrollments"), "{requests}");
    app.crash().await?;

    // When it does know it, and is ready for a link
    let _quickbooks = desktop.stand_in("QBW.EXE")?;
    let _web_connector = desktop.stand_in("QBWebConnector.exe")?;
    desktop.trust(&folder.join("ca.pem"));
    let app = App::start(&desktop, &[&link]).await?;
    let page = app.page(&desktop).await?;
    page.click("input[type=checkbox]").await?;
    page.press("Link").await?;
    page.press("Yes, tell them").await?;

    // Then the device is made, and the link is fetched
    eventually("a link was fetched", async || {
        let state = sandbox.get("/state").await?;
        let count = |what: &str| state[what].as_array().map(Vec::len);
        Ok((count("devices") == Some(1) && count("sessions") == Some(1)).then_some(()))
    })
    .await
}
