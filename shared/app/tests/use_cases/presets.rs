use crate::given::{account, act, played};
use app::actor::Act;
use app::ports::{KeptPreset, Standing};
use app::presets::{self, PresetError, Put};
use domain::audit::Actor;
use domain::clock::Timestamp;
use domain::limits;
use domain::preset::PresetName;
use futures_util::future::{join, join_all};
use testkit::world::World;
use wire::preset::{BUILT_IN, Document};

const NOW: Timestamp = Timestamp::from_millis(1_760_000_000_000);

/// Where a user keeps presets.
#[derive(Clone)]
struct Shelf(World);

impl Shelf {
    async fn put_as(&self, to: &str, document: &str, seen: Option<u64>, by: Act<'_>) -> Result<Put, PresetError> {
        presets::put(&self.0, &name(to), &Document::parse(document).unwrap(), seen, by).await
    }

    async fn put(&self, to: &str, percent: u32, seen: Option<u64>) -> Result<Put, PresetError> {
        self.put_as(to, &stop(percent), seen, act(NOW)).await
    }

    async fn create(&self, of: &str, percent: u32, by: Act<'_>) -> Result<KeptPreset, PresetError> {
        presets::create(&self.0, &name(of), &Document::parse(&stop(percent)).unwrap(), by).await
    }

    async fn delete(&self, of: &str, seen: Option<u64>, by: Act<'_>) -> Result<(), PresetError> {
        presets::delete(&self.0, &name(of), seen, by).await
    }

    async fn find(&self, of: &str) -> Result<KeptPreset, PresetError> {
        presets::find(&self.0, &name(of), act(NOW)).await
    }

    async fn versions(&self) -> Vec<(String, u64)> {
        let presets = presets::list(&self.0, act(NOW)).await.unwrap();
        presets.into_iter().map(|preset| (preset.at.name.to_string(), preset.at.version)).collect()
    }

    /// An account of the user there.
    fn trades_at(&self, exchange: &str) {
        self.0.put_account(&account(exchange, "default", NOW), Standing { enabled: true, validated: true });
    }
}

fn shelved<F: Future<Output = ()> + 'static>(work: impl FnOnce(Shelf) -> F) {
    played(&World::calm_at(NOW), |world| work(Shelf(world)));
}

fn program() -> Act<'static> {
    Act { actor: Actor::Key, ..act(NOW) }
}

fn name(text: &str) -> PresetName {
    text.parse().unwrap()
}

