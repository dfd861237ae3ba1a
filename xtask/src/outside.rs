//! Nothing that tests start speaks to anybody but this machine: while they run, the kernel is asked for the connections of
//! every process below this one, emulator and functions included.
//!
//! Looked at is what a process holds open, again and again; a connection that lives for less than a look may be missed, a
//! handshake with a server far away does not. Where the kernel tells no connections nothing is watched (Linux does).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::failure::{Failure, Result};

/// The kernel writes all connections anew for each look, thousands of them beside a stack: five looks a second took a tenth of a
/// processor.
const LOOK: Duration = Duration::from_secs(1);
const TABLES: [&str; 4] = ["tcp", "tcp6", "udp", "udp6"];
/// What may look elsewhere: Terraform asks its registry for the provider where none is installed.
const MAY: [&str; 1] = ["terraform"];

/// Looks on until it is asked what it has seen.
#[derive(Debug)]
pub(crate) struct Lookout {
    end: Sender<()>,
    looking: JoinHandle<BTreeSet<String>>,
}

impl Lookout {
    /// From now on, at this process and all below it.
    pub(crate) fn begin() -> Self {
        Self::beyond(is_here)
    }

    fn beyond(is_here: fn(IpAddr) -> bool) -> Self {
        let (end, ended) = channel();
        let looking = thread::spawn(move || look_until(&ended, is_here));
        Self { end, looking }
    }

    /// # Errors
    /// Where any of them has, or had, a connection that is not to this machine.
    pub(crate) fn end(self) -> Result<()> {
        drop(self.end);
        let seen = self.looking.join().map_err(|_| Failure::new("who looked at connections has failed".to_owned()))?;
        if seen.is_empty() {
            return Ok(());
        }
        let all: Vec<String> = seen.into_iter().collect();
        Err(Failure::new(format!("tests have spoken to somebody outside of this machine: {}", all.join(", ")))
            .next("let it ask what stands in on loopback, or nothing"))
    }
}

/// Who has spoken to whom, as `order-executor -> 192.0.2.1:443`. What is still open at the end is always seen.
fn look_until(ended: &Receiver<()>, is_here: fn(IpAddr) -> bool) -> BTreeSet<String> {
    let (mut seen, mut others) = (BTreeSet::new(), BTreeSet::new());
    loop {
        let over = ended.recv_timeout(LOOK) != Err(RecvTimeoutError::Timeout);
        look(is_here, &mut seen, &mut others);
        if over {
            return seen;
        }
    }
}

/// `others` are sockets that none of ours holds: they are not looked for again.
fn look(is_here: fn(IpAddr) -> bool, seen: &mut BTreeSet<String>, others: &mut BTreeSet<u64>) {
    let outside: BTreeMap<u64, SocketAddr> = TABLES
        .iter()
        .filter_map(|table| fs::read_to_string(format!("/proc/self/net/{table}")).ok())
        .flat_map(|table| table.lines().filter_map(held).collect::<Vec<_>>())
        .filter(|(socket, to)| !others.contains(socket) && !is_here(to.ip().to_canonical()))
        .collect();
    if outside.is_empty() {
        return;
    }
    let ours: BTreeMap<u64, u32> = below(std::process::id()).into_iter().flat_map(sockets).collect();
    for (socket, to) in outside {
        match ours.get(&socket) {
            Some(pid) => {
                let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
                if !MAY.iter().any(|may| name.starts_with(may)) {
                    seen.insert(format!("{} -> {to}", name.trim()));
                }
            }
            None => _ = others.insert(socket),
        }
    }
}

fn is_here(ip: IpAddr) -> bool {
    ip.is_loopback() || ip.is_unspecified()
}

