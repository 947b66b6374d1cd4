//! QuickBooks Desktop and its Web Connector as they look from outside.
//!
//! Neither is available where this project is built. Small programs therefore run under the real
//! names and show what Deskside observes: processes, window classes and titles, disabled frames,
//! password fields, hung windows, registry values and `QWCLog.txt`. They do nothing by themselves:
//! they read [`orders`], one JSON document per line of standard input, and answer each with one
//! line, so that no test has to sleep. A program exits when its standard input closes, so none
//! outlives its parent.
//!
//! Everything follows Intuit's public documentation and public log excerpts. Nobody here has seen
//! the real programs run: what no source shows is marked "Assumed".

pub mod connector;
pub mod day;
pub mod desktop;
pub mod log;
pub mod orders;
pub mod player;
pub mod run;
pub mod serve;
pub mod settings;
