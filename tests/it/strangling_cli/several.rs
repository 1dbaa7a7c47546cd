//! Several servers over one PostgreSQL.

use super::{Both, MAPPING, ORDER, Project, steady};
use crate::postgres;
use crate::rig::{client, eventually};

#[tokio::test]
async fn a_change_is_in_force_on_all_servers_when_the_command_ends() {
    let Some(pg) = postgres::server() else { return };
    let both = Both::of(MAPPING);
    let Both { mut project, shop: _shop, modern: _modern } = both;
    project.state = pg.database("select 1");
    let servers = [project.serve(), project.serve(), project.serve()];
    let alive = |project: &Project| project.says(0, &["status"]);
    eventually("three instances", || {
        let said = alive(&project);
        async move { said.contains("3 instances, and all act by the last change") }
    })
    .await;
    let back = ["stage", "GET /orders/{orderId}", "legacy", "--reason", "totals are wrong"];
    let said = steady(&project.says(0, &back));
    let expected =
        format!("{ORDER}: shadow → legacy\nin force on 3 of 3 instances, after <n> ms\n");
    assert_eq!(said, expected);
    for server in &servers {
        let answer = client().get(server.url("/api/v1/orders/42")).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    // One that hangs is named, and the change stands.
    servers[1].signal("STOP");
    let forward = ["stage", "GET /orders/{orderId}", "shadow", "--reason", "mended"];
    let said = project.run(&forward);
    servers[1].signal("CONT");
    assert!(matches!(said.code, 0 | 3), "{said:?}");
    if said.code == 3 {
        assert!(
            said.stdout.contains("in force on 2 of 3 instances after 5 s; not on "),
            "{said:?}"
        );
    } else {
        assert!(said.stdout.contains("in force on 2 of 2 instances"), "{said:?}");
    }
    let verified = project.says(0, &["audit", "verify"]);
    assert!(verified.starts_with("5 lines, all as written"), "{verified}");
}
