//! Two who keep people change the same person at once.

use super::leaving::{give_account, halted, live_tokens, make_token, stand};
use super::programs::{does, make, wanted};
use super::{GOOD, check, cut_off};
use app::identity::Invited;
use domain::identity::{Permission, Role};
use std::pin::pin;

/// One of them is slow, wherever they are in their work.
#[test]
fn accounts_and_keys_are_left_as_the_later_of_two_who_change_somebody_says() {
    check(async |town| {
        let admin = town.admin().await;
        let mut let_back = 0;
        for polls in 0_u32.. {
            let name = format!("ann{polls}");
            let ann = town.register(&name, Some(Role::Trader), Invited::By(&admin)).await.unwrap();
            let account = give_account(&town, &ann.id, 1);
            let mut slow = pin!(stand(&town, &admin, &ann.id, false));
            let is_over = cut_off(slow.as_mut(), polls).await.is_some();
            let was_out = !town.user(&ann.id).await.active;
            stand(&town, &admin, &ann.id, true).await.unwrap();
            let (key, back) = (format!("mqk_of_{name}"), town.enter(&name, GOOD).await);
            make(&town, &back, wanted(&town, "bot", &[Permission::READ]), &key).await.unwrap();
            make_token(&town, &back).await.unwrap();
            if !is_over {
                slow.await.unwrap();
            }
            let is_active = town.user(&ann.id).await.active;
            assert_eq!(is_active, was_out, "{polls}: who was not out yet is by now");
            let_back += u32::from(is_active);
            // Lifted, and not halted any more where it never was.
            assert_eq!(halted(&town, &account).await.1, is_active, "{polls}");
            assert_eq!(does(&town, &key, None).await.is_some(), is_active, "{polls}");
            assert_eq!(live_tokens(&town, &ann.id).await > 0, is_active, "{polls}");
            if is_over {
                assert!(let_back > 5, "{let_back} were let back");
                return;
            }
        }
    });
}

#[test]
fn who_is_let_back_slowly_and_kept_out_meanwhile_stays_out() {
    check(async |town| {
        let admin = town.admin().await;
        let mut kept_out = 0;
        for polls in 0_u32.. {
            let ann = town.register(&format!("ann{polls}"), Some(Role::Trader), Invited::By(&admin)).await.unwrap();
            let account = give_account(&town, &ann.id, 1);
            stand(&town, &admin, &ann.id, false).await.unwrap();
            let mut slow = pin!(stand(&town, &admin, &ann.id, true));
            let is_over = cut_off(slow.as_mut(), polls).await.is_some();
            stand(&town, &admin, &ann.id, false).await.unwrap();
            if !is_over {
                slow.await.unwrap();
            }
            let is_active = town.user(&ann.id).await.active;
            kept_out += u32::from(!is_active);
            assert_eq!(halted(&town, &account).await, (true, is_active), "{polls}");
            if is_over {
                assert!(kept_out > 2, "{kept_out} were kept out");
                return;
            }
        }
    });
}
