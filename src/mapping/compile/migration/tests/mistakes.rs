//! What does not load, and why.

use super::{AUTH, HEAD, check, compiled, compiled_with};

fn read(keys: &str) -> String {
    format!("  GET /orders/{{orderId}}: {{ soap: shop.GetOrder, {keys} }}\n")
}

fn write(keys: &str) -> String {
    format!("  PUT /orders/{{orderId}}: {{ soap: shop12.CancelOrder, {keys} }}\n")
}

const HTTP: &str = "candidate: { http: modern }";

#[test]
fn stages_need_a_candidate_and_stay_below_the_ceiling() {
    check(
        &read("stage: shadow"),
        &["mapping-stage <shadow>: there is no candidate that could be in stage `shadow`"],
    );
    check(&read("stage: legacy"), &[]);
    check(
        &read("state: shared, gate: { shapes: 1 }"),
        &[
            "mapping-candidate <state>: `state` means nothing without a candidate",
            "mapping-candidate <gate>: `gate` means nothing without a candidate",
        ],
    );
    check(
        &read(&format!("{HTTP}, stage: primary, ceiling: shadow")),
        &["mapping-stage <primary>: `primary` is above the ceiling, `shadow`"],
    );
    check(
        &read(&format!("{HTTP}, stage: canary 105%")),
        &[
            "mapping-type <canary 105%>: expected a stage such as `shadow` or `canary 5%`, found `canary 105%`",
        ],
    );
}

#[test]
fn a_canary_needs_somebody_to_be_assigned() {
    let nobody =
        "mapping-canary <canary 5%>: `canary 5%`, and nothing says whom the candidate answers";
    check(&read(&format!("{HTTP}, stage: canary 5%")), &[nobody]);
    check(
        &read(&format!("{HTTP}, ceiling: primary")),
        &["mapping-canary <primary>: `primary`, and nothing says whom the candidate answers"],
    );
    check(
        &read(&format!("{HTTP}, stage: canary 5%, canary: {{ waive: true }}")),
        &["mapping-canary <canary 5%>: `canary 5%`, and the canary is waived"],
    );
    check(
        &read(&format!(
            "{HTTP}, canary: {{ key: [path.orderID, claim.sub, query.x, header., body.a.] }}"
        )),
        &[
            "mapping-canary <orderID>: the path has no parameter `orderID`",
            "mapping-canary <claim.sub>: there are no claims: callers do not say who they are",
            "mapping-canary <query.x>: `query.x` tells no callers apart",
            "mapping-canary <header.>: `header.` tells no callers apart",
            "mapping-canary <body.a.>: `body.a.` tells no callers apart",
        ],
    );
    let (_, problems) =
        compiled_with(AUTH, &read(&format!("{HTTP}, canary: {{ key: [claim.sub] }}")));
    assert_eq!(problems, Vec::<String>::new());
    check(
        &read(&format!("{HTTP}, canary: {{ steps: [25%, 5%, 100%] }}")),
        &[
            "mapping-value <5%>: `5%` is no step: they rise, and stay below 100%",
            "mapping-value <100%>: `100%` is no step: they rise, and stay below 100%",
        ],
    );
    check(
        &read(&format!("{HTTP}, canary: {{ waive: true, key: [path.orderId] }}")),
        &["mapping-unknown-key <key>: `key` means nothing for a canary that is waived"],
    );
}

#[test]
fn writes_are_not_split() {
    let splits = |stage: &str| {
        format!(
            "mapping-split-writes <{stage}>: in `{stage}`, writes would go to two systems of which neither sees the other's"
        )
    };
    check(&write(&format!("{HTTP}, stage: primary")), &[&splits("primary")]);
    check(&write(&format!("{HTTP}, stage: shadow, ceiling: standby")), &[&splits("standby")]);
    check(
        &write(&format!("{HTTP}, state: shared, canary: {{ waive: true }}")),
        &["mapping-canary <true>: the canary of a write cannot be waived"],
    );
    check(
        &write(&format!(
            "{HTTP}, state: shared, canary: {{ key: [header.X-Tenant, path.orderId] }}"
        )),
        &[
            "mapping-canary <header.X-Tenant>: writes of one thing by two callers would go to two systems",
        ],
    );
    check(
        &write(&format!("{HTTP}, dual_write: {{ order: legacy_first }}")),
        &["mapping-unknown-key <dual_write>: `dual_write` is not built: a write is executed once"],
    );
}

