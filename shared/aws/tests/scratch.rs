#![allow(clippy::all, clippy::unwrap_used, clippy::disallowed_methods, clippy::panic)]
use app::ports::*;
use aws::*;
use domain::account::Account;
use domain::clock::*;
use domain::ids::*;
use domain::market::*;
use domain::token::WebhookToken;
use testkit::contract::Harness;

pub struct Cloud(Aws);

fn now() -> Timestamp {
    Timestamp::from_millis(
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64
    )
}

impl Harness for Cloud {
    type Store = Aws;
    fn store(&self) -> &Aws {
        &self.0
    }
    fn unique(&self) -> String {
        format!(
            "c{}",
            u64::from_be_bytes({
                let mut b = [0; 8];
                getrandom::fill(&mut b).unwrap();
                b
            })
        )
    }
    fn now(&self) -> Timestamp {
        now()
    }
    async fn pause(&self) {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await
    }
    async fn put_token(&self, token: &WebhookToken) {
        self.0.put_token(token).await.unwrap()
    }
    async fn put_account(&self, account: &Account, standing: Standing) {
        self.0.put_account(account, standing).await.unwrap()
    }
    async fn put_market(&self, market: &Market) {
        self.0.put_market(market).await.unwrap()
    }
    async fn put_book(&self, book: &Book) {
        self.0.put_book(book).await.unwrap()
    }
    async fn put_session(&self, h: &Sha, s: &Session, e: Timestamp) {
        self.0.put_session(h, s, e).await.unwrap()
    }
}

pub async fn cloud() -> Cloud {
    let q = |n: &str| format!("http://127.0.0.1:24566/000000000000/wa-{n}");
    let config = Config::new(Patience::WORKER)
        .with(Place::Trading, "wa-trading")
        .with(Place::Vault, "wa-vault")
        .with(Place::Market, "wa-market")
        .with(Place::Identity, "wa-identity")
        .with(Place::Signals, q("signals.fifo"))
        .with(Place::Orders, q("orders.fifo"))
        .with(Place::Ticks, q("ticks"))
        .with(Place::DeadSignals, q("dead"))
        .with(Place::DeadOrders, q("dead"))
        .with(Place::DeadTicks, q("dead"));
    Cloud(Aws::connect(config, now).await)
}

macro_rules! in_cloud {
    ($case:path) => {{
        let rt = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        rt.block_on(async {
            let h = $crate::cloud().await;
            $case(&h).await
        });
    }};
}
testkit::contract_cases!(in_cloud);

#[test]
fn seed_queues_prices() {
    async fn case(h: &Cloud) {
        let aws = h.store();
        let p = |t: &str| t.parse::<domain::money::Price>().unwrap();
        let s = Seed {
            user: UserId::of(&["seed"]),
            webhook_token: Secret("w".into()),
            session_token: Secret("s".into()),
            replay: Replay {
                started_at: now(),
                bar: Millis::seconds(2),
                bars: (1..=300)
                    .map(|i| {
                        let b = i.to_string();
                        [p(&b), p(&format!("{}", i + 2)), p(&b), p(&format!("{}.5", i))]
                    })
                    .collect(),
            },
            at: now(),
        };
        println!("{s:?}");
        let a = seed(aws, &s).await.unwrap();
        assert_eq!(seed(aws, &s).await.unwrap(), a);
        let acc = aws.load_account(&a.account).await.unwrap().unwrap();
        println!("{acc:?}");
        println!("{:?}", aws.load_book(&a.account).await.unwrap().unwrap());
        println!("{:?}", aws.read_price(&a.market, now()).await.unwrap());
        println!("{:?}", aws.bars(&a.market, now().minus(Millis::seconds(3)), now()).await.unwrap());
        assert!(matches!(aws.guard_session(&Sha::of_bytes(b"s"), now()).await.unwrap(), Guarded::Admitted(_)));
        assert!(aws.find_token(&s.user, &Sha::of_bytes(b"w")).await.unwrap().is_some());
        aws.send_tick(&Tick { slot: 1, shard: 2 }, Millis::seconds(0), now()).await.unwrap();
        let bell =
            Bell { account: a.account.clone(), group: GroupId::of(&["g"]), version: 1, again: None, trace: "t".into() };
        aws.ring(&bell, now()).await.unwrap();
        aws.ring(&bell, now()).await.unwrap();
        println!("depth {}", aws.parked_messages().await.unwrap());
        println!("calls {}", aws.calls_taken());
        assert_eq!(aws.load_system().await.unwrap(), SystemState::default());
    }
    in_cloud!(case);
}
