//! Did-you-mean, from the candidates that really exist.

/// The candidate nearest to `given`, if one is near enough to be a slip of the hand.
///
/// Case and separators are ignored first, so `order_id` finds `orderId`. A hint that
/// guesses wrong costs more than none, hence the tight bound on the distance.
pub fn did_you_mean<'c, I>(given: &str, candidates: I) -> Option<&'c str>
where
    I: IntoIterator<Item = &'c str>,
{
    let folded = fold(given);
    let distance_max = match folded.chars().count() {
        0..=2 => 0,
        3..=4 => 1,
        5..=9 => 2,
        _ => 3,
    };
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&folded, &fold(candidate)), candidate))
        .filter(|(distance, _)| *distance <= distance_max)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn fold(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_offered_and_far_ones_are_not() {
        let check = |given, expected: Option<&str>| {
            assert_eq!(did_you_mean(given, ["orderId", "customer", "status"]), expected, "{given}");
        };
        check("order_id", Some("orderId"));
        check("custmer", Some("customer"));
        check("statsu", Some("status"));
        check("invoice", None);
        check("x", None);
    }
}
