//! QuickBooks Desktop and its Web Connector as they look from outside.
//!
//! Neither can be had where this project is built. So small programs are started under their true
//! names and show what Deskside looks at: processes, window classes and titles, disabled frames,
//! password fields, hung windows, registry values and `QWCLog.txt`. They do nothing on their own:
//! whoever started one gives it [`orders`], one JSON document per line of its standard input, and
//! gets one line back for each, so that no test has to sleep. When the input ends, the program
//! ends: none outlives its starter.
//!
//! What is shown follows Intuit's public documents and public log excerpts. Nobody here has seen
//! the real programs run: a form that no source shows is marked "assumed" where it is written.

pub mod connector;
pub mod day;
pub mod desktop;
pub mod log;
pub mod orders;
pub mod player;
pub mod run;
pub mod serve;
pub mod settings;