#[test]
fn reads_follow_the_writes_of_their_group() {
    let group = |read_keys: &str| {
        format!(
            "{}{}",
            write(&format!(
                "{HTTP}, state: shared, group: orders, canary: {{ key: [path.orderId] }}"
            )),
            read(&format!("{HTTP}, group: orders, {read_keys}")),
        )
    };
    check(&group("canary: { key: [path.orderId] }"), &[]);
    // The read has in its path what the write has in its body.
    check(
        &group("canary: { key: [path.orderId] }").replacen("[path.orderId]", "[body.order.id]", 1),
        &[],
    );
    check(
        &group("canary: { key: [body.order.id] }"),
        &["mapping-canary <body.order.id>: a request of this method has no body"],
    );
    check(
        &group("canary: { key: [header.X-Tenant] }"),
        &["mapping-canary <orders>: routes of `orders` are assigned by different keys"],
    );
    check(
        &group("canary: { key: [path.orderId] }, stage: shadow"),
        &["warning mapping-stage <shadow>: routes of `orders` are in different stages"],
    );
}

#[test]
fn shadowed_writes_are_possible() {
    let refused = |keys: &str, expected: &str| check(&write(keys), &[expected]);
    refused(
        &format!("{HTTP}, shadow: {{ writes: render }}"),
        "mapping-shadow <render>: what a `soap` route and a `http` candidate send cannot be compared",
    );
    refused(
        "candidate: { soap: shop.CancelOrder }, shadow: { writes: { dry_run: { X-Dry-Run: \"1\" } } }",
        "mapping-shadow <{ dry_run: { X-Dry-Run: \"1\" } }>: a `soap` candidate gets no header: it would write",
    );
    refused(
        &format!("{HTTP}, shadow: {{ writes: {{ dry_run: {{ Host: x }} }} }}"),
        "mapping-shadow <{ dry_run: { Host: x } }>: `host` does not reach the candidate: it would write",
    );
    let own =
        HEAD.replace("'http://modern.test' }", "'http://modern.test', headers: { X-Dry: no } }");
    let dry = write(&format!("{HTTP}, shadow: {{ writes: {{ dry_run: {{ x-dry: yes }} }} }}"));
    let (_, said) = compiled(&[&format!("{own}routes:\n{dry}")]);
    let expected = "`x-dry` does not reach the candidate: it would write";
    assert!(said.len() == 1 && said[0].contains(expected), "{said:?}");
    refused(
        &format!("{HTTP}, shadow: {{ writes: {{ dry_run: {{ a: b, c: d }} }} }}"),
        "mapping-value <{ a: b, c: d }>: a dry run is told by one header",
    );
    refused(
        &format!("{HTTP}, shadow: {{ writes: {{ readback: {{ route: GET /order }} }} }}"),
        "mapping-shadow <GET /order>: there is no route `GET /order`",
    );
    refused(
        &format!(
            "{HTTP}, shadow: {{ writes: {{ readback: {{ route: \"PUT /orders/{{orderId}}\" }} }} }}"
        ),
        "mapping-shadow <\"PUT /orders/{orderId}\">: `PUT /orders/{orderId}` is a write itself",
    );
    check(
        &read(&format!("{HTTP}, shadow: {{ writes: off }}")),
        &["mapping-shadow <off>: `writes` of a route that only reads"],
    );
    let readback = write(&format!(
        "{HTTP}, shadow: {{ writes: {{ readback: {{ route: \"GET /stock/{{articleNumber}}\" }} }} }}"
    ));
    let stock = "  GET /stock/{articleNumber}: { soap: shop.CheckStock";
    check(
        &format!("{readback}{stock} }}\n"),
        &[
            "mapping-shadow <\"GET /stock/{articleNumber}\">: `GET /stock/{articleNumber}` has no candidate that could be asked",
        ],
    );
    check(
        &format!("{readback}{stock}, {HTTP} }}\n"),
        &[
            "mapping-shadow <\"GET /stock/{articleNumber}\">: nothing says what `articleNumber` of `GET /stock/{articleNumber}` is",
        ],
    );
}

