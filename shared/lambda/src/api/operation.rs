//! What one route says of itself.

use super::access::Access;
use super::declared::{Declared, Keys};
use super::schema;
use super::written::{Written, parameter};
use domain::identity::Permission;
use domain::limits::{PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAX};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::ToSchema;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const SHEET: &str = "text/csv";

/// Who is told what a route says of itself: the document, or the route that is served.
pub trait Hearer: Default {
    /// What only the document shows.
    #[must_use]
    fn write(self, _: impl FnOnce(Written) -> Written) -> Self {
        self
    }

    /// What the served route holds its callers to.
    #[must_use]
    fn keep(self, _: impl FnOnce(Declared) -> Declared) -> Self {
        self
    }
}

/// Built by the route that it documents. What each answer of a kind has in common is added by itself: a route with a body
/// refuses one that cannot be read, a route that needs somebody refuses strangers, any route a query parameter that it does
/// not name.
#[derive(Debug, Default)]
pub struct Operation<H>(pub(super) H);

impl<H: Hearer> Operation<H> {
    /// The method of a generated client that calls it, and in a few words what it does: a verb, and the resource.
    #[must_use]
    pub fn says(self, name: &'static str, summary: &'static str) -> Self {
        self.write(|written| Written { name, summary, ..written })
    }

    #[must_use]
    pub fn details(self, details: impl Into<String>) -> Self {
        self.write(|written| {
            let before = written.details.map(|before| before + " ").unwrap_or_default();
            Written { details: Some(before + &details.into()), ..written }
        })
    }

    /// For anybody: no token is asked for.
    #[must_use]
    pub fn open(self) -> Self {
        Self(self.0.keep(Declared::at_once)).permitted("none")
    }

    /// An open operation that does more for an admin.
    #[must_use]
    pub fn or_bearer(self) -> Self {
        self.write(|written| Written { or_bearer: true, ..written })
    }

    /// For a browser's session by its cookie alone.
    #[must_use]
    pub fn by_cookie(self) -> Self {
        self.session().write(|written| Written { by_cookie: true, ..written })
    }

    /// For whoever has a token, whatever it permits.
    #[must_use]
    pub fn any_token(self) -> Self {
        self.letting_in(|access| access).permitted("token").refusing_strangers()
    }

    /// For a person who has logged in; a program's key is answered 404.
    #[must_use]
    pub fn session(self) -> Self {
        let session = self.letting_in(Access::in_session).permitted("session");
        session.refusing_strangers().refuses(404, &["not_found"])
    }

    #[must_use]
    pub fn needs(self, permission: Permission) -> Self {
        let permitted = self.letting_in(|access| access.needing(permission)).permitted(permission.as_str());
        permitted.refusing_strangers().refuses(403, &["missing_scope"])
    }

    /// Whoever has this needs not have the other.
    #[must_use]
    pub fn or_needs(self, permission: Permission) -> Self {
        let either = self.letting_in(|access| access.needing(permission));
        either.write(|written| Written { or_permission: Some(permission), ..written })
    }

    /// A program's key has to permit this as well.
    #[must_use]
    pub fn key_needs(self, permission: Permission) -> Self {
        let held = self.letting_in(|access| access.of_keys(permission));
        held.write(|written| Written { key_permission: Some(permission), ..written })
    }

    /// By a person who has logged in: a program's key is answered 403.
    #[must_use]
    pub fn in_person(self) -> Self {
        self.letting_in(Access::in_person).write(|written| Written { in_person: true, ..written })
    }

    /// The id in the path is of such a thing, which belongs to somebody: a foreign id answers as an unknown one does.
    #[must_use]
    pub fn of(self, owned: &'static str) -> Self {
        self.write(|written| Written { owner: Some(owned), ..written }).refuses(404, &["not_found"])
    }

    /// What it is about is one's own; or, with `?user_id=`, somebody else's for whoever may look at everybody's trading.
    #[must_use]
    pub fn of_others(self) -> Self {
        let meant = format!("whose, `usr_…`; another's needs `{}`", Permission::READ_ALL.as_str());
        let asked = self.query("user_id", &json!({"type": "string"}), &meant).refuses(404, &["not_found"]);
        asked.write(|written| Written { of_others: true, ..written })
    }

    /// Counted by the address of whoever asks, before anything else is looked at; if the route is open in part alone, by its
    /// handler ([`crate::guard::Door::count_address`]).
    #[must_use]
    pub fn by_address(self) -> Self {
        let counted = Self(self.0.keep(Declared::once_let_in));
        counted.write(|written| Written { by_address: true, ..written }).refuses(429, &["too_many_requests"])
    }

    /// Takes a JSON object that [`crate::body::read`] makes this type of.
    #[must_use]
    pub fn body<T: ToSchema + DeserializeOwned>(self, example: &Value) -> Self {
        self.body_shown_as::<T>(example)
    }

