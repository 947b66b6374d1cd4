//! Outside Windows, the fake QuickBooks is a process without windows that rejects most orders.

#![cfg(not(windows))]

use std::path::Path;

use deskside_fake_quickbooks::orders::{QuickBooksOrder, Shown};
use deskside_fake_quickbooks::player::{Part, Player};

#[test]
fn without_windows_it_refuses_to_show_but_exits_on_order() {
    let folder = tempfile::tempdir().unwrap();
    let built = Path::new(env!("CARGO_BIN_EXE_fake-quickbooks")).parent().unwrap();
    let program = Part::QuickBooks.copy(built, folder.path(), "QBW.EXE").unwrap();
    let mut player = Player::start(&program, ["-Embedding"]).unwrap();
    let main = QuickBooksOrder::Main { title: "Larch LLC".into(), shown: Shown::Open };
    let error = player.obey(&main).unwrap_err().to_string();
    assert!(error.contains("on Windows only"), "{error}");
    player.obey(&QuickBooksOrder::Exit { code: 3 }).unwrap();
    assert_eq!(player.end().unwrap().code(), Some(3));
}
