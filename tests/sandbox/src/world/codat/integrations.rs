//! The integrations of this sandbox's Codat: enabled and disabled ones of several kinds, so that a client that filters
//! too little fails. Keys and names of the first four are Codat's; the others are invented.

use serde::{Serialize, Serializer};

/// One integration, identified by its key.
#[derive(Debug)]
pub struct Integration {
    /// Four lowercase letters: the `platformKey`.
    pub key: &'static str,
    pub name: &'static str,
    pub source_type: &'static str,
    pub enabled: bool,
    /// Runs on the customer's computer.
    pub offline: bool,
    pub id: &'static str,
    pub source_id: &'static str,
    pub data_types: &'static [&'static str],
}

impl Integration {
    pub fn of(key: &str) -> Option<&'static Self> {
        INTEGRATIONS.iter().find(|it| it.key == key)
    }
}

/// Serialized as its key.
impl Serialize for Integration {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.key)
    }
}

/// The key of QuickBooks Desktop.
pub const QUICKBOOKS_DESKTOP: &str = "pqsw";

const ACCOUNTING: &[&str] = &[
    "accountTransactions",
    "balanceSheet",
    "bankAccounts",
    "billPayments",
    "bills",
    "chartOfAccounts",
    "company",
    "creditNotes",
    "customers",
    "invoices",
    "items",
    "journalEntries",
    "payments",
    "profitAndLoss",
    "suppliers",
    "taxRates",
];
const BANKING: &[&str] = &["banking-accounts", "banking-transactions"];
const COMMERCE: &[&str] = &["commerce-companyInfo", "commerce-orders", "commerce-payments"];

pub static INTEGRATIONS: &[Integration] = &[
    Integration {
        key: QUICKBOOKS_DESKTOP,
        name: "QuickBooks Desktop",
        source_type: "Accounting",
        enabled: true,
        offline: true,
        id: "3f6b1a52-6a5e-4d0c-9b0e-0c7a51f4d001",
        source_id: "9d2c7e10-1b64-4f63-8a39-5f1c2b7ad001",
        data_types: ACCOUNTING,
    },
    Integration {
        key: "qhyg",
        name: "QuickBooks Online",
        source_type: "Accounting",
        enabled: true,
        offline: false,
        id: "3f6b1a52-6a5e-4d0c-9b0e-0c7a51f4d002",
        source_id: "9d2c7e10-1b64-4f63-8a39-5f1c2b7ad002",
        data_types: ACCOUNTING,
    },
    Integration {
        key: "hbql",
        name: "Sage 50 (UK)",
        source_type: "Accounting",
        enabled: false,
        offline: true,
        id: "3f6b1a52-6a5e-4d0c-9b0e-0c7a51f4d003",
        source_id: "9d2c7e10-1b64-4f63-8a39-5f1c2b7ad003",
        data_types: ACCOUNTING,
    },
    Integration {
        key: "mqjo",
        name: "Codat Sandbox",
        source_type: "Accounting",
        enabled: false,
        offline: false,
        id: "3f6b1a52-6a5e-4d0c-9b0e-0c7a51f4d004",
        source_id: "9d2c7e10-1b64-4f63-8a39-5f1c2b7ad004",
        data_types: ACCOUNTING,
    },
    Integration {
        key: "sbnk",
        name: "Sandbox Bank",
        source_type: "Banking",
        enabled: true,
        offline: false,
        id: "3f6b1a52-6a5e-4d0c-9b0e-0c7a51f4d005",
        source_id: "9d2c7e10-1b64-4f63-8a39-5f1c2b7ad005",
        data_types: BANKING,
    },
    Integration {
        key: "sshp",
        name: "Sandbox Shop",
        source_type: "Commerce",
        enabled: true,
        offline: false,
        id: "3f6b1a52-6a5e-4d0c-9b0e-0c7a51f4d006",
        source_id: "9d2c7e10-1b64-4f63-8a39-5f1c2b7ad006",
        data_types: COMMERCE,
    },
];
