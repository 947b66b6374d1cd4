//! Log records as the Web Connector writes them.

pub const SOAP: &str = "QBWebConnector.SOAPWebService";
pub const SET_LOCK: &str = "QBWebConnector.RegistryManager.setUpdateLock()";

/// A record at this second of one minute.
pub fn at(second: u32, method: &str, text: &str) -> String {
    format!("20260505.13:07:{second:02} UTC\t: {method} : {text}\r\n")
}

/// A record of a run's own methods.
pub fn soap(method: &str, text: &str) -> String {
    at(2, &format!("{SOAP}.{method}()"), text)
}

pub fn start(app: &str) -> String {
    let text = format!("Performing SCHEDULED UPDATE for application = {app}");
    let stars = "*".repeat(21);
    let locked = at(1, SET_LOCK, &format!("{stars} Update session locked {stars}"));
    at(1, "UpdateThisScheduledApp()", &text) + &locked
}

pub fn ask(app: &str) -> String {
    let text = format!("Authenticating to application '{app}', username = 'larch-user'");
    soap("do_authenticate", &text)
}

pub fn answer(ticket: &str, work: &str) -> String {
    let text = format!(
        "Received from authenticate() following parameters:<authRet[0]=\"{ticket}\"><authRet[1]=\"{work}\"><authRet[2]=\"\">"
    );
    soap("do_authenticate", &text)
}

/// One request that QuickBooks answers.
pub fn work() -> String {
    soap("do_sendRequestXML", "Request xml received.")
        + &soap("ProcessRequestXML", "Processing request #1")
        + &soap("ProcessRequestXML", "Response received from QuickBooks: size (bytes) = 3")
}

pub fn close() -> String {
    soap("DisconnectFromQB", "Ending session to QuickBooks.")
        + &soap("DisconnectFromQB", "Session ended and connection closed")
        + &soap("do_closeConnection", "Response received from application = OK")
}

pub fn unlock() -> String {
    let stars = "*".repeat(21);
    at(9, SET_LOCK, &format!("{stars} Update session unlocked {stars}"))
}
