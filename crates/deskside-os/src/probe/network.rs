//! Probes the network interfaces.

use std::net::IpAddr;

use deskside_model::evidence::{Finding, Network};
use sysinfo::Networks;

/// The usable network interfaces; absent if there is none. Takes well under a millisecond.
#[must_use]
pub fn probe_network() -> Finding<Network> {
    let networks = match Networks::new_with_refreshed_list() {
        Ok(networks) if !networks.is_empty() => networks,
        Ok(_) => return Finding::Unknown("the list of network interfaces is empty".into()),
        Err(why) => return Finding::Unknown(why.to_string()),
    };
    let usable = |network: &&sysinfo::NetworkData| {
        network.ip_networks().iter().any(|address| is_routable(address.addr))
    };
    match networks.values().filter(usable).count() {
        0 => Finding::Absent,
        interfaces => Finding::Known(Network { interfaces }),
    }
}

/// False for loopback, and for the addresses that a computer assigns itself without a network.
/// docs/sources/platform.md#network
fn is_routable(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(ip) => !ip.is_loopback() && !ip.is_link_local() && !ip.is_unspecified(),
        IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unicast_link_local() && !ip.is_unspecified(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_and_link_local_addresses_do_not_count() {
        for alone in ["127.0.0.1", "169.254.7.9", "::1", "fe80::1", "0.0.0.0"] {
            assert!(!is_routable(alone.parse().unwrap()), "{alone}");
        }
        for real in ["10.0.0.7", "192.168.1.20", "2001:db8::7", "fd00::7"] {
            assert!(is_routable(real.parse().unwrap()), "{real}");
        }
    }
}
