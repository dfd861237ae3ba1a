use domain::clock::Timestamp;
use domain::ids::{AccountId, UserId};
use wire::challenge::*;

#[test]
fn whoever_signs_reads_for_what_for_whom_and_until_when() {
    let at = Timestamp::from_millis(1_763_628_660_000);
    let (user, account) = (UserId::of(&["ann"]), AccountId::of(&["ann", "1"]));
    let text = Proof {
        deployment: "desk",
        address: &"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed".parse().unwrap(),
        user: &user,
        account: &account,
        chain: 56,
        nonce: "k3yqd7hbl2",
        issued_at: at,
        expires_at: at.plus(domain::chain::Challenge::LASTS),
    }
    .text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "desk wants you to sign in with your Ethereum account:");
    assert_eq!(lines[1], "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
    assert_eq!([lines[2], lines[4]], ["", ""]);
    assert!(lines[3].contains("moves nothing"));
    assert_eq!(
        lines[5..],
        [
            &*format!("URI: urn:moniqo:desk:{account}"),
            "Version: 1",
            "Chain ID: 56",
            "Nonce: k3yqd7hbl2",
            "Issued At: 2025-11-20T08:51:00Z",
            "Expiration Time: 2025-11-20T09:01:00Z",
            &format!("Request ID: {account}"),
            "Resources:",
            &format!("- urn:moniqo:desk:{user}"),
        ]
    );
}