    /// Takes all members of this shape, none of them null: [`crate::body::change`] reads it.
    #[must_use]
    pub fn whole_body<T: ToSchema + DeserializeOwned>(self, example: &Value) -> Self {
        let whole = |written: &mut Written| json!({"allOf": [schema::of::<T>(&mut written.schemas)], "required": store::members::<T>()});
        self.sent(JSON, whole, example).refusing_json()
    }

    /// With `PUT` it does what it does with `PATCH`.
    #[must_use]
    pub fn merging(self) -> Self {
        let of = self.details("`PUT` does the same as `PATCH`: members that are left out stay.");
        of.write(|written| Written { merges: true, ..written })
    }

    /// Takes a JSON object of this shape, which has a reader of its own.
    #[must_use]
    pub fn body_shown_as<T: ToSchema>(self, example: &Value) -> Self {
        self.sent(JSON, |written| schema::of::<T>(&mut written.schemas), example).refusing_json()
    }

    /// Takes a form of this shape.
    #[must_use]
    pub fn form<T: ToSchema>(self, example: &Value) -> Self {
        let form = self.sent(FORM, |written| schema::of::<T>(&mut written.schemas), example);
        form.refuses(413, &["body_too_large"])
    }

    /// Takes CSV, which has a reader of its own.
    #[must_use]
    pub fn sheet(self, example: &str) -> Self {
        let sheet = self.sent(SHEET, |_| json!({"type": "string"}), &example.into());
        sheet.refuses(413, &["body_too_large"]).refuses(422, &["invalid_field"])
    }

    /// Takes JSON that no type of ours describes.
    #[must_use]
    pub fn body_like(self, schema: &Value, example: &Value) -> Self {
        self.sent(JSON, |_| schema.clone(), example).refusing_json()
    }

