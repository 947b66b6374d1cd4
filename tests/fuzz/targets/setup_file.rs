//! Searches for input that breaks the property of the same name.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| deskside_fuzz::setup_file(input));
