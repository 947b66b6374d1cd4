//! What is kept in the Credential Manager, and how.

use deskside_windows_tests::{Play, Stage, credential, credentials};

/// What the Credential Manager takes, in bytes.
const MOST: usize = 2560;

#[test]
fn a_secret_stays_on_this_computer_under_a_name_that_can_be_found() -> Play {
    let stage = Stage::set_up()?;
    let set = stage.cli_with(&["secret", "set", "direct/one/key"], "sk_ключ €\r\n".as_bytes())?;
    assert_eq!((set.code, set.text()?), (Some(0), ""), "{set:?}");
    let kept = credential("com.deskside.companion/direct/one/key")?.ok_or("it is not there")?;
    assert!(kept.is_local, "it travels with the profile");
    assert_eq!(kept.secret, "sk_ключ €".as_bytes());

    assert_eq!(stage.cli(&["secret", "delete", "direct/one/key"])?.code, Some(0));
    assert_eq!(credentials()?, []);
    // Once more is no mistake.
    assert_eq!(stage.cli(&["secret", "delete", "direct/one/key"])?.code, Some(0));
    Ok(())
}

#[test]
fn the_longest_secret_is_kept_and_a_longer_one_is_refused_in_words() -> Play {
    let stage = Stage::set_up()?;
    let longest = "k".repeat(MOST);
    assert_eq!(stage.cli_with(&["secret", "set", "long"], longest.as_bytes())?.code, Some(0));
    let kept = || credential("com.deskside.companion/long");
    assert_eq!(kept()?.ok_or("it is not there")?.secret, longest.as_bytes());

    let longer = "x".repeat(MOST + 1);
    let refused = stage.cli_with(&["secret", "set", "long"], longer.as_bytes())?;
    assert_eq!(refused.code, Some(2));
    let complaint = refused.complaint()?;
    assert!(complaint.contains("the secret is longer than 2560 bytes"), "{complaint}");
    assert!(!complaint.contains("xxx"), "the secret is in the message");
    // And what was there is there.
    assert_eq!(kept()?.ok_or("it is gone")?.secret, longest.as_bytes());
    Ok(())
}

#[test]
fn looking_whether_the_vault_works_leaves_nothing_behind() -> Play {
    let stage = Stage::set_up()?;
    let seen = stage.cli(&["diagnose", "--print-evidence"])?.json()?;
    assert_eq!(seen["vault"], "working");
    assert_eq!(credentials()?, []);
    Ok(())
}
