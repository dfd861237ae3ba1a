//! Logs that are taken away.

use crate::given::{act, ann, played};
use app::actor::Act;
use app::logs::record_export;
use domain::clock::Timestamp;
use testkit::world::World;

const NOW: Timestamp = Timestamp::from_millis(1_763_628_660_000);

#[test]
fn an_export_is_on_record_with_who_which_and_how() {
    played(&World::calm_at(NOW), |world| async move {
        let act = Act { address: Some("192.0.2.1"), ..act(NOW) };
        record_export(&world, "audit_log", "csv", act).await.unwrap();
        let rows: Vec<_> = world.table().audits().collect();
        let [row] = &rows[..] else { unreachable!("{rows:?}") };
        assert_eq!((&*row.action, &*row.resource, &*row.reason), ("export logs", "audit_log", "as csv"));
        assert_eq!((&row.user, row.at, row.address.as_deref()), (ann(), NOW, Some("192.0.2.1")));
    });
}
