//! What one transaction means: at most one alert, of its largest transfer.

use super::flows::{Flows, Listed, Moved, Party, Units};
use super::{ChainAddress, Label, LabelCategory, TransactionType};
use crate::market::Asset;
use crate::money::{Amount, Decimal, MoneyError, Price};
use crate::words::words;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// In USD: more than there is of any asset.
const NONSENSE: Decimal = Decimal::from_parts(1_316_134_912, 2_328, 0, false, 0);

/// Who gives or gets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// By a label.
    Named(String, LabelCategory),
    /// Of one address; of several that have paid together, the first of them.
    Address(ChainAddress),
    /// Of scripts that are no address, beside none that is one.
    Unknown,
    /// The asset is created or destroyed.
    Issuer,
}

/// What is known when a transaction is judged.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    pub labels: &'a BTreeMap<ChainAddress, Label>,
    /// Labels of the source itself: they count where the deployment has none.
    pub told: &'a [Label],
    /// Contracts of listed tokens.
    pub contracts: &'a BTreeSet<ChainAddress>,
    /// In USD, young enough to be believed.
    pub prices: &'a BTreeMap<Asset, Price>,
    /// In USD.
    pub minimum: Amount,
}

impl Known<'_> {
    fn label(&self, address: &ChainAddress) -> Option<&Label> {
        // Its last word.
        self.labels.get(address).or_else(|| self.told.iter().rev().find(|label| label.address == *address))
    }
}

/// What has gone from one owner to another: no more than the one has given, and no more than the other has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    pub kind: TransactionType,
    pub from: Owner,
    pub to: Owner,
    /// The address that has given the most of it; none of an issuer or of scripts that are no address.
    pub from_address: Option<ChainAddress>,
    /// The address that has got the most of it; none of an issuer.
    pub to_address: Option<ChainAddress>,
    pub units: Units,
    /// In USD, cut to hundredths.
    pub worth: Amount,
    /// How many more of the same transaction are as large as the minimum.
    pub others: usize,
}

impl Transfer {
    /// What it is worth in hundredths of a dollar, which it is cut to. None of more than there is of any asset.
    pub fn cents(&self) -> Option<i64> {
        let cents = self.worth.get().checked_mul(Decimal::ONE_HUNDRED)?.trunc().normalize();
        i64::try_from(cents.mantissa()).ok().filter(|_| cents.scale() == 0)
    }
}

/// Why something large is no transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Silent {
    /// Its giver gets another asset for it.
    Swap,
    /// A side takes part in a movement of a token that is not listed: a swap, a deposit, a loan or its repayment.
    OtherToken,
    /// It goes to or comes from the contract of a listed token.
    Wrapping,
    /// It goes to or comes from a protocol.
    Protocol,
    /// It goes from addresses of one unnamed owner to another of theirs.
    Consolidation,
}

words! {
    Silent {
        Swap = "swap",
        OtherToken = "other_token",
        Wrapping = "wrapping",
        Protocol = "protocol",
        Consolidation = "consolidation",
    }
}

/// What has become of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    Alert(Box<Transfer>),
    /// Something is large enough, and is no transfer.
    Silent(Silent),
    /// What this asset is worth is not known.
    Unpriced(Asset),
    Small,
}

/// What an owner has of one asset beyond what went out again, and through which addresses most of it went.
#[derive(Debug, Clone, Default)]
struct Sides {
    got: u128,
    given: u128,
    most_got: Option<(u128, ChainAddress)>,
    most_given: Option<(u128, ChainAddress)>,
}

impl Sides {
    fn add(&mut self, address: Option<&ChainAddress>, moved: Moved) -> Result<(), MoneyError> {
        let more = |count: u128, most: &mut Option<(u128, ChainAddress)>| {
            let is_more = most.as_ref().is_none_or(|(before, _)| count > *before);
            if let Some(address) = address.filter(|_| count > 0 && is_more) {
                *most = Some((count, address.clone()));
            }
        };
        let (got, given) = (moved.got.saturating_sub(moved.given), moved.given.saturating_sub(moved.got));
        more(got, &mut self.most_got);
        more(given, &mut self.most_given);
        self.got = self.got.checked_add(got).ok_or(MoneyError::Inexact)?;
        self.given = self.given.checked_add(given).ok_or(MoneyError::Inexact)?;
        Ok(())
    }

