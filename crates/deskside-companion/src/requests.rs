//! What the user asks a source to do with a connection: check it, stop it, remove it. One request at a time
//! for each connection.

use deskside_model::connection::Connection;
use deskside_model::exchange::{Source, Target};
use deskside_model::{ConnectionId, Severity};
use deskside_text as text;

use super::connections::Connections;
use super::notices::Notices;

/// The code of the notice that says that an earlier request is not answered yet.
const BUSY: &str = "connection.busy";

/// Begins a request, unless an earlier one is not answered yet, and returns whom to ask.
pub(super) fn begin(
    id: &ConnectionId,
    connections: &mut Connections,
    notices: &mut Notices,
) -> Option<(Target, Connection)> {
    let connection = connections.connection(id).cloned()?;
    let asked = connections.asked(&connection)?;
    let state = connections.state_mut(id)?;
    if std::mem::replace(&mut state.has_request, true) {
        notices.show(BUSY, Severity::Warning, text::connection_busy(&connection.name()));
        return None;
    }
    Some((asked, connection))
}

/// Ends the request, and returns the source of the connection.
pub(super) fn end(
    id: &ConnectionId,
    connections: &mut Connections,
    notices: &mut Notices,
) -> Option<Source> {
    notices.remove(BUSY);
    connections.state_mut(id)?.has_request = false;
    connections.source_of(connections.connection(id)?)
}
