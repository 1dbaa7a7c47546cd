//! What is known of answers: places that no answer has, members that callers would miss.

use super::check;

fn rules(candidate: &str, rules: &str) -> String {
    format!(
        "  GET /orders/{{orderId}}: {{ soap: shop.GetOrder, returns: order, candidate: {candidate}, compare: {{ rules: {{ {rules} }} }} }}\n"
    )
}

#[test]
fn a_rule_for_a_place_that_no_answer_has_is_told() {
    let http = |text: &str| rules("{ http: modern }", text);
    let none = |place: &str| {
        let shown = place.trim_matches('"');
        format!("warning mapping-rule-unused <{place}>: the route's answer has no `{shown}`")
    };
    for good in [
        "lines: { unordered: true }",
        "\"lines[*].unitPrice\": { decimal: true }",
        "\"**.unitPrice\": { decimal: true }",
        "\"*\": { text: { trim: true } }",
        "$: { nullish: true }",
        "\"@status\": ignore",
    ] {
        check(&http(good), &[]);
    }
    check(&http("line: { unordered: true }"), &[&none("line")]);
    check(&http("lines.unitPrice: { decimal: true }"), &[&none("lines.unitPrice")]);
    check(&http("\"lines[*][*]\": { decimal: true }"), &[&none("\"lines[*][*]\"")]);
    check(&http("\"**.unitCost\": { decimal: true }"), &[&none("\"**.unitCost\"")]);
    // What a service has besides is its own; that it is ignored says that it may be there.
    check(&http("_links: ignore"), &[]);
    check(
        &rules("{ soap: shop12.GetOrder, returns: order }", "_links: ignore"),
        &[&none("_links")],
    );
    check(
        &http("\"@header.etag\": ignore"),
        &[
            "warning mapping-rule-unused <\"@header.etag\">: `@header.etag` is nothing that is compared",
        ],
    );
}

#[test]
fn rules_of_a_write_are_about_what_is_compared_of_it() {
    let check = |writes: &str, expected: &[&str]| {
        let text = format!(
            "  PUT /orders/{{orderId}}: {{ soap: shop12.CancelOrder, candidate: {{ soap: shop.CancelOrder }}, shadow: {{ writes: {writes} }}, compare: {{ rules: {{ nothing: {{ decimal: true }} }} }} }}\n"
        );
        super::check(&text, expected);
    };
    check(
        "off",
        &[
            "warning mapping-rule-unused <nothing>: nothing of this write is compared by these rules",
        ],
    );
    check("render", &[]);
}

#[test]
fn members_that_callers_would_miss_are_told() {
    let lacks = |names: &str| {
        format!("warning mapping-candidate-lacks <candidate>: the candidate's answer lacks {names}")
    };
    let statement = "{ sql: ledger, query: \"select 1 where '' = :orderId\", result: one }";
    let soap = "  GET /orders/{orderId}: { soap: shop.GetOrder, returns: order, candidate: ";
    check(
        &format!("{soap}{statement} }}\n"),
        &[&lacks(
            "`version`, `channel`, `customerId`, `orderDate`, `placedAt`, `deliveryDate`, `shippedAt`, `shipTo` and 6 more",
        )],
    );
    let dropped = "{ soap: shop12.GetOrder, returns: order, out: { lines.unitPrice: { drop: true }, channel: way } }";
    check(&format!("{soap}{dropped} }}\n"), &[&lacks("`channel`, `lines[*].unitPrice`")]);
    let ignored = "compare: { rules: { \"lines[*].*\": ignore, channel: { nullish: true } } }";
    check(&format!("{soap}{dropped}, {ignored} }}\n"), &[]);
    // The other way round, a candidate may have more.
    let two = "  GET /orders/{orderId}: { sql: ledger, query: \"select 1 where '' = :orderId\", result: one, candidate: { soap: shop.GetOrder, returns: order } }\n";
    check(two, &[]);
}

#[test]
fn both_sides_take_what_callers_may_send() {
    let orders = |candidate: &str| {
        let sends = "in: { criteria.customerNumber: query.customer }";
        format!(
            "  GET /orders: {{ soap: shop.SearchOrders, {sends}, returns: result.orders, candidate: {candidate} }}\n"
        )
    };
    let two = |name: &str, word: &str| {
        format!("warning mapping-candidate <{name}>: the candidate {word}")
    };
    check(&orders("{ http: modern }"), &[]);
    check(&orders("{ http: modern, query_string: { buyer: query.customer } }"), &[]);
    check(
        &orders("{ http: modern, query_string: { buyer: query.client } }"),
        &[&two("query.client", "takes `query.client`, which callers cannot send")],
    );
    check(
        &orders(
            "{ soap: shop12.SearchOrders, in: { criteria.customerNumber: query.client }, returns: result.orders }",
        ),
        &[
            &two("candidate", "refuses `query.customer`, which callers send"),
            &two("query.client", "takes `query.client`, which callers cannot send"),
        ],
    );
    // One that has to be there is missed by whoever does not know of it.
    let needs = "  GET /stock/{articleNumber}: { soap: shop.CheckStock, in: { warehouse: { const: A } }, candidate: { sql: ledger, query: \"select order_id, status from a where n = :articleNumber and w = :place\", result: one }, compare: { rules: { \"**\": ignore } } }\n";
    check(needs, &[&two("candidate", "takes `query.place`, which callers cannot send")]);
}