    fn gets(&self) -> u128 {
        self.got.saturating_sub(self.given)
    }

    fn gives(&self) -> u128 {
        self.given.saturating_sub(self.got)
    }

    /// What went round among its own addresses.
    fn within(&self) -> u128 {
        self.got.min(self.given)
    }
}

/// What a transaction means.
///
/// # Errors
/// `Inexact` where its sums or their worth are more than can be counted.
pub fn judge(flows: &Flows, known: &Known<'_>) -> Result<Judged, MoneyError> {
    let book = Book::of(flows, known)?;
    let (mut told, mut silent, mut unpriced) = (Vec::new(), None, None);
    for candidate in book.candidates() {
        let of = candidate.asset.clone();
        let units = Units { of, count: candidate.count };
        let Some(price) = known.prices.get(&units.of.asset) else {
            unpriced = unpriced.or(Some(units.of.asset).filter(|_| book.silence(&candidate).is_none()));
            continue;
        };
        let worth = units.worth(*price)?;
        if worth < known.minimum || worth.get() > NONSENSE {
            continue;
        }
        match book.silence(&candidate) {
            Some(why) => silent = silent.or(Some(why)),
            None => told.push(candidate.told(units, worth)),
        }
    }
    // What moves within an owner hides nothing that is published.
    told.sort_by_key(|transfer| Reverse((transfer.kind.is_published(), transfer.worth)));
    let others = told.len().saturating_sub(1);
    Ok(match (told.into_iter().next(), silent, unpriced) {
        (Some(transfer), ..) => Judged::Alert(Box::new(Transfer { others, ..transfer })),
        (None, Some(why), _) => Judged::Silent(why),
        (None, None, Some(asset)) => Judged::Unpriced(asset),
        (None, None, None) => Judged::Small,
    })
}

/// A transaction by owners.
struct Book<'a> {
    flows: &'a Flows,
    known: &'a Known<'a>,
    owners: BTreeMap<&'a ChainAddress, Owner>,
    /// Of each asset what each owner gets and gives.
    sides: BTreeMap<&'a Listed, BTreeMap<Owner, Sides>>,
}

/// What may be a transfer.
struct Candidate<'a> {
    asset: &'a Listed,
    count: u128,
    from: (&'a Owner, &'a Sides),
    to: (&'a Owner, &'a Sides),
}

impl<'a> Book<'a> {
    fn of(flows: &'a Flows, known: &'a Known<'a>) -> Result<Self, MoneyError> {
        let payer = payer(flows, known);
        let (owners, mut sides) = (owners(flows, known, payer.as_ref()), BTreeMap::<_, BTreeMap<_, Sides>>::new());
        for ((party, asset), moved) in &flows.parts {
            let owner = match party {
                Party::Address(address) => owners.get(address),
                Party::NoAddress => Some(payer.as_ref().unwrap_or(&Owner::Unknown)),
                Party::Issuer => None,
            };
            let owner = owner.unwrap_or(&Owner::Issuer).clone();
            sides.entry(asset).or_default().entry(owner).or_default().add(party.address(), *moved)?;
        }
        Ok(Self { flows, known, owners, sides })
    }

