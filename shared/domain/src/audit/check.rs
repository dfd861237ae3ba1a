//! Whether a chain is whole.

use super::{Chain, Head, Link};

/// What is wrong with a chain, and at which number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flaw {
    /// The row says something else than what was hashed, or follows another row.
    Changed(u64),
    /// From here on rows are missing; until the next one that is there.
    Missing(u64),
    /// The head does not know of it.
    Added(u64),
    /// There are rows and no head.
    Head,
    /// More than one request looks at: nobody has looked at what follows this row.
    TooLong(u64),
}

impl Flaw {
    pub fn number(self) -> Option<u64> {
        match self {
            Self::Changed(number) | Self::Missing(number) | Self::Added(number) | Self::TooLong(number) => Some(number),
            Self::Head => None,
        }
    }
}

/// Walks all rows of a chain, by their numbers.
pub fn check(chain: &Chain, head: Option<&Head>, links: &[Link]) -> Vec<Flaw> {
    let mut walk = Walk::begin(chain);
    walk.follow(links);
    walk.end(head)
}

/// A chain that is walked part by part.
#[derive(Debug)]
pub struct Walk<'a> {
    chain: &'a Chain,
    last: Head,
    flaws: Vec<Flaw>,
}

impl<'a> Walk<'a> {
    pub fn begin(chain: &'a Chain) -> Self {
        Self::after(chain, chain.beginning())
    }

    /// From behind a row that was walked before.
    pub fn after(chain: &'a Chain, last: Head) -> Self {
        Self { chain, last, flaws: Vec::new() }
    }

    /// The next rows, by their numbers.
    pub fn follow(&mut self, links: &[Link]) {
        for link in links {
            let due = self.last.count.saturating_add(1);
            if link.number > due {
                self.flaws.push(Flaw::Missing(due));
            }
            let follows = link.number != due || link.before == self.last.hash;
            let belongs = link.audit.user == self.chain.user && link.audit.at.day() == self.chain.day;
            if !follows || !belongs || link.number < due || link.reckoned() != link.hash || !link.is_marked() {
                self.flaws.push(Flaw::Changed(link.number));
            }
            self.last = link.head();
        }
    }

    /// The number of the last row.
    pub fn at(&self) -> u64 {
        self.last.count
    }

    /// What was found of the rows alone.
    pub fn so_far(self) -> Vec<Flaw> {
        self.flaws
    }

    /// With what the head says of the end.
    pub fn end(mut self, head: Option<&Head>) -> Vec<Flaw> {
        self.flaws.extend(against(head, &self.last));
        self.flaws
    }
}