#[test]
fn a_candidate_is_another_call() {
    check(
        &read("returns: order, candidate: { returns: order, soap: shop.GetOrder }"),
        &[
            "mapping-candidate <candidate>: the candidate is the route itself: it would be compared with itself",
        ],
    );
    check(&read("returns: order, candidate: { soap: shop12.GetOrder, returns: order }"), &[]);
    check(
        &read("candidate: { compose: {}, stage: shadow }"),
        &[
            "mapping-missing <candidate>: a candidate needs one of `soap`, `http`, `sql`",
            "mapping-unknown-key <compose>: `compose` is not a key of a candidate",
            "mapping-unknown-key <stage>: `stage` is not a key of a candidate",
        ],
    );
    check(
        &read("candidate: { http: modern, returns: order, path: \"/v2/{id}\" }"),
        &[
            "mapping-parameter-unbound <{orderId}>: `orderId` feeds nothing: `path:` does not have it",
            "mapping-unknown-key <returns>: `returns` means nothing for an `http` candidate",
            "mapping-member-unknown <{id}>: the route's path has no parameter `id`",
        ],
    );
    check(
        &read("candidate: { soap: shop12.GetOrders, in: { x: path.orderID } }"),
        &[
            "mapping-operation-unknown <GetOrders>: port `OrderServiceSoap12` has no operation `GetOrders`",
            "mapping-member-unknown <orderID>: the path has no parameter `orderID`",
        ],
    );
}

#[test]
fn rules_do_not_contradict_each_other() {
    let rules = |rules: &str| read(&format!("{HTTP}, compare: {{ rules: {{ {rules} }} }}"));
    check(
        &rules("\"*.orderId\": { bijection: order }, \"order.*\": { text: { trim: true } }"),
        &[],
    );
    check(
        &rules("order.status: ignore, $.order.status: { text: { trim: true } }"),
        &[
            "mapping-rule <$.order.status>: `order.status` and `$.order.status` fit the same places, and neither says more than the other",
        ],
    );
    check(
        &rules("\"order.lines[0]\": ignore, \"order.\": ignore"),
        &[
            "mapping-rule <\"order.lines[0]\">: `order.lines[0]` is no path: write `[*]`",
            "mapping-rule <\"order.\">: `order.` is no path: it ends with a dot",
        ],
    );
    let hidden = |ignored: &str| {
        format!("mapping-rule <order.lines>: `order.lines` is critical, and `{ignored}` is ignored")
    };
    for ignored in ["order", "order.**", "order.lines[*].articleNumber", "**.articleNumber"] {
        check(
            &rules(&format!("order.lines: {{ critical: true }}, \"{ignored}\": ignore")),
            &[&hidden(ignored)],
        );
    }
    check(&rules("order.status: { critical: true }, \"**.articleNumber\": ignore"), &[]);
}

#[test]
fn a_route_that_is_wrong_hides_nothing_of_its_migration() {
    check(
        &write(
            "candidate: { soap: shop12.CancelOrders }, stage: primary, canary: { key: [path.id] }, shadow: { writes: { readback: { route: GET /a } } }",
        ),
        &[
            "mapping-operation-unknown <CancelOrders>: port `OrderServiceSoap12` has no operation `CancelOrders`",
            "mapping-split-writes <primary>: in `primary`, writes would go to two systems of which neither sees the other's",
            "mapping-canary <id>: the path has no parameter `id`",
            "mapping-shadow <GET /a>: there is no route `GET /a`",
        ],
    );
}
