//! How a link attempt is saved: flat, with every field optional, so that each version reads what another
//! one has saved.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::attempt::{AttemptOutcome, AttemptStage, KeptLink, LinkAttempt, LinkFacts};
use super::outcome::ReturnOutcome;
use super::profile::Provider;
use crate::AttemptId;

/// A [`LinkAttempt`] as saved.
#[derive(Serialize, Deserialize)]
struct SavedAttempt {
    id: AttemptId,
    stage: SavedStage,
    #[serde(default, alias = "print")]
    fingerprint: Option<String>,
    #[serde(default)]
    host: Option<String>,
    #[serde(default)]
    provider: Option<Provider>,
    #[serde(default)]
    in_vault: bool,
    #[serde(default)]
    brought_connection: bool,
    #[serde(default)]
    applications_before: Option<Vec<String>>,
    #[serde(default)]
    worked_before: bool,
    #[serde(default)]
    returns_with: Option<String>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum SavedStage {
    Agreed {
        at: Timestamp,
        until: Option<Timestamp>,
    },
    Fetching {
        at: Timestamp,
        #[serde(default)]
        until: Option<Timestamp>,
    },
    Opened {
        at: Timestamp,
        until: Option<Timestamp>,
    },
    Returned {
        at: Timestamp,
        outcome: ReturnOutcome,
    },
    Over {
        at: Timestamp,
        ending: AttemptOutcome,
    },
}

impl Serialize for LinkAttempt {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        SavedAttempt::from(self.clone()).serialize(to)
    }
}

impl<'de> Deserialize<'de> for LinkAttempt {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        SavedAttempt::deserialize(from).map(Self::from)
    }
}

impl SavedAttempt {
    /// What is known of the link. The command line did not always save a fingerprint; an empty one
    /// matches no link.
    fn link(&mut self, until: Option<Timestamp>) -> Option<LinkFacts> {
        Some(LinkFacts {
            host: self.host.take()?,
            provider: self.provider?,
            fingerprint: self.fingerprint.take().unwrap_or_default(),
            until,
            returns_with: self.returns_with.take(),
        })
    }

    fn kept(&mut self, until: Option<Timestamp>) -> Option<KeptLink> {
        let brought_connection = self.brought_connection;
        let link = if self.in_vault { self.link(until) } else { None };
        link.map(|link| KeptLink { link, brought_connection })
    }
}

impl From<SavedAttempt> for LinkAttempt {
    fn from(mut saved: SavedAttempt) -> Self {
        let stage = match saved.stage {
            SavedStage::Agreed { at, until } => {
                AttemptStage::Agreed { at, kept: saved.kept(until) }
            }
            SavedStage::Fetching { at, until } => {
                AttemptStage::Fetching { at, kept: saved.kept(until) }
            }
            SavedStage::Opened { at, until } => match saved.link(until) {
                Some(link) => AttemptStage::Opened {
                    at,
                    link,
                    applications_before: saved.applications_before,
                },
                // Nothing tells which link it was, so nothing can confirm it.
                None => AttemptStage::Over {
                    at,
                    ending: AttemptOutcome::Unconfirmed,
                    fingerprint: saved.fingerprint,
                    brought_connection: false,
                },
            },
            SavedStage::Returned { at, outcome } => AttemptStage::Returned {
                at,
                outcome,
                fingerprint: saved.fingerprint.unwrap_or_default(),
                applications_before: saved.applications_before,
            },
            SavedStage::Over { at, ending } => AttemptStage::Over {
                at,
                ending,
                fingerprint: saved.fingerprint,
                brought_connection: saved.brought_connection,
            },
        };
        Self { id: saved.id, worked_before: saved.worked_before, stage }
    }
}

impl From<LinkAttempt> for SavedAttempt {
    fn from(attempt: LinkAttempt) -> Self {
        let until = attempt.runs_out();
        let link = attempt.link().cloned();
        let stage = match attempt.stage {
            AttemptStage::Agreed { at, .. } => SavedStage::Agreed { at, until },
            AttemptStage::Fetching { at, .. } => SavedStage::Fetching { at, until },
            AttemptStage::Opened { at, .. } => SavedStage::Opened { at, until },
            AttemptStage::Returned { at, outcome, .. } => SavedStage::Returned { at, outcome },
            AttemptStage::Over { at, ending, .. } => SavedStage::Over { at, ending },
        };
        Self {
            stage,
            fingerprint: attempt.fingerprint().map(str::to_owned),
            in_vault: attempt.kept().is_some(),
            brought_connection: attempt.brought_connection(),
            applications_before: attempt.applications_before().map(<[String]>::to_vec),
            worked_before: attempt.worked_before,
            host: link.as_ref().map(|link| link.host.clone()),
            provider: link.as_ref().map(|link| link.provider),
            returns_with: link.and_then(|link| link.returns_with),
            id: attempt.id,
        }
    }
}
