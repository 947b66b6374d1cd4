//! What the user asks a source to do with a connection: check it, stop it, remove it. One request at a time
//! for each connection.

use deskside_model::connection::Connection;
use deskside_model::exchange::{Source, Target};
use deskside_model::{ConnectionId, Severity};
use deskside_text as text;

use super::connections::Connections;
use super::notices::Notices;

/// The code of the notice that says that a connection is busy.
const BUSY: &str = "connection.busy";

/// Marks a connection as busy, unless it is busy already, and returns whom to ask.
pub(super) fn begin(
    id: &ConnectionId,
    connections: &mut Connections,
    notices: &mut Notices,
) -> Option<(Target, Connection)> {
    let connection = connections.connection(id).cloned()?;
    let asked = connections.asked(&connection)?;
    let state = connections.state_mut(id)?;
    if std::mem::replace(&mut state.busy, true) {
        notices.show(BUSY, Severity::Warning, text::connection_busy(&connection.name()));
        return None;
    }
    Some((asked, connection))
}

/// Marks a connection as no longer busy, and returns its source.
pub(super) fn end(
    id: &ConnectionId,
    connections: &mut Connections,
    notices: &mut Notices,
) -> Option<Source> {
    notices.remove(BUSY);
    connections.state_mut(id)?.busy = false;
    connections.source_of(connections.connection(id)?)
}
