//! Everything that a trader has, however much it is.

use super::trader::Trader;
use app::ports::{Page, PageRequest, StoreError};
use domain::delivery::Delivery;
use domain::group::Group;
use domain::limits;
use domain::order::Order;
use store::Span;
use store::trading::Trading;

impl Trader {
    pub(crate) async fn all_deliveries(&self) -> Vec<Delivery> {
        all(async |page| Trading(&self.aws).list_deliveries(&self.user, Span::default(), &page).await).await
    }

    pub(crate) async fn all_groups(&self) -> Vec<Group> {
        all(async |page| Trading(&self.aws).list_groups(&self.user, Span::default(), &page).await).await
    }

    pub(crate) async fn all_orders(&self) -> Vec<Order> {
        let found = all(async |page| Trading(&self.aws).list_orders(&self.user, Span::default(), &page).await).await;
        found.into_iter().map(|(_, order)| order).collect()
    }
}

async fn all<T>(page: impl AsyncFn(PageRequest) -> Result<Page<T>, StoreError>) -> Vec<T> {
    let (mut items, mut cursor) = (Vec::new(), None);
    loop {
        let found = page(PageRequest { limit: limits::PAGE_ITEMS_MAX, cursor }).await.unwrap();
        items.extend(found.items);
        cursor = found.next;
        if cursor.is_none() {
            return items;
        }
    }
}
