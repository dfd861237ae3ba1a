//! Which parameters are the best of many: all of them, some at random, or those that look promising.
//!
//! 1. What is tried follows from space, method and seed, on however many cores.
//! 2. The best of many tries on the same candles looks better than it is: [`crate::walk`] tries them on others.

mod tpe;

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Tries of one search.
pub const TRIES_MAX: usize = 100_000;
/// What is proposed at once, before any of it is known: a constant, so that the number of cores changes nothing.
const BATCH: usize = 8;
/// Points that are drawn for one that is tried, on average and at the most.
const DRAWN_OF_EACH: usize = 20;
/// Points that are drawn before it is said that none can be tried.
const DRAWN_MIN: usize = 10_000;
/// Points that are drawn at the most, however many are to be tried: each of them is read to see whether it can be.
const DRAWN_MAX: usize = 400_000;

/// What can be tried: of each dimension, how many values it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space(Vec<usize>);

/// One value of each dimension, by its index.
pub type Point = Vec<usize>;

/// How points are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Every point.
    Grid,
    /// So many, each value as likely as another.
    Random { tries: usize, seed: u64 },
    /// So many, most of them near those that were good (tree-structured Parzen estimators: Bergstra, Bardenet, Bengio and
    /// Kégl, "Algorithms for hyper-parameter optimization", 2011).
    Tpe { tries: usize, seed: u64 },
}

/// A point with what it has come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Try<T> {
    pub point: Point,
    pub outcome: T,
}

/// Why nothing is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSearch {
    #[error("has a parameter without a value")]
    Empty,
    #[error("has more than {TRIES_MAX} combinations: fewer values, or random ones")]
    TooMany,
    #[error("must be a whole number from 1 to {TRIES_MAX}")]
    Tries,
    #[error("has no combination that can be tried")]
    Nothing,
}

impl Space {
    /// # Errors
    /// `Empty` for a dimension without a value.
    pub fn new(sizes: Vec<usize>) -> Result<Self, BadSearch> {
        if sizes.contains(&0) { Err(BadSearch::Empty) } else { Ok(Self(sizes)) }
    }

    fn points(&self) -> Option<usize> {
        self.0.iter().try_fold(1_usize, |points, size| points.checked_mul(*size))
    }

    /// The point of this number, counted with the last dimension first.
    fn point(&self, number: usize) -> Point {
        let mut rest = number;
        let mut point: Point = self.0.iter().rev().map(|size| digit(&mut rest, *size)).collect();
        point.reverse();
        point
    }

    fn random(&self, random: &mut fastrand::Rng) -> Point {
        self.0.iter().map(|size| random.usize(..*size)).collect()
    }
}

fn digit(rest: &mut usize, size: usize) -> usize {
    let digit = rest.checked_rem(size).unwrap_or(0);
    *rest = rest.checked_div(size).unwrap_or(0);
    digit
}

/// What is tried, and in which order: a search step by step, which may be gone on with by whoever knows what came of the steps before.
/// A point that does not hold, as its values contradict each other, is never proposed.
#[derive(Debug, Clone)]
pub struct Proposals {
    space: Space,
    /// What is tried of a method that need not know what came of others; of one that learns, what is where no draw holds.
    chosen: Vec<Point>,
    learns: bool,
    random: fastrand::Rng,
    known: Vec<(Point, f64)>,
    /// Those of the last step, whose scores are not told yet.
    asked: Vec<Point>,
    left: usize,
    skipped: usize,
}

