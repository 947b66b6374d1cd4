//! Probes the route to a host step by step: name, connection, certificate, answer. Sends no secret.

mod authorities;
mod chain;
mod fault;
mod head;
mod probe;

// The tests inject their own authority into the verifier, which Wine 8 does not support; the code under
// test is the same on every platform.
#[cfg(test)]
#[cfg(not(windows))]
mod tests;
