//! A KMS in memory: a wrapped key opens in the context of its making and in no other.

use crate::one_thread::OneThread;
use app::ports::{Context, DataKey, NewDataKey, SealDay, SignedDay, StoreError, VaultError, WrapKey, Wrapped};
use domain::audit::DayHeads;
use domain::clock::Timestamp;
use domain::ids::Sha;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Keys of one deployment; clones are one and the same.
#[derive(Debug, Clone)]
pub struct MemoryKms {
    key: OneThread<Rc<RefCell<String>>>,
    /// Whether it knows how to wrap anew what it has wrapped.
    pub rewraps: bool,
    made: OneThread<Rc<RefCell<Vec<Made>>>>,
    pub opened: OneThread<Rc<Cell<u32>>>,
    /// Cannot be reached.
    pub away: OneThread<Rc<Cell<bool>>>,
    /// Opens what there is, and may not be used for anything new.
    pub opens_only: OneThread<Rc<Cell<bool>>>,
}

#[derive(Debug)]
struct Made {
    wrapped: Wrapped,
    context: Context,
    bytes: [u8; 32],
}

impl MemoryKms {
    pub fn new(rewraps: bool) -> Self {
        let key = OneThread::of(Rc::new(RefCell::new("key/1".to_owned())));
        Self {
            key,
            rewraps,
            made: OneThread::default(),
            opened: OneThread::default(),
            away: OneThread::default(),
            opens_only: OneThread::default(),
        }
    }

    /// Another key is used from now on.
    pub fn rotate(&self, key: &str) {
        key.clone_into(&mut self.key.borrow_mut());
    }

    fn wrap(&self, context: &Context, bytes: [u8; 32]) -> Wrapped {
        let kms_key = self.key.borrow().clone();
        let number = self.made.borrow().len();
        let wrapped = Wrapped { bytes: format!("wrapped {number} by {kms_key}").into_bytes(), kms_key };
        self.made.borrow_mut().push(Made { wrapped: wrapped.clone(), context: context.clone(), bytes });
        wrapped
    }

    fn find(&self, context: &Context, wrapped: &Wrapped) -> Result<[u8; 32], VaultError> {
        if self.away.get() {
            return Err(VaultError::Unavailable("away".to_owned()));
        }
        let made = self.made.borrow();
        let found = made.iter().find(|made| made.wrapped == *wrapped && made.context == *context);
        found.map(|made| made.bytes).ok_or_else(|| VaultError::Refused("another context".to_owned()))
    }
}

impl WrapKey for MemoryKms {
    async fn new_key(&self, context: &Context, now: Timestamp) -> Result<NewDataKey, VaultError> {
        if self.opens_only.get() {
            return Err(VaultError::Unavailable("denied".to_owned()));
        }
        let seed = format!("{} {}", self.made.borrow().len(), now.millis());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(&Sha::of_bytes(seed.as_bytes()).as_str().as_bytes()[..32]);
        let wrapped = self.wrap(context, bytes);
        Ok(NewDataKey { key: DataKey::of(&bytes).expect("32 bytes"), wrapped })
    }

    async fn unwrap_key(&self, context: &Context, wrapped: &Wrapped, _: Timestamp) -> Result<DataKey, VaultError> {
        let bytes = self.find(context, wrapped)?;
        self.opened.set(self.opened.get() + 1);
        Ok(DataKey::of(&bytes).expect("32 bytes"))
    }

    async fn rewrap_key(
        &self,
        context: &Context,
        wrapped: &Wrapped,
        _: Timestamp,
    ) -> Result<Option<Wrapped>, VaultError> {
        let bytes = self.find(context, wrapped)?;
        Ok(self.rewraps.then(|| self.wrap(context, bytes)))
    }

    fn is_current(&self, kms_key: &str) -> bool {
        *self.key.borrow() == kms_key
    }
}

/// What signs closed days: it opens what it has sealed, of the same table and day, and nothing else.
#[derive(Debug, Clone, Default)]
pub struct MemoryAuditKey(OneThread<Rc<RefCell<Vec<Sealed>>>>);

/// What it was sealed as, and of what.
type Sealed = (String, DayHeads);

impl MemoryAuditKey {
    /// How many it has ever made.
    pub fn made(&self) -> usize {
        self.0.borrow().len()
    }
}

impl SealDay for MemoryAuditKey {
    async fn seal_day(&self, heads: &DayHeads, _: Timestamp) -> Result<String, StoreError> {
        let sealed = format!("sealed {}", self.made());
        self.0.borrow_mut().push((sealed.clone(), heads.clone()));
        Ok(sealed)
    }

    async fn open_day(&self, signed: &SignedDay, _: Timestamp) -> Result<Option<DayHeads>, StoreError> {
        let is_it = |heads: &DayHeads| (heads.shelf, heads.day) == (signed.shelf, signed.day);
        let made = self.0.borrow();
        let found = made.iter().find(|(sealed, heads)| *sealed == signed.sealed && is_it(heads));
        Ok(found.map(|(_, heads)| heads.clone()))
    }
}
