use wire::backtest::*;

#[test]
fn what_is_kept_is_read_again_to_the_last_digit() {
    let score = 0.1 + 0.2;
    let equity = vec![Exact(score), Exact(1e300)];
    let [entry_price, exit_price, size, fees, pnl] = [0.1, 0.7, 1e-8, 3.3, -score].map(Exact);
    let trades = vec![KeptTrade { entry_bar: 0, exit_bar: 1, entry_price, exit_price, size, fees, pnl }];
    let tested = KeptTested { times_ms: vec![-5, 7], equity, trades };
    let items = [KeptItem::of(Some(score), &[1.5]), KeptItem::of(Some(f64::INFINITY), &"y")].map(Result::unwrap);
    let step = KeptItem::of(None, &"x").unwrap().with(tested.clone());
    let packed = KeptPart::of(items.into_iter().chain([step]).collect()).pack().unwrap();
    let part = KeptPart::unpack(&packed).unwrap();
    let told: Vec<_> = part.items.iter().map(|item| (item.score(), item.told.get())).collect();
    assert_eq!(told, [(Some(score), "[1.5]"), (Some(f64::INFINITY), "\"y\""), (None, "\"x\"")]);
    let kept: Vec<_> = part.items.into_iter().map(|item| item.tested).collect();
    assert_eq!(kept, [None, None, Some(tested)]);
    let before = pack(&format!(r#"{{"v":1,"items":[{{"score":{},"told":1}}]}}"#, score.to_bits())).unwrap();
    assert_eq!(KeptPart::unpack(&before).unwrap().items[0].score(), Some(score), "of a release before");
    let newer = pack(r#"{"v":2,"items":[]}"#).unwrap();
    assert!(KeptPart::unpack(&newer).is_err() && KeptPart::unpack(b"?").is_err());
}
