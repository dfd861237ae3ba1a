//! `/address-labels`: who owns addresses on blockchains.

use crate::{Api, problem};
use app::whales::labels::{self, LabelFilter};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::identity::Permission;
use domain::limits::{LABELS_MAX, LABELS_OF_AN_IMPORT_MAX};
use domain::whale::{Blockchain, ChainAddress, Label, LabelCategory, LabelRole};
use domain::words::Word as _;
use lambda::api::Table;
use lambda::body;
use lambda::edge::Problem;
use lambda::guard::Caller;
use lambda::matched::{Seen, Tag, tag};
use lambda::page::{Asked, Listed, parameter};
use serde::Deserialize;
use serde_json::{Value, json};
use wire::labels::{owner, read};
use wire::stored;
use wire::view::{AddressLabel, LabelsImported, List, NewAddressLabel};

type Shown = (StatusCode, Tag, Json<AddressLabel>);

const TOPIC: &str = "Who owns addresses on blockchains. Whale alerts are judged by it: a transfer to an address of an exchange is an inflow, \
                     and one between addresses of one owner is no movement.";
const PATTERN: &str = "^[a-z_]{1,32}:[A-Za-z0-9]{1,90}$";
const IMPORT: &str = "The first line names the columns `blockchain,address,owner,category,role,source,as_of,confidence`, in any order; `role` and \
                      `as_of` may be empty. All lines are checked before any is stored. What was exported as CSV can be imported again.";

pub(super) fn routes<T: Table<Api>>(table: T) -> T {
    let table = table.about("address-labels", TOPIC);
    let table = table.get("", list, |of| {
        let words = |words: &[&str]| json!({"type": "string", "enum": words});
        let of = of.says("listAddressLabels", "List labels of addresses, by blockchain and address");
        of.details(format!("At most {LABELS_MAX} of a blockchain are stored. A page may be short."))
            .needs(Permission::SOURCES)
            .query("blockchain", &words(Blockchain::WORDS), "where the address is")
            .query("owner", &json!({"type": "string"}), "an owner, such as `binance`")
            .query("category", &words(LabelCategory::WORDS), "what the owner is")
            .query("role", &words(LabelRole::WORDS), "what the owner uses it for")
            .page::<AddressLabel>()
    });
    let table = table.post("/import", import, |of| {
        let of = of.repeatable().says("importAddressLabels", "Set labels of addresses from CSV");
        let of =
            of.details(format!("{IMPORT} At most {LABELS_OF_AN_IMPORT_MAX} lines; send more in several requests."));
        of.needs(Permission::SOURCES)
            .sheet(SHEET)
            .answers::<LabelsImported>(200)
            .refuses(409, &["too_many_address_labels"])
    });
    let table = table.get("/{id}", show, |of| {
        let of = of.says("getAddressLabel", "Get the label of an address").needs(Permission::SOURCES);
        of.path_pattern(PATTERN).answers::<AddressLabel>(200).tagged().refuses(404, &["not_found"])
    });
    let table = table.put("/{id}", put, |of| {
        of.says("replaceAddressLabel", "Create or replace the label of an address; 201 if it had none")
            .needs(Permission::SOURCES)
            .path_pattern(PATTERN)
            .body::<NewAddressLabel>(&example())
            .answers::<AddressLabel>(200)
            .answers::<AddressLabel>(201)
            .tagged()
            .matched()
            .refuses(409, &["too_many_address_labels"])
    });
    table.delete("/{id}", delete, |of| {
        let of = of.says("deleteAddressLabel", "Delete the label of an address");
        let of = of.needs(Permission::SOURCES).path_pattern(PATTERN).answers_nothing().matched();
        of.refuses(404, &["not_found"])
    })
}

const SHEET: &str = "blockchain,address,owner,category,role,source,as_of,confidence\n\
    ethereum,0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed,example,exchange,hot,https://exchange.example.com/reserves,2026-01-31,100\n";

fn example() -> Value {
    json!({
        "owner": "example", "category": "exchange", "role": "hot", "source": "https://exchange.example.com/reserves",
        "as_of": "2026-01-31", "confidence": 100,
    })
}

#[derive(Deserialize)]
struct Given {
    blockchain: Option<String>,
    owner: Option<String>,
    category: Option<String>,
    role: Option<String>,
}

