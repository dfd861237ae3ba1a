//! Every route is asked by everybody, and answers as docs/openapi.json says: strangers 401, whoever lacks the permission
//! 403, a foreign id 404. Whoever is let in sends what the document shows, and is answered as to that; where it would harm
//! others, they are refused for a body that cannot be read, and for nothing else. What may be asked about somebody else is
//! asked so as well: it is shown to whoever may read everybody's, and hidden from the others.

mod asker;
mod foreign;
mod operation;

use crate::support::http::{Answer, ask};
use crate::support::{part, people, together};
use asker::{About, Asker};
use foreign::Foreign;
use operation::Operation;
use std::collections::BTreeSet;
use std::rc::Rc;

/// What is expected of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    In,
    /// With what was asked for.
    Shown,
    Unauthorized,
    Forbidden,
    /// As if there were no such thing.
    Hidden,
}

#[test]
fn the_document_says_of_each_operation_whom_it_lets_in() {
    let operations = operation::all();
    assert!(operations.len() > 90, "only {} operations", operations.len());
    assert_eq!(operation::unsent_in_vain(), [""; 0]);
    let owners: BTreeSet<_> = operations.iter().filter_map(|operation| operation.owner.as_deref()).collect();
    for owner in owners {
        assert!(foreign::OWNERS.contains(&owner), "no test has a foreign {owner}: see Foreign");
    }
}

/// An eighth of the operations in a run that plays an eighth of the long tail.
#[tokio::test]
async fn every_route_lets_in_whom_it_says_and_nobody_else() {
    let all = operation::all().into_iter().enumerate();
    let operations: Rc<[Operation]> =
        all.filter(|(place, _)| part::is_played(*place)).map(|(_, operation)| operation).collect();
    let admin = people::admin().await;
    let foreign = Rc::new(Foreign::make(&admin).await);
    let mut askers = vec![Asker::stranger()];
    for role in domain::identity::Role::ALL {
        askers.push(Asker::of_role(&admin, role).await);
    }
    let permissions: BTreeSet<_> = operations.iter().flat_map(Operation::permissions).collect();
    for scopes in [Vec::new(), permissions.iter().cloned().collect()] {
        askers.push(Asker::key(scopes, About::All).await);
    }
    // Of each permission: that it is enough, and that nothing takes its place.
    for permission in &permissions {
        let others = permissions.iter().filter(|other| *other != permission).cloned().collect();
        for scopes in [vec![permission.clone()], others] {
            askers.push(Asker::key(scopes, About::Where(permission.clone())).await);
        }
    }
    let all = askers.into_iter().map(|asker| all_of(asker, Rc::clone(&operations), Rc::clone(&foreign)));
    let wrong = together(all).await.concat();
    assert!(wrong.is_empty(), "{} answers are not as documented:\n{}", wrong.len(), wrong.join("\n"));
}

/// Nobody is told of it but whoever is let in; what is open tells everybody.
#[tokio::test]
async fn no_route_takes_a_parameter_that_it_does_not_list() {
    let admin = people::admin().await;
    for operation in operation::all().iter().filter(|operation| !operation.any_query) {
        let path = operation.path(&|_| "nobody".to_owned());
        let mark = if path.contains('?') { '&' } else { '?' };
        let path = format!("{path}{mark}unheard_of=1");
        for bearer in [None, Some(admin.token.as_str())] {
            let answer = ask(operation.method.clone(), &path, bearer, "").await;
            let told = (answer.status, answer.json()["field"].as_str().map(str::to_owned));
            let is_told = operation.is_open() || bearer.is_some();
            let expected = if is_told { (422, Some("unheard_of".to_owned())) } else { (401, None) };
            assert_eq!(told, expected, "{} {path}: {answer:?}", operation.method);
        }
    }
}

/// What was answered otherwise than it is documented.
async fn all_of(mut asker: Asker, operations: Rc<[Operation]>, foreign: Rc<Foreign>) -> Vec<String> {
    let mut wrong = Vec::new();
    for operation in &*operations {
        if !asker.asks(operation) {
            continue;
        }
        let path = operation.path(&foreign.for_whom(&asker));
        let another = operation.others_permission.as_deref().map(|needed| {
            (format!("{path}?user_id={}", foreign.trader()), asker.expects_of_another(operation, needed))
        });
        for (path, expected) in [(path, asker.expects(operation))].into_iter().chain(another) {
            let answer = asker.ask(operation, &path).await;
            if !is_told(operation, expected, &answer) {
                wrong.push(format!("{asker}: {} {path}: not {expected:?} but {answer:?}", operation.method));
            }
        }
    }
    wrong
}

fn is_told(operation: &Operation, expected: Told, answer: &Answer) -> bool {
    if !operation.documents(answer) {
        return false;
    }
    let code = if answer.status < 400 { None } else { answer.json()["code"].as_str().map(str::to_owned) };
    match expected {
        Told::Shown => answer.status == 200,
        Told::In if operation.is_open() => true,
        Told::In if operation.is_unreadable() => (answer.status, code.as_deref()) == (400, Some("invalid_json")),
        Told::In => !matches!(code.as_deref(), Some("unauthorized" | "missing_scope" | "invalid_json")),
        Told::Unauthorized => (answer.status, code.as_deref()) == (401, Some("unauthorized")),
        Told::Forbidden => (answer.status, code.as_deref()) == (403, Some("missing_scope")),
        Told::Hidden => (answer.status, code.as_deref()) == (404, Some("not_found")),
    }
}
