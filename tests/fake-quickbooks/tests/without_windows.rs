//! Where there are no windows to show, the fake QuickBooks is still a process that says so.

#![cfg(not(windows))]

use std::path::Path;

use deskside_fake_quickbooks::orders::{QuickBooksOrder, Shown};
use deskside_fake_quickbooks::player::{Part, Player};

#[test]
fn it_refuses_to_show_anything_and_ends_as_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let built = Path::new(env!("CARGO_BIN_EXE_fake-quickbooks")).parent().unwrap();
    let program = Part::QuickBooks.copy(built, folder.path(), "QBW.EXE").unwrap();
    let mut player = Player::start(&program, ["-Embedding"]).unwrap();
    let main = QuickBooksOrder::Main { title: "Larch LLC".into(), shown: Shown::Open };
    let refused = player.obey(&main).unwrap_err().to_string();
    assert!(refused.contains("on Windows only"), "{refused}");
    player.obey(&QuickBooksOrder::Exit { code: 3 }).unwrap();
    assert_eq!(player.end().unwrap().code(), Some(3));
}
