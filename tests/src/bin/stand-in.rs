//! A process that does nothing until its standard input ends. It is copied under the name of a
//! program that cannot be had here.

use std::io::{Read, stdin};

fn main() -> std::io::Result<()> {
    stdin().read_to_end(&mut Vec::new()).map(drop)
}