    /// These schemas, which the schema of a body refers to by their names.
    #[must_use]
    pub fn with_schemas(self, schemas: impl IntoIterator<Item = (&'static str, Value)>) -> Self {
        self.write(|mut written| {
            written.schemas.extend(schemas.into_iter().map(|(name, schema)| (name.to_owned(), schema)));
            written
        })
    }

    /// The body may be left out.
    #[must_use]
    pub fn optional_body(self) -> Self {
        self.write(|mut written| {
            if let Some(body) = &mut written.body {
                body["required"] = json!(false);
            }
            written
        })
    }

    /// Takes such a query parameter; any other is refused.
    #[must_use]
    pub fn query(self, name: &'static str, schema: &Value, description: &str) -> Self {
        Self(self.0.keep(|declared| declared.taking(name))).parameter("query", name, schema, description)
    }

    /// Whatever its query names means nothing here and is left alone: for callers who cannot mend what they were told to ask.
    #[must_use]
    pub fn any_query(self) -> Self {
        Self(self.0.keep(Declared::any)).write(|written| Written { any_query: true, ..written })
    }

    /// How what stands in the path is written, where it is no id.
    #[must_use]
    pub fn path_pattern(self, pattern: &'static str) -> Self {
        self.write(|written| Written { path_pattern: Some(pattern), ..written })
    }

    #[must_use]
    pub fn answers<T: ToSchema>(self, status: u16) -> Self {
        self.answering(status, |written| Some((JSON, schema::of::<T>(&mut written.schemas))))
    }

    /// Items in the shape of a list.
    #[must_use]
    pub fn list<T: ToSchema>(self) -> Self {
        self.answering(200, |written| Some((JSON, schema::page::<T>(&mut written.schemas))))
    }

    /// Of so many that are kept: one more is refused, or takes the place of the oldest.
    #[must_use]
    pub fn at_most(self, most: usize) -> Self {
        self.details(format!("At most {most} are stored."))
    }

    /// A part of a list, as `?limit=` and `?cursor=` ask for it.
    #[must_use]
    pub fn page<T: ToSchema>(self) -> Self {
        let limit = json!({"type": "integer", "minimum": 1, "default": PAGE_ITEMS_DEFAULT});
        let clamped = format!("how many items; above {PAGE_ITEMS_MAX} it is {PAGE_ITEMS_MAX}, and the answer says so");
        let cursor = json!({"type": "string", "minLength": 1, "maxLength": 2_048});
        self.list::<T>().query("limit", &limit, &clamped).query("cursor", &cursor, "`next_cursor` of an earlier answer")
    }

    /// 204.
    #[must_use]
    pub fn answers_nothing(self) -> Self {
        self.answering(204, |_| None)
    }

    /// Something else than JSON of ours.
    #[must_use]
    pub fn answers_with(self, status: u16, content_type: &'static str) -> Self {
        let kind = if content_type == JSON { "object" } else { "string" };
        self.answering(status, |_| Some((content_type, json!({"type": kind}))))
    }

    /// The same as a text of another kind, where that is asked for.
    #[must_use]
    pub fn or_as(self, status: u16, content_type: &'static str) -> Self {
        self.write(|mut written| {
            written.answer(status).content.push((content_type, json!({"type": "string"})));
            written
        })
    }

    /// Each answer so far that went well has the version as its `ETag`.
    #[must_use]
    pub fn tagged(self) -> Self {
        self.write(|mut written| {
            let tag = json!({"description": "the version", "schema": {"type": "string"}, "example": "\"3\""});
            for answer in written.went_well() {
                answer.headers.insert("ETag".to_owned(), tag.clone());
            }
            written
        })
    }

    /// Takes `If-Match`.
    #[must_use]
    pub fn matched(self) -> Self {
        let schema = json!({"type": "string", "pattern": "^(\\*|\"[0-9]{1,18}\")$"});
        let meant = "Change only this version: the `ETag` of an answer, such as `\"3\"`; `*` accepts any";
        let matched = self.parameter("header", "If-Match", &schema, meant);
        matched.refuses(409, &["version_conflict"]).refuses(422, &["invalid_field"])
    }

    /// The gateway unpacks a path: with a question mark or what can be in no path in its place, an id makes it another
    /// one, which may not be there, or have other methods.
    pub(super) fn at(self, path: &str) -> Self {
        let placed = if path.contains('{') { self.refuses(404, &["not_found"]) } else { self };
        if path.contains("}/") { placed.refuses(405, &["method_not_allowed"]) } else { placed }
    }

    /// Such problems, with these codes.
    #[must_use]
    pub fn refuses(self, status: u16, codes: &[&'static str]) -> Self {
        self.write(|mut written| {
            written.answer(status).codes.extend(codes);
            written
        })
    }

    /// The same in a shape of its own, for whom a standard has one.
    #[must_use]
    pub fn refuses_with<T: ToSchema>(self, status: u16, codes: &[&'static str]) -> Self {
        self.answers::<T>(status).refuses(status, codes)
    }

    /// It ends in the same state however often it is done: one with an `Idempotency-Key` that was not finished is done again.
    #[must_use]
    pub fn repeatable(self) -> Self {
        self.treating_keys(|keys| Keys { is_repeatable: true, ..keys })
    }

    /// A request has to have an `Idempotency-Key`: [`crate::idempotency::RequiredKey`] reads it.
    #[must_use]
    pub fn needs_key(self) -> Self {
        self.treating_keys(|keys| Keys { is_required: true, ..keys })
    }

    /// Its answer is shown once and stored nowhere, as it holds a secret.
    #[must_use]
    pub fn tells_once(self) -> Self {
        self.treating_keys(|keys| Keys { tells_once: true, ..keys })
    }

    /// It trades, though its permission does not say so.
    #[must_use]
    pub fn trades(self) -> Self {
        self.treating_keys(|keys| Keys { trades: true, ..keys })
    }

    /// Takes no `Idempotency-Key`: it changes nothing, or takes a password, of which no trace is kept.
    #[must_use]
    pub fn without_key(self) -> Self {
        self.treating_keys(|keys| Keys { are_ignored: true, ..keys })
    }

    /// What creates or acts takes an `Idempotency-Key`, if it knows who asks.
    pub(super) fn keyed(self) -> Self {
        Self(self.0.keep(Declared::keyed)).write(Written::keyed)
    }

    fn treating_keys(self, treated: fn(Keys) -> Keys) -> Self {
        let said = self.write(|written| Written { keys: treated(written.keys), ..written });
        Self(said.0.keep(|declared| declared.treating_keys(treated)))
    }

    fn letting_in(self, access: impl FnOnce(Access) -> Access) -> Self {
        Self(self.0.keep(|declared| declared.letting_in(access)))
    }

    fn refusing_strangers(self) -> Self {
        self.refuses(401, &["unauthorized"]).refuses(429, &["too_many_requests"])
    }

    fn refusing_json(self) -> Self {
        self.refuses(400, &["invalid_json"]).refuses(413, &["body_too_large"]).refuses(422, &["invalid_field"])
    }

    fn permitted(self, permission: &str) -> Self {
        self.write(|written| Written { permission: Some(permission.to_owned()), ..written })
    }

    fn parameter(self, place: &str, name: &str, schema: &Value, description: &str) -> Self {
        self.write(|mut written| {
            written.parameters.push(parameter(place, name, schema, description));
            written
        })
    }

    fn sent(self, kind: &str, schema: impl FnOnce(&mut Written) -> Value, example: &Value) -> Self {
        self.write(|mut written| {
            let content = json!({kind: {"schema": schema(&mut written), "example": example}});
            written.body = Some(json!({"required": true, "content": content}));
            written
        })
    }

    fn answering(self, status: u16, content: impl FnOnce(&mut Written) -> Option<(&'static str, Value)>) -> Self {
        self.write(|mut written| {
            let content = content(&mut written);
            written.answer(status).content = content.into_iter().collect();
            written
        })
    }

    fn write(self, said: impl FnOnce(Written) -> Written) -> Self {
        Self(self.0.write(said))
    }
}
