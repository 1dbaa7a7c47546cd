//! What a migration becomes.

use std::time::Duration;

use super::{HEAD, compiled, compiled_with, migration, plan};
use crate::plan::{
    AssignmentKey, Effect, HttpPiece, OnTrouble, StateModel, Translator, WriteShadow,
};
use crate::strangler::{Gate, Share, Stage};

const ORDER: &str = "  GET /orders/{orderId}:\n    soap: shop.GetOrder\n    returns: order\n";

fn share(text: &str) -> Share {
    Share::parse(text).unwrap()
}

#[test]
fn a_candidate_is_a_route_that_no_caller_reaches() {
    let plan = plan(&format!(
        "{ORDER}    summary: An order\n    candidate: {{ http: modern, path: \"/v2/orders/{{orderId}}\", timeout: 700ms }}\n  GET /stock/{{articleNumber}}: {{ soap: shop.CheckStock }}\n"
    ));
    assert_eq!((plan.routes.len(), plan.served()), (3, 2));
    let ids: Vec<u32> = plan.versions[0].routes.iter().map(|id| id.0).collect();
    assert_eq!(ids, [0, 1]);
    let candidate = plan.route(plan.routes[0].migration.as_ref().unwrap().candidate);
    assert!(candidate.is_candidate && candidate.migration.is_none());
    assert_eq!(candidate.id, "GET /api/v1/orders/{orderId} (candidate)");
    assert_eq!((&*candidate.method, &*candidate.path), ("GET", "/api/v1/orders/{orderId}"));
    assert_eq!(candidate.operation_id, plan.routes[0].operation_id);
    assert_eq!(candidate.summary.as_deref(), Some("An order"));
    assert_eq!(candidate.timeout, Duration::from_millis(700));
    // It stands in the mapping where its keys are.
    assert_eq!((candidate.place.line, plan.routes[0].place.line), (14, 10));
    let Translator::Http(call) = &candidate.translator else { panic!() };
    let literal = |text: &str| HttpPiece::Literal(text.to_owned());
    assert_eq!(call.path, [literal("/v2/orders/"), HttpPiece::Parameter("orderId".to_owned())]);
}

#[test]
fn what_is_not_said_has_its_default() {
    let migration = migration(&format!("{ORDER}    candidate: {{ http: modern }}\n"));
    assert_eq!((migration.stage, migration.ceiling), (Stage::Legacy, Stage::Shadow));
    assert_eq!(migration.steps, ["5%", "25%", "50%"].map(share));
    assert_eq!(
        (migration.state, migration.on_trouble),
        (StateModel::Separate, OnTrouble::RollBack)
    );
    let shadow = &migration.shadow;
    assert_eq!((shadow.sample, shadow.timeout), (Share::ALL, Duration::from_secs(5)));
    assert_eq!((shadow.in_flight, shadow.queue), (16, 64));
    assert_eq!((shadow.budget, shadow.noise), (share("2%"), share("1%")));
    assert_eq!(shadow.writes, WriteShadow::Off);
    assert_eq!(migration.gate, Gate::default());
    assert!(migration.keys.is_empty() && migration.rules.is_empty());
}

#[test]
fn everything_that_is_said_is_in_the_plan() {
    let text = format!(
        "{ORDER}    candidate: {{ http: modern }}
    stage: canary 10%
    ceiling: primary
    canary: {{ steps: [1%, 10%, 50%], key: [header.X-Tenant, path.orderId] }}
    group: orders
    state: shared
    shadow: {{ sample: 10%, timeout: 2s, in_flight: 4, queue: 8, budget: 0.5%, noise: 0% }}
    compare:
      headers: [ETag]
      rules:
        \"lines[*].unitPrice\": {{ decimal: true, critical: true }}
        lines: {{ unordered: {{ by: lineNumber }} }}
        _links: ignore
    gate: {{ match_rate: 99.9%, match_rate_all: 99.99%, hold: 30d, shapes: 2, span: 7d, hidden: 10%, dropped: 2%, slower: 1.5, slower_by: 80ms, times: 20, failed: 2%, fails_more: 0.5% }}
    on_trouble: alert
"
    );
    let migration = migration(&text);
    assert_eq!((migration.stage, migration.ceiling), (Stage::Canary(share("10%")), Stage::Primary));
    assert_eq!(migration.steps, ["1%", "10%", "50%"].map(share));
    let tenant = AssignmentKey::Header("x-tenant".to_owned());
    assert_eq!(migration.keys, [tenant, AssignmentKey::Path("orderId".to_owned())]);
    assert_eq!((&*migration.salt, migration.state), ("shop/orders", StateModel::Shared));
    assert_eq!((migration.shadow.sample, migration.shadow.noise), (share("10%"), Share::NONE));
    assert_eq!((migration.shadow.in_flight, migration.shadow.queue), (4, 8));
    let rules = [
        "lines[*].unitPrice: { decimal: true, critical: true }",
        "lines: { unordered: { by: lineNumber } }",
        "_links: ignore",
    ];
    assert_eq!(migration.rules, rules);
    let gate = Gate {
        match_rate: 0.999,
        match_rate_all: 0.9999,
        shapes_min: 2,
        span_min: Duration::from_secs(7 * 24 * 60 * 60),
        hidden_max: 0.1,
        dropped_max: 0.02,
        slower_max: (1.5, Duration::from_millis(80)),
        times_min: 20,
        failed_max: 0.02,
        fails_more_max: 0.005,
        hold_min: Duration::from_secs(30 * 24 * 60 * 60),
    };
    assert_eq!((migration.gate, migration.on_trouble), (gate, OnTrouble::Alert));
}

