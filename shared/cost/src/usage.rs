//! What is billed: units of each kind, added up.

use crate::Broken;
use crate::counts::{Counts, OF_PAGES, Page, Trigger};
use rust_decimal::Decimal;
use std::ops::{Add, Mul, Sub};

const MB_PER_GB: u32 = 1_024;
const MS_PER_SECOND: u32 = 1_000;
const BYTES_PER_GB: u32 = 1_073_741_824;

macro_rules! units {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// Amounts of everything that is billed by use.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct Usage { $($(#[$doc])* pub $name: Decimal),* }

        impl Add for Usage {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self { $($name: self.$name + other.$name),* }
            }
        }

        impl Sub for Usage {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self { $($name: self.$name - other.$name),* }
            }
        }

        impl Mul<Decimal> for Usage {
            type Output = Self;
            fn mul(self, times: Decimal) -> Self {
                Self { $($name: self.$name * times),* }
            }
        }
    };
}

units! {
    writes,
    reads,
    invocations,
    gb_seconds,
    fifo,
    standard,
    http,
    schedules,
    kms,
    log_gb,
    /// In the tables, through the month.
    storage_gb,
}

impl Usage {
    /// Of one case, its trigger and its log lines included.
    ///
    /// # Errors
    /// [`Broken`] where nobody has counted it.
    pub fn of(case: &str, counts: &Counts) -> Result<Self, Broken> {
        let (case, function) = counts.case(case)?;
        let trigger = case.trigger.unwrap_or(function.trigger);
        let (memory, ms) = (Decimal::from(function.memory_mb), case.milliseconds(function, &counts.assumed));
        let bytes = Decimal::from(function.log_bytes);
        let own = Self {
            writes: case.writes.into(),
            reads: Decimal::from(case.half_reads) / Decimal::TWO,
            invocations: Decimal::ONE,
            gb_seconds: memory * ms / Decimal::from(MB_PER_GB) / Decimal::from(MS_PER_SECOND),
            fifo: case.fifo.into(),
            standard: case.standard.into(),
            kms: case.kms_calls.into(),
            log_gb: gb(bytes),
            ..Self::default()
        };
        Ok(own + Self::of_trigger(trigger, counts))
    }

    /// Of one look at a page of the dashboard.
    ///
    /// # Errors
    /// [`Broken`] if `counts.toml` lacks that function.
    pub fn of_page(page: &Page, counts: &Counts) -> Result<Self, Broken> {
        let missing = || Broken("counts.toml", format!("{OF_PAGES} is missing"));
        let function = counts.function.get(OF_PAGES).ok_or_else(missing)?;
        let requests = Decimal::from(page.requests);
        let waits = Decimal::from(page.database_calls) * Decimal::from(counts.assumed.ms_per_database_call);
        let own = requests * Decimal::from(function.own_ms);
        let seconds = (own + waits) / Decimal::from(MS_PER_SECOND);
        let units = Self {
            writes: page.writes.into(),
            reads: Decimal::from(page.half_reads) / Decimal::TWO,
            gb_seconds: Decimal::from(function.memory_mb) * seconds / Decimal::from(MB_PER_GB),
            ..Self::default()
        };
        let line = Self { invocations: Decimal::ONE, log_gb: gb(function.log_bytes.into()), ..Self::default() };
        Ok(units + (line + Self::of_trigger(Trigger::Http, counts)) * requests)
    }

    fn of_trigger(trigger: Trigger, counts: &Counts) -> Self {
        let none = Self::default();
        match trigger {
            Trigger::Http => Self { http: Decimal::ONE, log_gb: gb(counts.assumed.access_log_bytes.into()), ..none },
            Trigger::Fifo => Self { fifo: Decimal::TWO, ..none },
            Trigger::Standard => Self { standard: Decimal::TWO, ..none },
            Trigger::Schedule => Self { schedules: Decimal::ONE, ..none },
            Trigger::Call => none,
        }
    }
}

pub(crate) fn gb(bytes: Decimal) -> Decimal {
    bytes / Decimal::from(BYTES_PER_GB)
}
