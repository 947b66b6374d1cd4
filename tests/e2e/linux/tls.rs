//! TLS with real certificates: Deskside talks only to servers that the computer trusts.

use deskside_tests::{
    Outcome, Output, Program, Sandbox, Stage, eventually, free_port, tool, until_listens,
};

use super::agree;

/// Makes an authority and a certificate for `localhost` that it signed.
fn certificates(stage: &Stage) -> Outcome {
    let extensions = "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n";
    std::fs::write(stage.scratch.join("leaf.ext"), extensions)?;
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    for (arguments, key) in [
        ("req -x509 -days 2 -subj /CN=authority -keyout ca.key -out ca.pem", &key[..]),
        ("req -subj /CN=localhost -keyout leaf.key -out leaf.csr", &key),
        (
            "x509 -req -days 2 -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial \
             -extfile leaf.ext -out leaf.pem",
            &[],
        ),
    ] {
        let mut make = stage.command(tool("openssl")?);
        make.args(arguments.split(' ')).args(key).current_dir(&stage.scratch);
        let made = Output::of(&mut make, "")?;
        assert_eq!(made.code, Some(0), "{made:?}");
    }
    Ok(())
}

/// Speaks TLS in front of the sandbox's backend; returns its address as links write it.
fn front(stage: &Stage, backend: &str) -> Outcome<(Program, String)> {
    let port = free_port()?;
    let behind = format!("TCP:{}", backend.trim_start_matches("http://"));
    let listen = format!(
        "OPENSSL-LISTEN:{port},bind=127.0.0.1,reuseaddr,fork,verify=0,cert={0}/leaf.pem,key={0}/leaf.key",
        stage.scratch.display()
    );
    let front = Program::start(stage.command(tool("socat")?).args([listen, behind]))?;
    until_listens("socat", port)?;
    Ok((front, format!("https%3A%2F%2Flocalhost%3A{port}")))
}

#[test]
fn enrollment_needs_a_server_with_a_trusted_certificate() -> Outcome {
    let mut stage = Stage::set_up()?;
    let sandbox = Sandbox::start()?;
    certificates(&stage)?;
    let (_front, backend) = front(&stage, &sandbox.ready.backend)?;
    let enrollment = sandbox.enrollment("Acme Books")?;
    let link = format!("deskside://enroll?backend={backend}&code={}", enrollment.code);

    // Given a computer that does not trust the authority, the code does not leave it
    let mut app = stage.app(&[&link])?;
    let page = stage.desktop.page()?;
    page.says("localhost")?;
    page.click("input[type=checkbox]")?;
    page.press("Link")?;
    page.says("does not answer")?;
    let requests = sandbox.get("/requests")?.to_string();
    assert!(!requests.contains("enrollments"), "{requests}");
    app.crash()?;

    // When it does trust it, and is ready for a link
    let _quickbooks = stage.quickbooks("QBW.EXE")?;
    let _web_connector = stage.web_connector()?;
    stage.desktop.trust(&stage.scratch.join("ca.pem"));
    let _app = stage.app(&[&link])?;
    let page = stage.desktop.page()?;
    agree(&page)?;

    // Then the device is made, and the link is fetched
    eventually("a link was fetched", || {
        let state = sandbox.get("/state")?;
        let count = |what: &str| state[what].as_array().map(Vec::len);
        Ok((count("devices") == Some(1) && count("sessions") == Some(1)).then_some(()))
    })
}