#[test]
fn a_file_has_a_gate_for_all_its_routes() {
    let routes = format!(
        "{ORDER}    candidate: {{ http: modern }}\n    gate: {{ shapes: 9 }}\n  GET /stock/{{articleNumber}}: {{ soap: shop.CheckStock, candidate: {{ soap: shop12.CheckStock }} }}\n"
    );
    let (compiled, _) = compiled_with("gate: { match_rate: 98%, shapes: 2 }\n", &routes);
    let plan = compiled.unwrap().plan;
    let gate = |at: usize| plan.routes[at].migration.as_ref().unwrap().gate;
    let expected = |shapes_min| Gate { match_rate: 0.98, shapes_min, ..Gate::default() };
    assert_eq!((gate(0), gate(1)), (expected(9), expected(2)));
}

#[test]
fn the_ceiling_is_as_high_as_somebody_can_be_assigned() {
    let check = |route: &str, keys: &str, ceiling: &str| {
        let text = format!("  {route}:\n    candidate: {{ http: modern }}\n{keys}");
        let found = migration(&text);
        assert_eq!(found.ceiling.to_string(), ceiling, "{text}");
    };
    let read = "GET /orders/{orderId}";
    let (soap, cancel) = ("    soap: shop.GetOrder\n", "    soap: shop12.CancelOrder\n");
    let write = "POST /orders/{orderId}/cancel";
    check(read, soap, "shadow");
    check(read, &format!("{soap}    canary: {{ waive: true }}\n"), "retired");
    check(read, &format!("{soap}    canary: {{ key: [path.orderId] }}\n"), "retired");
    check(read, &format!("{soap}    stage: primary\n"), "retired");
    check(write, cancel, "shadow");
    check(write, &format!("{cancel}    canary: {{ key: [path.orderId] }}\n"), "shadow");
    let shared = "    state: shared\n    canary: { key: [path.orderId] }\n";
    check(write, &format!("{cancel}{shared}"), "retired");
}

#[test]
fn trouble_rolls_back_where_nothing_is_lost_by_it() {
    let check = |keys: &str, expected: OnTrouble| {
        let text = format!(
            "  POST /orders/{{orderId}}/cancel:\n    soap: shop12.CancelOrder\n    candidate: {{ http: modern }}\n{keys}"
        );
        assert_eq!(migration(&text).on_trouble, expected, "{keys}");
    };
    check("", OnTrouble::Freeze);
    check("    state: shared\n", OnTrouble::RollBack);
    check("    effect: read\n", OnTrouble::RollBack);
    check("    on_trouble: rollback\n", OnTrouble::RollBack);
}

#[test]
fn a_candidate_has_the_effect_of_its_route() {
    let text =
        "  POST /search: { soap: shop.SearchOrders, effect: read, candidate: { http: modern } }\n";
    assert_eq!(plan(text).routes[1].effect, Effect::Read);
}

#[test]
fn writes_are_compared_without_being_executed_twice() {
    let check = |writes: &str, expected: WriteShadow| {
        let text = format!(
            "  PUT /orders/{{orderId}}: {{ soap: shop12.CancelOrder, candidate: {{ http: modern }}, shadow: {{ writes: {writes} }} }}\n  GET /orders/{{orderId}}: {{ soap: shop.GetOrder, candidate: {{ http: modern }} }}\n"
        );
        assert_eq!(migration(&text).shadow.writes, expected);
    };
    check("off", WriteShadow::Off);
    let header = ("x-dry-run".to_owned(), "1".to_owned());
    check("{ dry_run: { X-Dry-Run: \"1\" } }", WriteShadow::DryRun(header.0, header.1));
    let read = crate::plan::RouteId(1);
    check(
        "{ readback: { route: \"GET /orders/{orderId}\", settle: 2s } }",
        WriteShadow::ReadBack { route: read, settle: Duration::from_secs(2) },
    );
    let render = "  PUT /orders/{orderId}: { soap: shop12.CancelOrder, candidate: { soap: shop.CancelOrder }, shadow: { writes: render } }\n";
    assert_eq!(migration(render).shadow.writes, WriteShadow::Render);
}

