//! The end of a process in the middle of its request.

use std::io;
use std::net::SocketAddr;

/// Kills whoever holds the other end of a connection, without a word; not this process.
#[cfg(target_os = "linux")]
pub(super) fn whoever_asks_from(peer: SocketAddr) -> io::Result<()> {
    use rustix::process::{Pid, Signal, kill_process};
    for holder in holders(peer).map_err(io::Error::other)? {
        let pid = Pid::from_raw(holder).ok_or_else(|| io::Error::other("no process has this id"))?;
        kill_process(pid, Signal::KILL)?;
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
pub(super) fn whoever_asks_from(_: SocketAddr) -> io::Result<()> {
    Err(io::Error::other("who holds a connection is known on Linux alone"))
}

/// Other processes that hold a socket at this address.
#[cfg(target_os = "linux")]
fn holders(at: SocketAddr) -> procfs::ProcResult<Vec<i32>> {
    use procfs::net::{tcp, tcp6};
    use procfs::process::{FDTarget, Process, all_processes};
    // One may be written as IPv6 what the other writes as IPv4.
    let is_there = |local: SocketAddr| local.port() == at.port() && local.ip().to_canonical() == at.ip().to_canonical();
    let sockets: Vec<u64> = tcp()?
        .into_iter()
        .chain(tcp6()?)
        .filter(|socket| is_there(socket.local_address))
        .map(|socket| socket.inode)
        .collect();
    let holds = |process: &Process| {
        // One that has ended meanwhile holds nothing.
        let mut open = process.fd().into_iter().flatten().flatten();
        open.any(|open| matches!(open.target, FDTarget::Socket(inode) if sockets.contains(&inode)))
    };
    let own = std::process::id();
    let others = all_processes()?.flatten().filter(|process| u32::try_from(process.pid).is_ok_and(|pid| pid != own));
    Ok(others.filter(holds).map(|process| process.pid).collect())
}
