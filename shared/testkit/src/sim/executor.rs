//! The executor: a list of what is ready, a list of what is due, and one clock.

use super::plan::Dice;
use super::{Event, Plan, Strike, Trace};
use crate::one_thread::OneThread;
use domain::clock::{Millis, Timestamp};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

/// A handle to the simulation; all clones are the same one.
#[derive(Clone)]
pub struct Sim(pub(super) OneThread<Rc<Inner>>);

pub(super) struct Inner {
    now: Cell<i64>,
    pub(super) dice: RefCell<Dice>,
    pub(super) trace: RefCell<Trace>,
    tasks: RefCell<BTreeMap<u64, Task>>,
    ready: RefCell<Vec<u64>>,
    due: RefCell<BTreeMap<(i64, u64), Due>>,
    sequence: Cell<u64>,
    pub(super) current: RefCell<Option<Running>>,
    /// Parts of a task that wait side by side: each is looked at whenever the task goes on.
    parts: RefCell<BTreeMap<u64, Vec<Waker>>>,
    pub(super) crashed: Cell<bool>,
    /// How far the clocks of functions are ahead.
    pub(super) clocks: RefCell<BTreeMap<&'static str, Millis>>,
    violations: RefCell<Vec<String>>,
}

struct Task {
    running: Running,
    future: Pin<Box<dyn Future<Output = ()>>>,
    ended: Option<Box<dyn FnOnce()>>,
}

#[derive(Clone)]
pub(super) struct Running {
    id: u64,
    pub(super) name: Arc<str>,
    /// Whether the plan may strike here.
    pub(super) strikable: bool,
}

enum Due {
    Wake(u64),
    Call(Box<dyn FnOnce()>),
    Kill(u64),
}

/// One run of a function: it ends with its output, or without one when it crashed or ran out of time.
pub struct Invocation<F> {
    pub name: Arc<str>,
    /// After this it is killed where it stands.
    pub limit: Option<Millis>,
    pub strikable: bool,
    pub future: F,
}

