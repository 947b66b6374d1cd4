//! Walks the way to a host once more, slowly: name, connection, certificate, answer. Nothing is sent
//! that is anybody's secret.

mod authorities;
mod chain;
mod fault;
mod head;
mod probe;

pub use probe::probe_host;

// An authority of the tests' own is injected into the verifier, for which Wine 8 has no means; the code
// is the same everywhere.
#[cfg(test)]
#[cfg(not(windows))]
mod tests;