/// Of the end of a chain: what its head says of it.
fn against(head: Option<&Head>, last: &Head) -> Option<Flaw> {
    match head {
        None => (last.count > 0).then_some(Flaw::Head),
        Some(head) if head.count > last.count => Some(Flaw::Missing(last.count.saturating_add(1))),
        Some(head) if head.count < last.count => Some(Flaw::Added(head.count.saturating_add(1))),
        Some(head) => (head.hash != last.hash).then_some(Flaw::Changed(last.count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Actor, Audit, Shelf};
    use crate::clock::Timestamp;
    use crate::ids::{AttemptId, UserId};

    fn audit(n: u64) -> Audit {
        Audit {
            user: UserId::of(&["ann"]),
            action: "halt".to_owned(),
            resource: "acc_1".to_owned(),
            reason: format!("reason {n}"),
            before: None,
            after: Some("x".to_owned()),
            at: Timestamp::from_millis(i64::try_from(n).unwrap()),
            attempt: AttemptId::new(n.to_string()),
            address: Some("203.0.113.9".to_owned()),
            // Rows of earlier releases stand beside newer ones.
            actor: n.is_multiple_of(2).then_some(Actor::Key),
        }
    }

    fn chain() -> Chain {
        Chain::of(Shelf::Trading, &audit(1))
    }

    fn links(count: u64) -> Vec<Link> {
        let (mut head, mut links) = (chain().beginning(), Vec::new());
        for n in 1..=count {
            let link = head.next(audit(n), "salt");
            head = link.head();
            links.push(link);
        }
        links
    }

    fn found(change: impl FnOnce(&mut Vec<Link>)) -> Vec<Flaw> {
        let mut links = links(4);
        let head = links.last().unwrap().head();
        change(&mut links);
        check(&chain(), Some(&head), &links)
    }

    #[test]
    fn a_chain_that_nobody_touched_is_whole() {
        assert_eq!(found(|_| ()), []);
        assert_eq!(check(&chain(), None, &[]), []);
    }

    #[test]
    fn every_change_of_a_row_is_found() {
        let changes: [fn(&mut Link); 11] = [
            |link| link.audit.reason = "another".to_owned(),
            |link| link.audit.action = "resume".to_owned(),
            |link| link.audit.resource = "acc_2".to_owned(),
            |link| link.audit.before = Some(String::new()),
            |link| link.audit.after = None,
            |link| link.audit.at = Timestamp::from_millis(9),
            |link| link.audit.attempt = AttemptId::new("another"),
            |link| link.audit.user = UserId::of(&["bob"]),
            |link| link.audit.address = Some("203.0.113.10".to_owned()),
            |link| link.audit.actor = Some(Actor::Person),
            |link| link.audit.actor = None,
        ];
        for (n, change) in changes.into_iter().enumerate() {
            assert_eq!(found(|links| change(&mut links[1])), [Flaw::Changed(2)], "change {n}");
        }
    }

    #[test]
    fn a_row_that_was_hashed_anew_no_longer_fits_the_next() {
        let flaws = found(|links| {
            links[1].audit.reason = "another".to_owned();
            links[1].hash = links[1].reckoned();
        });
        assert_eq!(flaws, [Flaw::Changed(3)]);
        let all = found(|links| {
            let before = links[0].head();
            links[1] = before.next(audit(7), "salt");
            links[2] = links[1].head().next(audit(8), "salt");
            links[3] = links[2].head().next(audit(9), "salt");
        });
        assert_eq!(all, [Flaw::Changed(4)], "the head knows better");
    }

    #[test]
    fn missing_and_added_rows_are_found() {
        assert_eq!(found(|links| drop(links.remove(1))), [Flaw::Missing(2)]);
        assert_eq!(found(|links| drop(links.remove(0))), [Flaw::Missing(1)]);
        assert_eq!(found(|links| drop(links.pop())), [Flaw::Missing(4)]);
        assert_eq!(found(Vec::clear), [Flaw::Missing(1)]);
        assert_eq!(found(|links| links.push(links[3].head().next(audit(5), "salt"))), [Flaw::Added(5)]);
        assert_eq!(check(&chain(), None, &links(1)), [Flaw::Head]);
    }

    #[test]
    fn rows_of_another_chain_do_not_fit() {
        let other = Chain { shelf: Shelf::Identity, ..chain() };
        let links = links(1);
        assert_eq!(check(&other, Some(&links[0].head()), &links), [Flaw::Changed(1)]);
    }

    #[test]
    fn an_erased_address_breaks_nothing_and_an_invented_one_is_found() {
        let erase = |link: &mut Link| (link.audit.address, link.salt) = (None, None);
        assert_eq!(found(|links| erase(&mut links[2])), []);
        let invent = |link: &mut Link| (link.mark, link.audit.address) = (None, Some("203.0.113.1".to_owned()));
        assert_eq!(found(|links| invent(&mut links[2])), [Flaw::Changed(3)]);
    }

    /// What the bytes are is a promise: rows of today are checked by the code of tomorrow.
    #[test]
    fn the_hash_of_a_row_is_always_the_same() {
        let first = &links(1)[0];
        assert_eq!(first.before.as_str(), "fb62f92fd059b7fb10e5a4b2608545ee6de1112a3317b99b689f3ec51f4fca21");
        assert_eq!(first.hash.as_str(), "259a0f20e44d24e0cc4f04572a6f7b14c2bbd3479763133569bad470330983f3");
    }
}
