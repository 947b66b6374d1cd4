//! The public certificate authorities, by the organization names in their root certificates.
//!
//! The computer's own store cannot tell them apart: it trusts the root of a company or of a TLS inspection
//! program like any other. The list has organizations instead of single roots, because an authority issues
//! new roots, and an unknown name would accuse a host wrongly.

/// True for the organization of a public authority, or its common name if it has none.
pub(super) fn is_public(name: &str) -> bool {
    PUBLIC.contains(&name)
}

/// The organizations in the roots of Mozilla's Root Program (its list of included certificates; in Debian
/// the package `ca-certificates`), without those removed since. `Let's Encrypt` is not a root's name, but
/// the issuer that is visible if a host does not present its intermediate certificate.
/// docs/sources/platform.md#network
const PUBLIC: &[&str] = &[
    "ACCV",
    "ANF Autoridad de Certificacion",
    "Actalis S.p.A./03358520967",
    "AffirmTrust",
    "Agence Nationale de Certification Electronique",
    "Amazon",
    "Asseco Data Systems S.A.",
    "Atos",
    "Autoridad de Certificacion Firmaprofesional CIF A62634068",
    "Baltimore",
    "Buypass AS-983163327",
    "CERTSIGN SA",
    "COMODO CA Limited",
    "Certainly",
    "China Financial Certification Authority",
    "Chunghwa Telecom Co., Ltd.",
    "Comodo CA Limited",
    "D-Trust GmbH",
    "Deutsche Telekom Security GmbH",
    "Dhimyotis",
    "DigiCert Inc",
    "DigiCert, Inc.",
    "Disig a.s.",
    "Entrust, Inc.",
    "Entrust.net",
    "FNMT-RCM",
    "Firmaprofesional SA",
    "GUANG DONG CERTIFICATE AUTHORITY CO.,LTD.",
    "GlobalSign",
    "GlobalSign nv-sa",
    "GoDaddy.com, Inc.",
    "Google Trust Services LLC",
    "Hellenic Academic and Research Institutions CA",
    "Hellenic Academic and Research Institutions Cert. Authority",
    "Hongkong Post",
    "IZENPE S.A.",
    "IdenTrust",
    "Internet Security Research Group",
    "Japan Certification Services, Inc.",
    "Krajowa Izba Rozliczeniowa S.A.",
    "Let's Encrypt",
    "Microsec Ltd.",
    "Microsoft Corporation",
    "NAVER BUSINESS PLATFORM Corp.",
    "NetLock Kft.",
    "QuoVadis Limited",
    "SECOM Trust Systems CO.,LTD.",
    "SECOM Trust.net",
    "SSL Corporation",
    "Sectigo Limited",
    "SecureTrust Corporation",
    "Starfield Technologies, Inc.",
    "SwissSign AG",
    "T-Systems Enterprise Services GmbH",
    "TAIWAN-CA",
    "Telia Finland Oyj",
    "TeliaSonera",
    "The Go Daddy Group, Inc.",
    "The USERTRUST Network",
    "Trustwave Holdings, Inc.",
    "Turkiye Bilimsel ve Teknolojik Arastirma Kurumu - TUBITAK",
    "UniTrust",
    "Unizeto Technologies S.A.",
    "WISeKey",
    "XRamp Security Services Inc",
    "certSIGN",
    "e-commerce monitoring GmbH",
    "eMudhra Inc",
    "eMudhra Technologies Limited",
    "iTrusChina Co.,Ltd.",
];
