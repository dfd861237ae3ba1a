//! `moniqo sessions`

use super::Api;
use crate::args::{SessionAct, Sessions};
use crate::failure::Failure;
use crate::table::{maybe, plain, table, time};
use comfy_table::Cell;
use wire::view::{List, Session};

const HEADER: [&str; 5] = ["since (UTC)", "until (UTC)", "id", "from", "with"];
const NONE: &str = "There are no sessions. Programs use API keys: moniqo api-keys list";

pub(super) fn run(api: &Api, wanted: &Sessions) -> Result<(), Failure> {
    match &wanted.act {
        None | Some(SessionAct::List) => {
            api.show_all("sessions", |list: &List<Session>| table(&HEADER, list.items.iter().map(row).collect(), NONE))
        }
        Some(SessionAct::Delete { id }) => {
            api.delete(&format!("sessions/{id}"), None)?;
            anstream::println!("The session {id} has ended.");
            Ok(())
        }
    }
}

fn row(of: &Session) -> Vec<Cell> {
    let id = if of.current { format!("{} (this one)", of.id) } else { of.id.clone() };
    let dates = [plain(time(of.created_at)), plain(time(of.expires_at)), plain(id)];
    dates.into_iter().chain([maybe(of.ip_address.as_ref()), maybe(of.user_agent.as_ref())]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::served::serving;

    #[test]
    fn session_is_ended_by_its_id() {
        let (api, requests) = serving(&[(204, "")]);
        run(&api, &Sessions { act: Some(SessionAct::Delete { id: "ses_1".to_owned() }) }).unwrap();
        assert_eq!(requests.join().unwrap(), ["DELETE sessions/ses_1"]);
    }
}
