//! Numbers that may be written as texts, as they are described.

use domain::limits::TEXT_CHARACTERS_MAX;
use serde::Serialize;
use std::borrow::Cow;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// An amount, a price, a share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NumberOrText(pub String);

/// How many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CountOrText(pub String);

/// What a parameter is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NumberOrWord(pub String);

/// How many, from 1 to so many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CountUpTo<const MAX: u32>(pub String);

/// Yes or no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlagOrText(pub String);

/// A text in whose place a number is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextOrNumber(pub String);

/// When something was, in RFC 3339 or counted from 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeOrNumber(pub String);

fn one_of<const N: usize>(types: [Type; N], description: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::from_iter(types)).description(Some(description))
}

impl PartialSchema for NumberOrText {
    fn schema() -> RefOr<Schema> {
        one_of([Type::String, Type::Number], "A number, or the same as text: `0.001` or `\"0.001\"`.").into()
    }
}

impl PartialSchema for CountOrText {
    fn schema() -> RefOr<Schema> {
        let count = one_of([Type::String, Type::Integer], "A whole number, or the same as text: `3` or `\"3\"`.");
        count.minimum(Some(0)).into()
    }
}

impl PartialSchema for NumberOrWord {
    fn schema() -> RefOr<Schema> {
        let said = "A number or a word; a number may be written as text, and null is as if it were left out.";
        one_of([Type::String, Type::Number, Type::Null], said).into()
    }
}

impl<const MAX: u32> PartialSchema for CountUpTo<MAX> {
    fn schema() -> RefOr<Schema> {
        let said = format!("A whole number from 1 to {MAX}, or the same as text: `1` or `\"1\"`.");
        one_of([Type::String, Type::Integer], &said).minimum(Some(1)).maximum(Some(MAX)).into()
    }
}

impl<const MAX: u32> ToSchema for CountUpTo<MAX> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("CountUpTo{MAX}"))
    }
}

impl PartialSchema for FlagOrText {
    fn schema() -> RefOr<Schema> {
        let words = [true.into(), false.into(), "true".into(), "false".into()];
        let said = "Yes or no, as JSON has it or as text: `true` or `\"true\"`.";
        one_of([Type::Boolean, Type::String], said).enum_values::<_, serde_json::Value>(Some(words)).into()
    }
}

impl PartialSchema for TextOrNumber {
    fn schema() -> RefOr<Schema> {
        let said = "A text; a number in its place is read as its digits: `60` is `\"60\"`.";
        one_of([Type::String, Type::Number], said).max_length(Some(TEXT_CHARACTERS_MAX)).into()
    }
}

impl PartialSchema for TimeOrNumber {
    fn schema() -> RefOr<Schema> {
        let said = "A moment in RFC 3339, or seconds or milliseconds since 1970 as a number or as text.";
        one_of([Type::String, Type::Number], said).into()
    }
}

/// All members of these in one object. If it is closed, it has no other ones.
pub(super) fn join(about: &[&str], is_closed: bool, parts: impl IntoIterator<Item = RefOr<Schema>>) -> RefOr<Schema> {
    let mut all = ObjectBuilder::new().schema_type(Type::Object).description(Some(about.concat().trim()));
    for part in parts {
        let RefOr::T(Schema::Object(part)) = part else { continue };
        all = part.properties.into_iter().fold(all, |all, (name, member)| all.property(name, member));
        all = part.required.into_iter().fold(all, ObjectBuilder::required);
    }
    all.additional_properties(is_closed.then_some(AdditionalProperties::<Schema>::FreeForm(false))).into()
}

/// Describes objects that have the members of several types.
macro_rules! joined {
    (@closed closed) => { true };
    (@closed open) => { false };
    ($($(#[doc = $about:literal])+ $name:ident = $ends:ident [$($part:ty),+];)+) => {$(
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let parts = [$(<$part as utoipa::PartialSchema>::schema()),+];
                $crate::view::written::join(&[$($about),+], $crate::view::written::joined!(@closed $ends), parts)
            }
        }

        impl utoipa::ToSchema for $name {
            fn schemas(
                schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>,
            ) {
                $(<$part as utoipa::ToSchema>::schemas(schemas);)+
            }
        }
    )+};
}
pub(super) use joined;

/// Describes a value that is as one of these types.
macro_rules! either {
    ($($(#[doc = $about:literal])+ $name:ident = [$($of:ty),+];)+) => {$(
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let one = utoipa::openapi::OneOfBuilder::new().description(Some([$($about),+].concat().trim()));
                $(let one = one.item(utoipa::openapi::Ref::from_schema_name(<$of as utoipa::ToSchema>::name()));)+
                one.into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::Schema>)>) {
                $(
                    let name = <$of as utoipa::ToSchema>::name().into_owned();
                    schemas.push((name, <$of as utoipa::PartialSchema>::schema()));
                    <$of as utoipa::ToSchema>::schemas(schemas);
                )+
            }
        }
    )+};
}
pub(super) use either;

impl ToSchema for FlagOrText {}
impl ToSchema for TextOrNumber {}
impl ToSchema for TimeOrNumber {}
impl ToSchema for NumberOrText {}
impl ToSchema for CountOrText {}
impl ToSchema for NumberOrWord {}
