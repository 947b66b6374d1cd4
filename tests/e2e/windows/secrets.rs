//! What Deskside keeps in the Credential Manager, and how.

use deskside_tests::{Outcome, Stage, credential, credentials};

/// The most that the Credential Manager accepts, in bytes.
const MOST: usize = 2560;

#[test]
fn a_secret_stays_on_this_computer_under_its_name() -> Outcome {
    let stage = Stage::set_up()?;
    let set = stage.cli_with(&["secret", "set", "direct/one/key"], "sk_ключ €\r\n")?;
    assert_eq!((set.code, set.out.as_str()), (Some(0), ""), "{set:?}");
    let kept = credential("com.deskside.companion/direct/one/key")?.ok_or("it is not there")?;
    assert!(kept.is_local, "it travels with the profile");
    assert_eq!(kept.secret, "sk_ключ €".as_bytes());

    assert_eq!(stage.cli(&["secret", "delete", "direct/one/key"])?.code, Some(0));
    assert_eq!(credentials()?, []);
    // Deleting it again is no error.
    assert_eq!(stage.cli(&["secret", "delete", "direct/one/key"])?.code, Some(0));
    Ok(())
}

#[test]
fn the_longest_secret_is_kept_and_longer_ones_are_refused() -> Outcome {
    let stage = Stage::set_up()?;
    let longest = "k".repeat(MOST);
    assert_eq!(stage.cli_with(&["secret", "set", "long"], &longest)?.code, Some(0));
    let kept = || credential("com.deskside.companion/long");
    assert_eq!(kept()?.ok_or("it is not there")?.secret, longest.as_bytes());

    let longer = "x".repeat(MOST + 1);
    let refused = stage.cli_with(&["secret", "set", "long"], &longer)?;
    assert_eq!(refused.code, Some(2));
    let complaint = refused.err;
    assert!(complaint.contains("the secret is longer than 2560 bytes"), "{complaint}");
    assert!(!complaint.contains("xxx"), "the secret is in the message");
    // And the old value is still there.
    assert_eq!(kept()?.ok_or("it is gone")?.secret, longest.as_bytes());
    Ok(())
}

#[test]
fn checking_the_vault_leaves_nothing_behind() -> Outcome {
    let stage = Stage::set_up()?;
    let seen = stage.cli(&["diagnose", "--print-evidence"])?.json()?;
    assert_eq!(seen["vault"], "working");
    assert_eq!(credentials()?, []);
    Ok(())
}
