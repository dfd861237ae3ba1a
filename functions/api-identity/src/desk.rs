//! What the routes ask for, promised to move between threads.

use app::identity::{Credentials, IdentityError, Invited, LoggedIn, Registered, Registration, Run, Sought, Standing};
use app::ports::{Login, Origin, Page, PageRequest, Reset, Secret, Session};
use domain::clock::Timestamp;
use domain::identity::{Password, User};
use domain::ids::{SessionId, UserId};
use lambda::api::CountsAddresses;
use lambda::guard::Guards;

pub(crate) type Done<T> = Result<T, IdentityError>;

pub trait Desk: Guards + CountsAddresses {
    /// Whether people may register by themselves.
    fn is_open(&self) -> bool;

    fn log_in(&self, credentials: Credentials, run: Run<'_>) -> impl Future<Output = Done<LoggedIn>> + Send;
    fn register(
        &self,
        registration: Registration,
        invited: Invited<'_>,
        run: Run<'_>,
    ) -> impl Future<Output = Done<Registered>> + Send;
    fn refresh(&self, user: &UserId, login: &SessionId, run: Run<'_>) -> impl Future<Output = Done<LoggedIn>> + Send;
    fn sessions(&self, user: &UserId, run: Run<'_>) -> impl Future<Output = Done<Vec<Login>>> + Send;
    fn end(&self, user: &UserId, login: &SessionId) -> impl Future<Output = Done<()>> + Send;

    fn change_password(
        &self,
        session: &Session,
        old: &Password,
        new: &Password,
        run: Run<'_>,
    ) -> impl Future<Output = Done<()>> + Send;
    fn hand_reset(
        &self,
        admin: &Session,
        user: &UserId,
        token: &Secret,
        run: Run<'_>,
    ) -> impl Future<Output = Done<Reset>> + Send;
    fn reset_password(
        &self,
        token: &Secret,
        new: &Password,
        origin: &Origin,
        run: Run<'_>,
    ) -> impl Future<Output = Done<()>> + Send;

    fn users(&self, page: &PageRequest, sought: &Sought) -> impl Future<Output = Done<Page<User>>> + Send;
    fn user(&self, session: &Session, user: &UserId) -> impl Future<Output = Done<User>> + Send;
    fn last_seen(&self, user: &User, run: Run<'_>) -> impl Future<Output = Done<Option<Timestamp>>> + Send;
    fn stand(
        &self,
        admin: &Session,
        user: &UserId,
        standing: Standing,
        seen: Option<u64>,
        run: Run<'_>,
    ) -> impl Future<Output = Done<User>> + Send;

    /// Calls made to AWS since this was last asked.
    fn calls(&self) -> u32;
}
