//! IP addresses and ranges in CIDR notation.

use super::Truth;
use std::net::IpAddr;

/// Whether a range (`203.0.113.0/24`, `2001:db8::/32`; without a length one address) holds an address. An IPv4 address
/// never lies in an IPv6 range. Unknown if the range is none.
pub(super) fn contains(range: &str, address: &str) -> Truth {
    let Some((network, length)) = parse(range) else { return Truth::Maybe };
    let Ok(address) = address.parse::<IpAddr>() else { return Truth::No };
    let (network_bits, size) = bits(network);
    let (address_bits, address_size) = bits(address);
    let differing = u32::from(size - length);
    let same = |shift| network_bits.checked_shr(shift).unwrap_or(0) == address_bits.checked_shr(shift).unwrap_or(0);
    (size == address_size && same(differing)).into()
}

/// The network and the length of its prefix.
pub(crate) fn parse(range: &str) -> Option<(IpAddr, u8)> {
    let (network, length) = match range.split_once('/') {
        Some((network, length)) => (network.parse::<IpAddr>().ok()?, Some(length)),
        None => (range.parse::<IpAddr>().ok()?, None),
    };
    let (_, size) = bits(network);
    let length = match length {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
        Some(_) => return None,
        None => size,
    };
    (length <= size).then_some((network, length))
}

/// The address as a number, and how many bits it has.
fn bits(address: IpAddr) -> (u128, u8) {
    match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_addresses() {
        for (range, address, expected) in [
            ("203.0.113.0/24", "203.0.113.255", Truth::Yes),
            ("203.0.113.0/24", "203.0.114.0", Truth::No),
            ("203.0.113.77/24", "203.0.113.1", Truth::Yes),
            ("203.0.113.7", "203.0.113.7", Truth::Yes),
            ("203.0.113.7", "203.0.113.8", Truth::No),
            ("0.0.0.0/0", "198.51.100.1", Truth::Yes),
            ("0.0.0.0/0", "2001:db8::1", Truth::No),
            ("::/0", "198.51.100.1", Truth::No),
            ("::/0", "2001:db8::1", Truth::Yes),
            ("2001:DB8::/32", "2001:db8:ffff::1", Truth::Yes),
            ("2001:db8::/127", "2001:db8::2", Truth::No),
            ("203.0.113.0/33", "203.0.113.0", Truth::Maybe),
            ("203.0.113.0/+8", "203.0.113.0", Truth::Maybe),
            ("203.0.113.0/", "203.0.113.0", Truth::Maybe),
            ("203.0.113", "203.0.113.0", Truth::Maybe),
            ("203.0.113.0/24", "not an address", Truth::No),
        ] {
            assert_eq!(contains(range, address), expected, "{address} in {range}");
        }
    }
}