fn stop(percent: u32) -> String {
    format!(r#"{{"stop_loss_percent": {percent}}}"#)
}

#[test]
fn each_change_is_a_version_on_record_and_the_same_again_is_none() {
    shelved(|shelf| async move {
        assert!(matches!(shelf.put("grid", 5, None).await, Ok(Put::Created(kept)) if kept.at.version == 1));
        assert!(matches!(shelf.put("grid", 6, Some(1)).await, Ok(Put::Replaced(kept)) if kept.at.version == 2));
        assert!(matches!(shelf.put("grid", 6, None).await, Ok(Put::Same(kept)) if kept.at.version == 2));
        let audits: Vec<_> = shelf.0.table().audits().collect();
        let told: Vec<_> = audits.iter().map(|audit| (&*audit.action, audit.after.as_deref().unwrap())).collect();
        assert_eq!(told, [("create preset", "version 1"), ("change preset", "version 2")]);
        assert_eq!((&*audits[1].resource, audits[1].before.as_deref()), ("grid", Some("version 1")));
    });
}

#[test]
fn a_version_that_was_not_seen_is_not_written_over() {
    shelved(|shelf| async move {
        shelf.put("grid", 5, Some(0)).await.unwrap();
        assert_eq!(shelf.put("grid", 6, Some(0)).await, Err(PresetError::VersionConflict(1)));
        assert_eq!(shelf.delete("grid", Some(7), act(NOW)).await, Err(PresetError::VersionConflict(1)));
        assert_eq!(shelf.put("other", 6, Some(1)).await, Err(PresetError::VersionConflict(0)));
    });
}

#[test]
fn a_name_is_taken_once_and_goes_on_counting_when_it_is_taken_again() {
    shelved(|shelf| async move {
        assert_eq!(shelf.create("grid", 5, act(NOW)).await.unwrap().at.version, 1);
        assert_eq!(shelf.create("grid", 6, act(NOW)).await, Err(PresetError::Duplicate));
        shelf.delete("grid", None, act(NOW)).await.unwrap();
        assert_eq!(shelf.find("grid").await, Err(PresetError::Unknown));
        assert_eq!(shelf.delete("grid", None, act(NOW)).await, Err(PresetError::Unknown));
        assert_eq!(shelf.create("grid", 7, act(NOW)).await.unwrap().at.version, 3);
    });
}

#[test]
fn the_built_in_preset_is_there_until_its_name_is_taken() {
    shelved(|shelf| async move {
        shelf.put("grid", 5, None).await.unwrap();
        assert_eq!(shelf.versions().await, [("default".to_owned(), 0), ("grid".to_owned(), 1)]);
        assert_eq!(shelf.find("default").await.unwrap().document, BUILT_IN);
        shelf.put("default", 5, Some(0)).await.unwrap();
        assert_eq!(shelf.versions().await, [("default".to_owned(), 1), ("grid".to_owned(), 1)]);
    });
}

#[test]
fn a_program_loosens_no_preset_that_alerts_may_name() {
    shelved(|shelf| async move {
        let written = async |to: &str, document: &str| shelf.put_as(to, document, None, program()).await.map(drop);
        shelf.put("grid", 4, None).await.unwrap();
        shelf.trades_at("PAPER");
        shelf.trades_at("BINANCE");
        let looser = [
            "{}",
            r#"{"stop_loss_percent": 6}"#,
            r#"{"stop_loss_percent": 4, "minimum_profit_percent": 1}"#,
            r#"{"stop_loss_percent": 4, "retry_unproven_entry": true}"#,
        ];
        for document in looser {
            assert_eq!(written("grid", document).await, Err(PresetError::NotInPerson), "{document}");
        }
        let tighter = written("grid", r#"{"stop_loss_percent": 3, "time_limit_minutes": 60}"#).await;
        assert_eq!(tighter, Ok(()), "tighter");
        let without = written("grid", &stop(3)).await;
        assert_eq!(without, Err(PresetError::NotInPerson), "its time limit is off");
        shelf.delete("grid", None, program()).await.unwrap();
        let anew = shelf.create("grid", 9, program()).await;
        assert_eq!(anew, Err(PresetError::NotInPerson), "taken away and kept anew");
        shelf.put("default", 1, None).await.unwrap();
        let standard = shelf.delete("default", None, program()).await;
        assert_eq!(standard, Err(PresetError::NotInPerson), "the built-in one would count, which is looser");
        assert_eq!(shelf.delete("default", None, act(NOW)).await, Ok(()));
        assert_eq!(written("wide", "{}").await, Ok(()), "which no alert names yet");
        assert_eq!(shelf.put("grid", 4, None).await.map(drop), Ok(()), "a person may");
    });
    shelved(|shelf| async move {
        shelf.trades_at("PAPER");
        shelf.put("grid", 4, None).await.unwrap();
        let looser = shelf.put_as("grid", "{}", None, program()).await;
        assert_eq!(looser.map(drop), Ok(()), "there is no money to lose");
    });
}

#[test]
fn only_so_many_are_kept() {
    shelved(|shelf| async move {
        for n in 0..limits::PRESETS_PER_USER_MAX {
            shelf.put(&format!("p{n}"), 5, None).await.unwrap();
        }
        assert_eq!(shelf.put("more", 5, None).await, Err(PresetError::TooMany));
        assert_eq!(shelf.create("more", 5, act(NOW)).await, Err(PresetError::TooMany));
        assert!(shelf.put("p0", 6, None).await.is_ok(), "what is kept can be changed");
        shelf.delete("p1", None, act(NOW)).await.unwrap();
        assert!(shelf.put("more", 5, None).await.is_ok());
    });
}

/// Of those that write at once one is first each time, and the others look again.
#[test]
fn a_lost_race_is_decided_anew_and_not_for_ever() {
    shelved(|shelf| async move {
        let put = |percent| shelf.put("grid", percent, None);
        let turns = limits::DECISIONS_PER_RUN_MAX;
        shelf.put("grid", 50, None).await.unwrap();
        let (rivals, last) = join(join_all((1..=turns).map(put)), put(turns + 1)).await;
        assert!(rivals.iter().all(Result::is_ok), "{rivals:?}");
        assert_eq!(last, Err(PresetError::Contended));
        let kept = shelf.find("grid").await.unwrap();
        assert_eq!((kept.at.version, kept.document), (1 + u64::from(turns), stop(turns).replace(' ', "")));
        let (rivals, last) = join(join_all((21..=20 + turns).map(put)), shelf.delete("grid", None, act(NOW))).await;
        assert!(rivals.iter().all(Result::is_ok), "{rivals:?}");
        assert_eq!(last, Err(PresetError::Contended));
    });
}
