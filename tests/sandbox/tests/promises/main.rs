//! The behavior that users of the sandbox rely on. Each test starts a sandbox of its own and uses it over HTTP, as its
//! users do.

#[cfg(test)]
mod backend;
#[cfg(test)]
mod codat;
#[cfg(test)]
mod codat_links;
#[cfg(test)]
mod conductor;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod links;
#[cfg(test)]
mod program;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod reports;
