//! What the sandbox promises to the tests that stand on it. Each test starts a sandbox of its own and speaks HTTP, as
//! every user of the sandbox does.

#[cfg(test)]
mod backend;
#[cfg(test)]
mod codat;
#[cfg(test)]
mod codat_links;
#[cfg(test)]
mod conductor;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod links;
#[cfg(test)]
mod program;
#[cfg(test)]
mod reports;
