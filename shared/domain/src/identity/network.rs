//! From where a program may ask.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// Addresses with a common beginning: `203.0.113.0/24`, `2001:db8::/32`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Network {
    first: IpAddr,
    bits: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an address or a network such as 203.0.113.0/24 or 2001:db8::/32, with no bit after its length set")]
pub struct BadNetwork;

impl Network {
    /// Where somebody is who asks from there: one address, or of those of the longer kind the network that a household has.
    pub fn around(address: IpAddr) -> Self {
        Self::of(address, 32, 64)
    }

    /// As much of an address as tells people where it is, and not whose: 256 of the shorter kind, a provider's customer of
    /// the longer one.
    pub fn coarse(address: IpAddr) -> Self {
        Self::of(address, 24, 48)
    }

    fn of(address: IpAddr, bits_v4: u32, bits_v6: u32) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => {
                let bits = address.to_bits().checked_shr(32_u32.saturating_sub(bits_v4)).unwrap_or(0);
                let first = bits.checked_shl(32_u32.saturating_sub(bits_v4)).unwrap_or(0);
                Self { first: IpAddr::V4(first.into()), bits: bits_v4 }
            }
            IpAddr::V6(address) => {
                Self { first: IpAddr::V6(masked(address.to_bits(), 128, bits_v6).into()), bits: bits_v6 }
            }
        }
    }

    /// An address of the other kind that stands for one of this kind is one of this kind.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (first, given) = (self.first.to_canonical(), address.to_canonical());
        match (first, given) {
            (IpAddr::V4(first), IpAddr::V4(given)) => {
                masked(given.to_bits().into(), 32, self.bits) == first.to_bits().into()
            }
            (IpAddr::V6(first), IpAddr::V6(given)) => masked(given.to_bits(), 128, self.bits) == first.to_bits(),
            _ => false,
        }
    }
}

/// The first `bits` of so many, and zeros.
fn masked(value: u128, width: u32, bits: u32) -> u128 {
    let dropped = width.saturating_sub(bits);
    value.checked_shr(dropped).and_then(|kept| kept.checked_shl(dropped)).unwrap_or(0)
}

impl FromStr for Network {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| BadNetwork)?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            None => width,
            Some(bits) if bits.len() <= 3 && bits.bytes().all(|b| b.is_ascii_digit()) => {
                bits.parse().map_err(|_| BadNetwork)?
            }
            Some(_) => return Err(BadNetwork),
        };
        // What stands for an address of the other kind would be compared with the wrong length.
        let network = Self { first: address, bits };
        let whole = bits <= width && address.to_canonical() == address && network.contains(address);
        if whole { Ok(network) } else { Err(BadNetwork) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_the_addresses_that_begin_as_it_does() {
        let check = |network: &str, address: &str, holds: bool| {
            let read: Network = network.parse().unwrap();
            assert_eq!(read.contains(address.parse().unwrap()), holds, "{network} {address}");
            assert_eq!(read.to_string().parse(), Ok(read));
        };
        check("203.0.113.0/24", "203.0.113.255", true);
        check("203.0.113.0/24", "203.0.114.0", false);
        check("203.0.113.7", "203.0.113.7", true);
        check("203.0.113.7", "203.0.113.6", false);
        check("203.0.113.0/24", "::ffff:203.0.113.9", true);
        check("0.0.0.0/0", "192.0.2.1", true);
        check("0.0.0.0/0", "2001:db8::1", false);
        check("2001:db8::/32", "2001:db8:ffff::1", true);
        check("2001:db8::/32", "2001:db9::", false);
        check("::/0", "2001:db9::", true);
    }

    #[test]
    fn a_household_is_one_address_or_a_network_of_the_longer_kind() {
        for (address, around, coarse) in [
            ("203.0.113.7", "203.0.113.7/32", "203.0.113.0/24"),
            ("::ffff:203.0.113.7", "203.0.113.7/32", "203.0.113.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ] {
            let address = address.parse().unwrap();
            assert_eq!(Network::around(address).to_string(), around);
            assert_eq!(Network::coarse(address).to_string(), coarse);
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for wrong in [
            "",
            "x",
            "203.0.113.1/24",
            "203.0.113.0/33",
            "203.0.113.0/",
            "203.0.113.0/+8",
            "2001:db8::1/32",
            "1.2.3",
            "::ffff:1.2.3.0/120",
            "::/129",
        ] {
            assert_eq!(wrong.parse::<Network>(), Err(BadNetwork), "{wrong}");
        }
    }
}