impl Proposals {
    /// # Errors
    /// A method that tries nothing, or too much.
    pub fn of(space: Space, method: Method, holds: impl Fn(&Point) -> bool) -> Result<Self, BadSearch> {
        let mut random = fastrand::Rng::with_seed(seed(method));
        let (chosen, skipped) = match method {
            Method::Grid => {
                let points = space.points().filter(|points| *points <= TRIES_MAX).ok_or(BadSearch::TooMany)?;
                let chosen: Vec<Point> = (0..points).map(|number| space.point(number)).filter(&holds).collect();
                let skipped = points.saturating_sub(chosen.len());
                (chosen, skipped)
            }
            Method::Random { tries, .. } => drawn(&space, checked(tries)?, &mut random, &holds),
            // What is drawn here changes nothing of what is drawn later.
            Method::Tpe { tries, .. } => checked(tries).map(|_| drawn(&space, 1, &mut random.clone(), &holds))?,
        };
        if chosen.is_empty() {
            return Err(BadSearch::Nothing);
        }
        let (left, skipped, learns) = match method {
            Method::Tpe { tries, .. } => (tries, 0, true),
            Method::Grid | Method::Random { .. } => (chosen.len(), skipped, false),
        };
        Ok(Self { space, chosen, learns, random, known: Vec::new(), asked: Vec::new(), left, skipped })
    }

    /// How many are not proposed yet.
    pub fn left(&self) -> usize {
        self.left
    }

    /// How many points came up, until now, that do not hold.
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// What is tried next: all at once, or as many as TPE proposes before it knows what came of them. Nothing once all was.
    pub fn next_step(&mut self, holds: impl Fn(&Point) -> bool) -> Vec<Point> {
        if !self.learns {
            self.left = 0;
            return std::mem::take(&mut self.chosen);
        }
        let count = BATCH.min(self.left);
        self.asked = (0..count).map(|_| self.propose(&holds)).collect();
        self.left = self.left.saturating_sub(count);
        self.asked.clone()
    }

    /// One that holds, of so many draws.
    fn propose(&mut self, holds: &impl Fn(&Point) -> bool) -> Point {
        let draw = tpe::Draw::of(&self.space.0, &self.known);
        for _ in 0..DRAWN_OF_EACH {
            let point = draw.next(&mut self.random);
            if holds(&point) {
                return point;
            }
            self.skipped = self.skipped.saturating_add(1);
        }
        self.chosen.first().cloned().unwrap_or_default()
    }

    /// How good those of the last step were, in their order; what is infinite is better than any, none is worse than any.
    /// It is asked alone which is better.
    pub fn tell(&mut self, scores: impl IntoIterator<Item = Option<f64>>) {
        let scores = scores.into_iter().map(|score| score.unwrap_or(f64::NEG_INFINITY));
        self.known.extend(self.asked.drain(..).zip(scores));
    }
}

fn seed(method: Method) -> u64 {
    match method {
        Method::Grid => 0,
        Method::Random { seed, .. } | Method::Tpe { seed, .. } => seed,
    }
}

/// So many points that hold, drawn evenly, and how many others came up; fewer where hardly any holds.
fn drawn(
    space: &Space,
    tries: usize,
    random: &mut fastrand::Rng,
    holds: &impl Fn(&Point) -> bool,
) -> (Vec<Point>, usize) {
    let (mut points, mut skipped) = (Vec::with_capacity(tries), 0_usize);
    for at in 0..tries.saturating_mul(DRAWN_OF_EACH).clamp(DRAWN_MIN, DRAWN_MAX) {
        if points.len() >= tries || (points.is_empty() && at >= DRAWN_MIN) {
            break;
        }
        let point = space.random(random);
        if holds(&point) { points.push(point) } else { skipped = skipped.saturating_add(1) }
    }
    (points, skipped)
}

/// Tries what is proposed on so many cores, in the order in which it was chosen. `score` says how good an outcome is; none is worse
/// than any.
pub fn search<T: Send>(
    proposals: &mut Proposals,
    cores: NonZeroUsize,
    holds: impl Fn(&Point) -> bool,
    outcome: impl Fn(&Point) -> T + Sync,
    score: impl Fn(&T) -> Option<f64>,
) -> Vec<Try<T>> {
    let mut all = Vec::with_capacity(proposals.left());
    loop {
        let points = proposals.next_step(&holds);
        if points.is_empty() {
            return all;
        }
        let outcomes = on_cores(&points, cores, &outcome);
        proposals.tell(outcomes.iter().map(&score));
        all.extend(points.into_iter().zip(outcomes).map(|(point, outcome)| Try { point, outcome }));
    }
}