impl Given {
    fn filter(&self) -> Result<LabelFilter, Problem> {
        Ok(LabelFilter {
            chain: parameter("blockchain", self.blockchain.as_deref())?,
            owner: self.owner.as_ref().map(|owner| owner.to_ascii_lowercase()),
            category: parameter("category", self.category.as_deref())?,
            role: parameter("role", self.role.as_deref())?,
        })
    }

    /// Whatever a cursor is good for.
    fn name(&self) -> String {
        let all = [&self.blockchain, &self.owner, &self.category, &self.role];
        format!("address-labels {}", all.map(|one| one.as_deref().unwrap_or_default()).join("\n"))
    }
}

async fn list(
    State(api): State<Api>,
    caller: Caller,
    Query(given): Query<Given>,
    asked: Asked,
) -> Result<Json<List<AddressLabel>>, Problem> {
    let name = given.name();
    let list = Listed { name: &name, user: &caller.session.user };
    let page = labels::list(&api.store, &given.filter()?, &asked.page(list)?).await.map_err(problem::label)?;
    asked.answer(list, page, |row| Ok(AddressLabel::of(row))).map(Json)
}

async fn show(State(api): State<Api>, _: Caller, Path(id): Path<String>) -> Result<Shown, Problem> {
    let (chain, address) = parse(&id)?;
    Ok(shown(StatusCode::OK, &labels::find(&api.store, chain, &address).await.map_err(problem::label)?))
}

async fn put(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Shown, Problem> {
    let new: NewAddressLabel = body::read(&body)?;
    let (chain, address) = parse(&id)?;
    let label = Label {
        chain,
        address,
        owner: owner(&new.owner),
        category: new.category.0,
        role: new.role.map(|role| role.0),
        source: new.source.to_string(),
        as_of: new.as_of.map_or(caller.invocation.now().begin_of_day(), |day| day.0),
        confidence: u8::try_from(new.confidence.0).unwrap_or_default(),
    };
    let (row, is_new) = labels::put(&api.store, &label, seen.0, caller.act()).await.map_err(problem::label)?;
    caller.invocation.outcome("label set");
    Ok(shown(if is_new { StatusCode::CREATED } else { StatusCode::OK }, &row))
}

async fn import(State(api): State<Api>, caller: Caller, body: Bytes) -> Result<Json<LabelsImported>, Problem> {
    let wrong = |told: String| Problem::field("body", format!("body {told}"));
    let text = std::str::from_utf8(&body).map_err(|_| wrong("must be CSV in UTF-8".to_owned()))?;
    let labels = read(text, caller.invocation.now()).map_err(|bad| wrong(format!("must be CSV: {bad}")))?;
    if labels.len() > LABELS_OF_AN_IMPORT_MAX {
        return Err(wrong(format!("must have at most {LABELS_OF_AN_IMPORT_MAX} lines below the header")));
    }
    let done = labels::import(&api.store, &labels, caller.act()).await.map_err(problem::label)?;
    caller.invocation.outcome(format!("{} labels imported", labels.len()));
    Ok(Json(LabelsImported { created: done.created, changed: done.changed, unchanged: done.same }))
}

async fn delete(
    State(api): State<Api>,
    caller: Caller,
    seen: Seen,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let (chain, address) = parse(&id)?;
    labels::remove(&api.store, (chain, &address), seen.0, caller.act()).await.map_err(problem::label)?;
    caller.invocation.outcome("label deleted");
    Ok(StatusCode::NO_CONTENT)
}

fn shown(status: StatusCode, row: &stored::AddressLabel) -> Shown {
    (status, tag(row.version), Json(AddressLabel::of(row)))
}

fn parse(id: &str) -> Result<(Blockchain, ChainAddress), Problem> {
    let wrong = || {
        Problem::field(
            "id",
            "id must be a blockchain and an address, such as ethereum:0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
        )
    };
    let (chain, address) = id.split_once(':').ok_or_else(wrong)?;
    let chain: Blockchain = chain.parse().map_err(|_| wrong())?;
    let address = ChainAddress::parse(chain, address).map_err(|bad| Problem::field("id", format!("id {bad}")))?;
    Ok((chain, address))
}