    /// Of each asset every owner who gets some, with the owner who gives the most: what others give beside that one is nobody's transfer. And
    /// what an owner moves among own addresses.
    fn candidates(&self) -> impl Iterator<Item = Candidate<'_>> {
        self.sides.iter().flat_map(|(asset, sides)| {
            let giver = sides.iter().max_by_key(|(_, sides)| sides.gives());
            let got = sides.iter().filter(|(_, sides)| sides.gets() > 0).filter_map(move |to| {
                let from = giver.filter(|(_, sides)| sides.gives() > 0)?;
                Some(Candidate { asset, count: to.1.gets().min(from.1.gives()), from, to })
            });
            let within = sides.iter().filter(|(_, sides)| sides.within() > 0);
            got.chain(within.map(|own| Candidate { asset, count: own.1.within(), from: own, to: own }))
        })
    }

    fn silence(&self, of: &Candidate<'_>) -> Option<Silent> {
        let owners = [of.from.0, of.to.0];
        if of.is_within() {
            return (!matches!(of.from.0, Owner::Named(..))).then_some(Silent::Consolidation);
        }
        let is_protocol = |owner: &Owner| matches!(owner, Owner::Named(_, LabelCategory::Dex | LabelCategory::Defi));
        let is_contract = |owner: &Owner| matches!(owner, Owner::Address(one) if self.known.contracts.contains(one));
        if owners.into_iter().any(|owner| self.trades(owner)) {
            Some(Silent::Swap)
        } else if owners.into_iter().any(is_contract) {
            Some(Silent::Wrapping)
        } else if owners.into_iter().any(is_protocol) {
            Some(Silent::Protocol)
        } else {
            owners.into_iter().any(|owner| self.is_elsewhere(owner)).then_some(Silent::OtherToken)
        }
    }

    /// Whether it gives one asset and gets another.
    fn trades(&self, owner: &Owner) -> bool {
        let own = || self.sides.values().filter_map(|sides| sides.get(owner)).filter(|_| *owner != Owner::Issuer);
        own().any(|sides| sides.gives() > 0) && own().any(|sides| sides.gets() > 0)
    }

    /// Whether an address of it takes part in a movement of a token that is not listed.
    fn is_elsewhere(&self, owner: &Owner) -> bool {
        self.flows.elsewhere.iter().any(|address| self.owners.get(address) == Some(owner))
    }
}

impl Candidate<'_> {
    fn is_within(&self) -> bool {
        self.from.0 == self.to.0
    }

    fn kind(&self) -> TransactionType {
        let is_exchange = |owner: &Owner| matches!(owner, Owner::Named(_, LabelCategory::Exchange));
        match (self.from.0, self.to.0) {
            (from, to) if from == to => TransactionType::Internal,
            (Owner::Issuer, _) => TransactionType::Mint,
            (_, Owner::Issuer) => TransactionType::Burn,
            (from, to) => match (is_exchange(from), is_exchange(to)) {
                (false, true) => TransactionType::ExchangeInflow,
                (true, false) => TransactionType::ExchangeOutflow,
                (false, false) => TransactionType::WhaleTransfer,
                (true, true) => TransactionType::Unknown,
            },
        }
    }

    fn told(&self, units: Units, worth: Amount) -> Transfer {
        let address = |most: &Option<(u128, ChainAddress)>| most.as_ref().map(|(_, address)| address.clone());
        Transfer {
            kind: self.kind(),
            from: self.from.0.clone(),
            to: self.to.0.clone(),
            from_address: address(&self.from.1.most_given),
            to_address: address(&self.to.1.most_got),
            units,
            worth,
            others: 0,
        }
    }
}

/// The owner of each address.
fn owners<'a>(flows: &'a Flows, known: &Known<'_>, payer: Option<&Owner>) -> BTreeMap<&'a ChainAddress, Owner> {
    let owner = |address: &ChainAddress| match known.label(address) {
        Some(label) => Owner::Named(label.owner.clone(), label.category),
        None => {
            let payer = payer.filter(|_| flows.payers.contains(address));
            payer.cloned().unwrap_or_else(|| Owner::Address(address.clone()))
        }
    };
    let addresses = flows.parts.keys().filter_map(|(party, _)| party.address());
    addresses.map(|address| (address, owner(address))).collect()
}

/// The owner of all inputs: by the only label among them, else by the first address. None if labels disagree, or without inputs.
fn payer(flows: &Flows, known: &Known<'_>) -> Option<Owner> {
    let labels = flows.payers.iter().filter_map(|address| known.label(address));
    let named: BTreeSet<_> = labels.map(|label| Owner::Named(label.owner.clone(), label.category)).collect();
    match named.len() {
        0 => flows.payers.first().map(|address| Owner::Address(address.clone())),
        1 => named.into_iter().next(),
        _ => None,
    }
}