/// Of a row of the kernel's table: the socket and the other end, where somebody holds it. Most rows of a busy machine are
/// of connections that are over, thousands of them.
fn held(row: &str) -> Option<(u64, SocketAddr)> {
    let mut fields = row.split_ascii_whitespace().skip(2);
    let to = fields.next()?;
    let socket: u64 = fields.nth(6)?.parse().ok().filter(|socket| *socket != 0)?;
    Some((socket, address(to)?))
}

/// `0100007F:1F90`: each word of an address in the machine's own order, and the port.
fn address(text: &str) -> Option<SocketAddr> {
    let (ip, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let words: Option<Vec<u32>> =
        (0..ip.len() / 8).map(|at| u32::from_str_radix(ip.get(at * 8..at * 8 + 8)?, 16).ok()).collect();
    let bytes: Vec<u8> = words?.into_iter().flat_map(u32::to_ne_bytes).collect();
    let ip = match <[u8; 4]>::try_from(&*bytes) {
        Ok(four) => IpAddr::from(four),
        Err(_) => IpAddr::from(Ipv6Addr::from(<[u8; 16]>::try_from(&*bytes).ok()?)),
    };
    Some(SocketAddr::new(ip, port))
}

/// This process and every one that it has started, or one of those.
fn below(root: u32) -> Vec<u32> {
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let parents: Vec<(u32, u32)> = pids.filter_map(|pid| Some((pid, parent(pid)?))).collect();
    let mut below = vec![root];
    let mut at = 0;
    while let Some(pid) = below.get(at).copied() {
        below.extend(parents.iter().filter(|(_, parent)| *parent == pid).map(|(child, _)| *child));
        at += 1;
    }
    below
}

/// The name before it may hold anything, brackets too.
fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

fn sockets(pid: u32) -> Vec<(u64, u32)> {
    let open = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    let held = open.filter_map(|entry| {
        let name = fs::read_link(entry.path()).ok()?;
        let socket = name.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?;
        Some((socket.parse().ok()?, pid))
    });
    held.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};

    #[test]
    fn a_row_tells_of_another_machine_or_of_this_one() {
        let row = |to: &str, socket: &str| {
            format!("   0: 0100007F:1F90 {to} 01 00000000:00000000 00:00000000 00000000     0        0 {socket} 1")
        };
        let told = |to: &str| {
            let (socket, to) = held(&row(to, "77")).unwrap();
            (socket, to.to_string(), is_here(to.ip().to_canonical()))
        };
        if cfg!(target_endian = "little") {
            assert_eq!(told("010200C0:01BB"), (77, "192.0.2.1:443".to_owned(), false));
            assert_eq!(told("B80D0120000000000000000001000000:01BB"), (77, "[2001:db8::1]:443".to_owned(), false));
            for here in
                ["0100007F:01BB", "0000000000000000FFFF00000100007F:01BB", "00000000000000000000000001000000:0050"]
            {
                assert!(told(here).2, "{here}");
            }
        }
        assert!(told("00000000:0000").2, "it listens");
        assert_eq!(held(&row("010200C0:01BB", "0")), None, "it is over, and nobody's");
        assert_eq!(held("  sl  local_address rem_address   st"), None);
    }

    /// To the last lookout everybody is somebody else: those that watch the tests themselves see no other than loopback.
    #[test]
    fn whoever_speaks_to_another_address_is_seen_and_who_speaks_to_loopback_is_not() {
        let spoken_to = |lookout: Lookout| {
            let server = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = server.local_addr().unwrap();
            let _spoken = TcpStream::connect(address).unwrap();
            (address.to_string(), lookout.end())
        };
        // Other tests of this program speak to nobody outside.
        spoken_to(Lookout::begin()).1.unwrap();
        let (address, told) = spoken_to(Lookout::beyond(|ip| ip.is_unspecified()));
        let told = told.map_err(|seen| seen.to_string());
        let kernel = || fs::read_to_string("/proc/self/net/tcp");
        assert!(told.as_ref().is_err_and(|seen| seen.contains(&address)), "{address}: {told:?} of {:?}", kernel());
    }
}