impl Sim {
    pub fn new(plan: Plan, start: Timestamp, verbose: bool) -> Self {
        Self(OneThread::of(Rc::new(Inner {
            now: Cell::new(start.millis()),
            dice: RefCell::new(Dice::new(plan)),
            trace: RefCell::new(Trace::new(verbose)),
            tasks: RefCell::default(),
            ready: RefCell::default(),
            due: RefCell::default(),
            sequence: Cell::new(0),
            current: RefCell::new(None),
            parts: RefCell::default(),
            crashed: Cell::new(false),
            clocks: RefCell::default(),
            violations: RefCell::default(),
        })))
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.now.get())
    }

    /// Starts an invocation; `ended` is called with what it returned, or with nothing after a crash or a time-out.
    pub fn spawn<T: 'static>(
        &self,
        invocation: Invocation<impl Future<Output = T> + 'static>,
        ended: impl FnOnce(Option<T>) + 'static,
    ) {
        let id = self.next();
        let output = Rc::new(RefCell::new(None));
        let (kept, future) = (output.clone(), invocation.future);
        let future = Box::pin(async move {
            let value = future.await;
            *kept.borrow_mut() = Some(value);
        });
        let running = Running { id, name: invocation.name, strikable: invocation.strikable };
        let ended = Box::new(move || ended(output.borrow_mut().take()));
        self.0.tasks.borrow_mut().insert(id, Task { running, future, ended: Some(ended) });
        self.0.ready.borrow_mut().push(id);
        if let Some(limit) = invocation.limit {
            self.after(limit, Due::Kill(id));
        }
    }

    /// Calls at a time, or now where it has passed.
    pub fn at(&self, time: Timestamp, call: impl FnOnce() + 'static) {
        self.after(time.since(self.now()), Due::Call(Box::new(call)));
    }

    /// Makes sure that time does not jump over this moment.
    pub fn stop_at(&self, time: Timestamp) {
        self.at(time, || ());
    }

    pub async fn sleep(&self, span: Millis) {
        let end = self.now().plus(span);
        let id = self.0.current.borrow().as_ref().map(|running| running.id).expect("only tasks sleep");
        let mut set = false;
        poll_fn(|context| {
            if set && self.now() >= end {
                return Poll::Ready(());
            }
            if !set {
                set = true;
                if span <= Millis::ZERO { self.0.ready.borrow_mut().push(id) } else { self.after(span, Due::Wake(id)) }
            }
            self.waits(id, context);
            Poll::Pending
        })
        .await;
    }

    /// Runs a future elsewhere, and waits for it. Who crashes while waiting leaves it running.
    pub async fn elsewhere<T: 'static>(&self, name: &str, future: impl Future<Output = T> + 'static) -> T {
        let id = self.0.current.borrow().as_ref().map(|running| running.id).expect("only tasks wait");
        let (answer, sim) = (Rc::new(RefCell::new(None)), self.clone());
        let kept = answer.clone();
        let invocation = Invocation { name: name.into(), limit: None, strikable: false, future };
        self.spawn(invocation, move |value| {
            *kept.borrow_mut() = value;
            sim.0.ready.borrow_mut().push(id);
        });
        poll_fn(|context| {
            let answer = answer.borrow_mut().take();
            answer.map_or_else(
                || {
                    self.waits(id, context);
                    Poll::Pending
                },
                Poll::Ready,
            )
        })
        .await
    }

    /// A task that waits for several futures at once polls those alone that are woken.
    fn waits(&self, id: u64, context: &Context<'_>) {
        if !context.waker().will_wake(Waker::noop()) {
            self.0.parts.borrow_mut().entry(id).or_default().push(context.waker().clone());
        }
    }

    /// Runs one thing after another until `end`, or until `done` says so. `idle` is asked whenever nothing is ready,
    /// and may start something; `done` is asked when it did not.
    pub fn run_until(&self, end: Timestamp, idle: &mut dyn FnMut(), done: &mut dyn FnMut() -> bool) {
        loop {
            if self.poll_one() {
                continue;
            }
            idle();
            if !self.0.ready.borrow().is_empty() {
                continue;
            }
            if done() || !self.advance(end) {
                return;
            }
        }
    }

    /// Runs a future to its end, with whatever else was started.
    ///
    /// # Panics
    /// Where it waits for something that never comes.
    pub fn block_on<T: 'static>(&self, name: &str, future: impl Future<Output = T> + 'static) -> T {
        let output = Rc::new(RefCell::new(None));
        let kept = output.clone();
        let invocation = Invocation { name: name.into(), limit: None, strikable: false, future };
        self.spawn(invocation, move |value| *kept.borrow_mut() = value);
        let end = Timestamp::from_millis(i64::MAX);
        self.run_until(end, &mut || (), &mut || output.borrow().is_some());
        output.take().expect("the future waits for something that never comes")
    }

    /// Whether nothing is under way: no function runs and no request is on the wire.
    pub fn is_quiet(&self) -> bool {
        self.0.tasks.borrow().is_empty()
    }

    /// A rule of the cloud or of the venue that was broken; the run fails with it.
    pub fn violation(&self, what: impl Into<String>) {
        let what = what.into();
        self.note(|| format!("VIOLATION {what}"));
        self.0.violations.borrow_mut().push(what);
    }

    pub fn violations(&self) -> Vec<String> {
        self.0.violations.borrow().clone()
    }

    /// Writes to the trace, when anyone will read it.
    pub fn note(&self, text: impl FnOnce() -> String) {
        let mut trace = self.0.trace.borrow_mut();
        if trace.is_verbose() {
            let task = self.0.current.borrow().as_ref().map(|running| running.name.clone());
            trace.push(Event { at: self.now(), task, point: None, text: text() });
        }
    }

    pub fn trace(&self) -> String {
        self.0.trace.borrow().to_string()
    }

    fn poll_one(&self) -> bool {
        let Some(id) = self.pick() else { return false };
        let Some(mut task) = self.0.tasks.borrow_mut().remove(&id) else { return true };
        *self.0.current.borrow_mut() = Some(task.running.clone());
        self.wake_parts(id);
        let polled = task.future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let crashed = self.0.crashed.replace(false);
        if polled.is_pending() && !crashed {
            *self.0.current.borrow_mut() = None;
            self.0.tasks.borrow_mut().insert(id, task);
        } else {
            self.end(task);
        }
        true
    }

    fn wake_parts(&self, id: u64) {
        if self.0.parts.borrow().is_empty() {
            return;
        }
        let parts = self.0.parts.borrow_mut().remove(&id);
        parts.into_iter().flatten().for_each(Waker::wake);
    }

    /// Drops the future, then says so.
    fn end(&self, task: Task) {
        drop(task.future);
        *self.0.current.borrow_mut() = None;
        if let Some(ended) = task.ended {
            ended();
        }
    }

    fn pick(&self) -> Option<u64> {
        let mut ready = self.0.ready.borrow_mut();
        if ready.is_empty() {
            return None;
        }
        let place = self.0.dice.borrow_mut().place(ready.len());
        Some(ready.remove(place))
    }

    /// Moves time to the next thing that is due; false where there is none before `end`.
    fn advance(&self, end: Timestamp) -> bool {
        let next = self.0.due.borrow().keys().next().map(|(at, _)| *at);
        let Some(at) = next.filter(|at| *at <= end.millis()) else {
            return false;
        };
        self.0.now.set(self.0.now.get().max(at));
        while let Some(due) = self.take_due(at) {
            match due {
                Due::Wake(id) => self.0.ready.borrow_mut().push(id),
                Due::Call(call) => call(),
                Due::Kill(id) => self.kill(id),
            }
        }
        true
    }

    fn take_due(&self, at: i64) -> Option<Due> {
        let mut due = self.0.due.borrow_mut();
        let first = due.first_entry().filter(|entry| entry.key().0 <= at)?;
        Some(first.remove())
    }

    /// Ends every invocation where it stands, but those of this name.
    pub fn stop_all_but(&self, name: &str) {
        let tasks = self.0.tasks.borrow();
        let meant: Vec<u64> = tasks.iter().filter(|(_, task)| &*task.running.name != name).map(|(id, _)| *id).collect();
        drop(tasks);
        meant.into_iter().for_each(|id| self.kill(id));
    }

    /// The run is over. What still waits holds the world, which holds this: memory would grow with each run.
    pub fn forget_what_waits(&self) {
        drop(self.0.tasks.take());
        drop(self.0.parts.take());
        drop(self.0.due.take());
    }

    fn kill(&self, id: u64) {
        let task = self.0.tasks.borrow_mut().remove(&id);
        if let Some(task) = task {
            self.log(&task.running.name, None, "ENDED FROM OUTSIDE");
            self.end(task);
        }
    }

    fn after(&self, span: Millis, due: Due) {
        let at = self.now().plus(span.max(Millis::ZERO)).millis();
        self.0.due.borrow_mut().insert((at, self.next()), due);
    }

    fn next(&self) -> u64 {
        self.0.sequence.replace(self.0.sequence.get() + 1)
    }

    pub(super) fn log(&self, task: &Arc<str>, point: Option<(usize, Option<Strike>)>, text: &'static str) {
        let mut trace = self.0.trace.borrow_mut();
        if trace.is_verbose() {
            trace.push(Event { at: self.now(), task: Some(task.clone()), point, text: text.to_owned() });
        }
    }
}

impl std::fmt::Debug for Sim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sim at {:?}", self.now())
    }
}

impl<F> std::fmt::Debug for Invocation<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Invocation of {}", self.name)
    }
}

impl app::ports::Clock for Sim {
    fn now(&self) -> Timestamp {
        self.shown()
    }
}
