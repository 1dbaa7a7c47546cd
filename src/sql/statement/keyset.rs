//! The condition that a row stands behind a key, in an order.

use super::OrderKey;
use super::assemble::Writer;
use super::choice::Slot;

/// Writes the condition. Where all columns go one way it is a comparison of rows, which an
/// index answers; otherwise a bound on the first column leads, which an index answers as far
/// as that column. Columns of the order are never NULL.
pub(super) fn write_predicate(writer: &mut Writer<'_>, keys: &[OrderKey], backward: bool) {
    let greater = |key: &OrderKey| key.descending == backward;
    // Where the columns that go one way to the end begin.
    let Some(last) = keys.last() else { return };
    let same = keys.iter().rev().take_while(|key| greater(key) == greater(last)).count();
    let (lead, rest) = keys.split_at(keys.len() - same);
    for (index, key) in lead.iter().enumerate() {
        let order = if greater(key) { ">" } else { "<" };
        writer.push("(");
        compare(writer, key, index, &[order, "="].concat());
        writer.push(" and (");
        compare(writer, key, index, order);
        writer.push(" or (");
        compare(writer, key, index, "=");
        writer.push(" and ");
    }
    let order = if greater(last) { ">" } else { "<" };
    if let [only] = rest {
        compare(writer, only, lead.len(), order);
    } else {
        writer.push("(");
        for (index, key) in rest.iter().enumerate() {
            writer.push(if index == 0 { "" } else { ", " });
            writer.column(&key.column);
        }
        writer.push(&[") ", order, " ("].concat());
        for index in lead.len()..keys.len() {
            writer.push(if index == lead.len() { "" } else { ", " });
            writer.placeholder(Slot::Key(slot(index)));
        }
        writer.push(")");
    }
    for _ in lead {
        writer.push(")))");
    }
}

fn compare(writer: &mut Writer<'_>, key: &OrderKey, index: usize, operator: &str) {
    writer.column(&key.column);
    writer.push(&[" ", operator, " "].concat());
    writer.placeholder(Slot::Key(slot(index)));
}

/// Keys are few: see [`super::order::KEYS_MAX`].
fn slot(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}
