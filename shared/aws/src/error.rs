//! Failed calls, as the ports name them.

use app::ports::StoreError;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// Every failure that says nothing about a row is worth another try by the caller: the SDK has had its own.
pub(crate) fn unavailable<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> StoreError {
    let what = match error.as_service_error() {
        Some(service) => {
            format!("{}: {}", service.code().unwrap_or("no code"), service.message().unwrap_or("no message"))
        }
        None => error.to_string(),
    };
    StoreError::Unavailable(what)
}

/// A request that lacks what the SDK wants: a bug of this crate.
pub(crate) fn unbuilt(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(format!("a request could not be built: {error}"))
}