#[test]
fn statements_of_a_candidate_are_its_own() {
    let text = "  GET /orders/{orderId}:
    sql: ledger
    query: select order_id, status from a where order_id = :orderId
    result: one
    candidate: { sql: ledger, query: \"select order_id, status from b where order_id = :orderId\", result: one }
";
    let plan = plan(text);
    let text = |at: usize| match &plan.routes[at].translator {
        Translator::Sql(call) => format!("{:?}", call.steps[0].statement),
        _ => panic!(),
    };
    assert!(text(0).contains("from a") && text(1).contains("from b"));
}

#[test]
fn a_version_takes_migrations_over_with_their_routes() {
    let one = format!(
        "{HEAD}gate: {{ shapes: 7 }}\nroutes:\n{ORDER}    candidate: {{ http: modern }}\n    stage: shadow\n    group: orders\n"
    );
    let two = "figleaf: 1\napi: shop\nversion: v2\nextends: v1\ngate: { shapes: 9 }\n";
    let (found, problems) = compiled(&[&one, two]);
    assert_eq!(problems, Vec::<String>::new());
    let plan = found.unwrap().plan;
    let shown = |at: usize| {
        let (route, migration) = (&plan.routes[at], plan.routes[at].migration.as_ref().unwrap());
        let candidate = &plan.route(migration.candidate).id;
        format!(
            "{}: {} {} {}, {candidate}",
            route.id, migration.stage, migration.salt, migration.gate.shapes_min
        )
    };
    // The gate is that of the file the route stands in; callers are assigned alike.
    assert_eq!(
        shown(0),
        "GET /api/v1/orders/{orderId}: shadow shop/orders 7, GET /api/v1/orders/{orderId} (candidate)"
    );
    assert_eq!(
        shown(1),
        "GET /api/v2/orders/{orderId}: shadow shop/orders 7, GET /api/v2/orders/{orderId} (candidate)"
    );
}

#[test]
fn documents_know_nothing_of_candidates() {
    let routes = |candidate: &str| {
        let text = format!(
            "{ORDER}{candidate}  GET /stock/{{articleNumber}}: {{ soap: shop.CheckStock }}\n"
        );
        crate::openapi::to_json(&crate::openapi::combined(&plan(&text)))
    };
    let alone = routes("");
    let check = |candidate: &str| assert_eq!(routes(candidate), alone, "{candidate}");
    check("    candidate: { http: modern }\n    stage: shadow\n");
    check("    candidate: { soap: shop12.GetOrder, returns: order }\n");
    // Another operation, whose types stand beside those of the route.
    check(
        "    candidate: { soap: shop.SearchOrders, in: { criteria.customerNumber: path.orderId }, returns: result.orders }\n    compare: { rules: { \"**\": ignore } }\n",
    );
    check(
        "    candidate: { soap: shop.GetOrder, returns: order, out: { orderId: number } }\n    compare: { rules: { orderId: ignore } }\n",
    );
}

#[test]
fn sides_are_others_when_they_say_something_else_not_when_they_stand_elsewhere() {
    let of = |before: &str, candidate: &str, rest: &str| {
        let text = format!("{before}{ORDER}    candidate: {{ {candidate} }}\n{rest}");
        let plan = plan(&text);
        let found = plan.routes.iter().find_map(|route| route.migration.as_deref());
        found.unwrap().identity.clone()
    };
    let one = of("", "http: modern", "");
    assert_eq!(one.len(), 16);
    let other = "  GET /stock/{articleNumber}: { soap: shop.CheckStock }\n";
    assert_eq!(
        of(other, "http: modern", "    stage: shadow\n    gate: { match_rate: 90% }\n"),
        one
    );
    assert_ne!(of("", "http: modern, path: \"/v2/orders/{orderId}\"", ""), one);
    assert_ne!(of("", "http: modern", "    compare: { rules: { note: ignore } }\n"), one);
    assert_eq!(of("", "http: modern", "    summary: An order\n"), one);
    assert_ne!(of("", "http: modern", "    strict: true\n"), one);
}