fn checked(tries: usize) -> Result<usize, BadSearch> {
    if (1..=TRIES_MAX).contains(&tries) { Ok(tries) } else { Err(BadSearch::Tries) }
}

/// What comes of each item, in their order; whoever is free takes the next one.
pub fn on_cores<I: Sync, T: Send>(items: &[I], cores: NonZeroUsize, work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        while let Some((at, item)) = taken(&next, items) {
            done.push((at, work(item)));
        }
        done
    };
    let mut done: Vec<(usize, T)> = thread::scope(|scope| {
        let others: Vec<_> = (1..cores.get().min(items.len())).map(|_| scope.spawn(worker)).collect();
        let mut done = worker();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, outcome)| outcome).collect()
}

fn taken<'a, I>(next: &AtomicUsize, items: &'a [I]) -> Option<(usize, &'a I)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    items.get(at).map(|item| (at, item))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space(sizes: &[usize]) -> Space {
        Space::new(sizes.to_vec()).unwrap()
    }

    /// What is tried of a space in which every point holds.
    fn all<T: Send>(
        space: &Space,
        method: Method,
        cores: usize,
        outcome: impl Fn(&Point) -> T + Sync,
        score: impl Fn(&T) -> Option<f64>,
    ) -> Result<Vec<Try<T>>, BadSearch> {
        let mut proposals = Proposals::of(space.clone(), method, |_| true)?;
        let tries = search(&mut proposals, NonZeroUsize::new(cores).unwrap(), |_| true, outcome, score);
        assert_eq!((proposals.left(), proposals.skipped()), (0, 0));
        Ok(tries)
    }

    /// A hill whose top is at 70 and 20.
    fn height(point: &Point) -> f64 {
        let away = |at: usize, top: f64| f64::from(u32::try_from(at).unwrap()) - top;
        -away(point[0], 70.0).powi(2) - away(point[1], 20.0).powi(2)
    }

    fn best(method: Method, cores: usize) -> (usize, f64) {
        let tries = all(&space(&[100, 100]), method, cores, height, |height| Some(*height)).unwrap();
        (tries.len(), tries.iter().map(|one| one.outcome).fold(f64::NEG_INFINITY, f64::max))
    }

    #[test]
    fn a_grid_is_gone_through_once() {
        let tries = all(&space(&[2, 3]), Method::Grid, 1, Clone::clone, |_| None).unwrap();
        let points: Vec<_> = tries.into_iter().map(|one| one.outcome).collect();
        assert_eq!(points, [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]);
        assert_eq!(best(Method::Grid, 3), (10_000, 0.0));
    }

    #[test]
    fn what_was_good_is_looked_at_more_closely() {
        let (mut guided, mut blind) = (0.0, 0.0);
        for seed in 0..20 {
            guided += best(Method::Tpe { tries: 150, seed }, 1).1;
            blind += best(Method::Random { tries: 150, seed }, 1).1;
        }
        assert!(guided > blind / 3.0, "{guided} {blind}");
    }

    #[test]
    fn what_is_infinitely_good_is_looked_for() {
        // Nothing finite is as good as a corner that has no number.
        let near = |point: &Point| point[0] >= 60 && point[1] < 30;
        let of = |method| {
            let outcome = |point: &Point| if near(point) { f64::INFINITY } else { height(point) - 1e6 };
            let tries = all(&space(&[100, 100]), method, 2, outcome, |height| Some(*height)).unwrap();
            tries.iter().filter(|one| near(&one.point)).count()
        };
        let [guided, blind] = [Method::Tpe { tries: 200, seed: 5 }, Method::Random { tries: 200, seed: 5 }].map(of);
        assert!(guided > 2 * blind, "{guided} {blind}");
    }

    #[test]
    fn cores_change_nothing() {
        for method in [Method::Random { tries: 40, seed: 7 }, Method::Tpe { tries: 40, seed: 7 }] {
            let points = |cores| {
                let outcome = |point: &Point| (point.clone(), height(point));
                all(&space(&[9, 9, 9]), method, cores, outcome, |(_, height)| Some(*height))
            };
            assert_eq!(points(1), points(4));
        }
    }

    #[test]
    fn what_does_not_hold_is_never_tried_and_counted() {
        // One in ten.
        let holds = |point: &Point| point[0] < point[1] && point[1] < 10 + point[0] / 5;
        let size = space(&[20, 30]);
        let holding = (0..600).filter(|number| holds(&size.point(*number))).count();
        let check = |method: Method, expected: usize| {
            let mut proposals = Proposals::of(size.clone(), method, holds).unwrap();
            assert_eq!(proposals.left(), expected, "{method:?}");
            let score = |height: &f64| Some(*height);
            let tries = search(&mut proposals, NonZeroUsize::MIN, holds, height, score);
            assert_eq!((tries.len(), proposals.left()), (expected, 0), "{method:?}");
            assert!(tries.iter().all(|one| holds(&one.point)), "{method:?}");
            proposals.skipped()
        };
        assert_eq!(check(Method::Grid, holding), 600 - holding);
        let skipped = check(Method::Random { tries: 40, seed: 1 }, 40);
        assert!(skipped > 100, "{skipped}");
        assert!(check(Method::Tpe { tries: 40, seed: 1 }, 40) > 0);
    }

    #[test]
    fn where_nothing_holds_it_is_said_and_where_hardly_anything_does_it_ends() {
        for method in [Method::Grid, Method::Random { tries: 3, seed: 1 }, Method::Tpe { tries: 3, seed: 1 }] {
            let nothing = Proposals::of(space(&[9, 9]), method, |_| false);
            assert_eq!(nothing.map(|some| some.left()), Err(BadSearch::Nothing), "{method:?}");
        }
        let rare = |point: &Point| point[0] == 7 && point[1] == 7;
        let of = |method| {
            let mut proposals = Proposals::of(space(&[100, 10]), method, rare).unwrap();
            search(&mut proposals, NonZeroUsize::MIN, rare, Clone::clone, |_| None)
        };
        let learnt = of(Method::Tpe { tries: 30, seed: 1 });
        assert!(learnt.len() == 30 && learnt.iter().all(|one| one.point == [7, 7]));
        assert!(of(Method::Random { tries: 90, seed: 1 }).len() < 90);
    }

    #[test]
    fn what_cannot_be_searched_is_refused() {
        let check = |space: &Space, method, expected| {
            assert_eq!(all(space, method, 1, |_| (), |()| None), Err(expected), "{space:?}");
        };
        assert_eq!(Space::new(vec![3, 0]), Err(BadSearch::Empty));
        check(&space(&[1_000, 1_000]), Method::Grid, BadSearch::TooMany);
        check(&space(&[usize::MAX, 3]), Method::Grid, BadSearch::TooMany);
        check(&space(&[3]), Method::Random { tries: 0, seed: 1 }, BadSearch::Tries);
        check(&space(&[3]), Method::Tpe { tries: TRIES_MAX + 1, seed: 1 }, BadSearch::Tries);
    }

    #[test]
    fn outcomes_come_in_the_order_of_their_items() {
        let items: Vec<u32> = (0..1_000).collect();
        assert_eq!(
            on_cores(&items, NonZeroUsize::new(4).unwrap(), |item| item * 2),
            (0..1_000).map(|i| i * 2).collect::<Vec<_>>()
        );
        assert!(on_cores(&[] as &[u32], NonZeroUsize::new(4).unwrap(), |item| *item).is_empty());
    }
}
