//! The shop itself: what is stored, and what the operations do to it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::chaos::{Chaos, Mode};
use super::data::{Customer, Line, Money, Order};
use super::decimal::Decimal;
use super::fault::{Blame, Detail, Fault};
use super::inbound::malformed;
use super::seed;

/// The state of one shop. Two shops of the same calls are the same to the last digit: no
/// clock and no chance is asked.
#[derive(Debug)]
pub struct Shop {
    customers: Vec<Customer>,
    orders: Mutex<BTreeMap<u64, Order>>,
    chaos: Mutex<Option<Chaos>>,
    calls: AtomicU64,
}

impl Default for Shop {
    fn default() -> Self {
        Self::new()
    }
}

impl Shop {
    /// A shop as it opens in the morning.
    #[must_use]
    pub fn new() -> Self {
        Self {
            customers: seed::customers(),
            orders: Mutex::new(seed::orders().into_iter().map(|order| (order.id, order)).collect()),
            chaos: Mutex::new(None),
            calls: AtomicU64::new(0),
        }
    }

    /// How many SOAP requests have arrived, misbehaved answers included.
    pub fn calls(&self) -> u64 {
        self.calls.load(Relaxed)
    }

    /// Makes the following answers misbehave, or stops it.
    pub fn set_chaos(&self, chaos: Option<Chaos>) {
        *lock(&self.chaos) = chaos.filter(|it| it.times != Some(0));
    }

    /// The chaos in force, if any.
    pub fn chaos(&self) -> Option<Chaos> {
        *lock(&self.chaos)
    }

    /// Counts a request in, and takes the misbehaviour that is due to it.
    pub(super) fn arrive(&self) -> Option<(Mode, u64)> {
        self.calls.fetch_add(1, Relaxed);
        let mut chaos = lock(&self.chaos);
        let now = (*chaos)?;
        *chaos = match now.times {
            Some(left) if left <= 1 => None,
            times => Some(Chaos { times: times.map(|left| left - 1), ..now }),
        };
        Some((now.mode, now.millis))
    }

    pub(in crate::demo) fn order(&self, id: u64) -> Result<Order, Fault> {
        if id == 0 {
            return Err(Fault::plain(Blame::Server, STACK_TRACE));
        }
        let orders = lock(&self.orders);
        orders.get(&id).cloned().ok_or_else(|| Fault::declared(Detail::OrderNotFound { id }))
    }

    /// Orders of a customer, oldest number first: all there are, and at most `max` of them.
    pub(in crate::demo) fn search(
        &self,
        customer: &str,
        status: Option<&str>,
        from: Option<&str>,
        max: usize,
    ) -> (usize, Vec<Order>) {
        let orders = lock(&self.orders);
        let fits = |order: &&Order| {
            order.customer == customer
                && status.is_none_or(|status| order.status == status)
                && from.is_none_or(|from| day(&order.date) >= day(from))
        };
        let all: Vec<&Order> = orders.values().filter(fits).collect();
        (all.len(), all.into_iter().take(max).cloned().collect())
    }

    /// Stores an order; its id, state, dates and total are the shop's to say.
    pub(super) fn place(&self, order: Order) -> Result<Order, Fault> {
        let customer = self.customer(&order.customer)?;
        let total =
            total(&order.lines).ok_or_else(|| malformed("amounts that add up to nothing"))?;
        let currency = order.lines.first().map_or("EUR", |line| &line.price.currency).to_owned();
        let requested = Money { amount: total.to_string(), currency: currency.clone() };
        if let Some(limit) = customer.credit_limit
            && Decimal::parse(limit).is_some_and(|limit| total.compare(limit).is_gt())
        {
            let limit = Money { amount: limit.to_owned(), currency };
            let customer = order.customer;
            return Err(Fault::declared(Detail::CreditRefused { customer, requested, limit }));
        }
        let mut orders = lock(&self.orders);
        let id = orders.last_key_value().map_or(1, |(last, _)| last + 1);
        let order = Order { id, total: requested, ..order };
        orders.insert(id, order.clone());
        Ok(order)
    }

    pub(in crate::demo) fn cancel(&self, id: u64) -> Result<Order, Fault> {
        let mut orders = lock(&self.orders);
        let order =
            orders.get_mut(&id).ok_or_else(|| Fault::declared(Detail::OrderNotFound { id }))?;
        if matches!(order.status, "SHIPPED" | "CANCELLED") {
            return Err(Fault::declared(Detail::OrderLocked { id, status: order.status }));
        }
        order.status = "CANCELLED";
        order.version += 1;
        Ok(order.clone())
    }

    /// Notes that a parcel has left; an unknown order is passed over, as nobody waits.
    pub(super) fn ship(&self, id: u64, tracking: u64, at: String) {
        if let Some(order) = lock(&self.orders).get_mut(&id) {
            order.status = "SHIPPED";
            order.version += 1;
            order.tracking = Some(tracking);
            order.shipped_at = Some(at);
        }
    }

    pub(in crate::demo) fn customer(&self, id: &str) -> Result<Customer, Fault> {
        let found = self.customers.iter().find(|customer| customer.id == id);
        found
            .cloned()
            .ok_or_else(|| Fault::declared(Detail::CustomerNotFound { id: id.to_owned() }))
    }
}

const STACK_TRACE: &str = "java.lang.NullPointerException\n\
    \tat example.legacy.shop.OrderDAO.load(OrderDAO.java:217)\n\
    \tat example.legacy.shop.OrderBean.getOrder(OrderBean.java:88)";

fn total(lines: &[Line]) -> Option<Decimal> {
    lines.iter().try_fold(Decimal::ZERO, |sum, line| {
        let price = Decimal::parse(&line.price.amount)?;
        sum.plus(Decimal::parse(&line.quantity)?.times(price)?)
    })
}

fn day(date: &str) -> &str {
    date.get(..10).unwrap_or(date)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
