//! The server of the tests itself.

use super::{Server, execute, server, try_execute};

#[test]
fn each_test_has_a_database_of_its_own() {
    let Some(pg) = server() else { return };
    let (one, other) = (pg.database("create table t (id int)"), pg.database(""));
    execute(&one, "insert into t values (1)");
    assert_eq!(execute(&one, "select count(*) from t").unwrap(), "1");
    assert!(try_execute(&other, "select from t").is_err());
}

#[test]
fn a_private_server_comes_back_with_its_data() {
    let Some(mut pg) = Server::private() else { return };
    let url = pg.database("create table t (id int); insert into t values (1)");
    pg.kill();
    assert!(try_execute(&url, "select 1").is_err());
    pg.start();
    assert_eq!(execute(&url, "select count(*) from t").unwrap(), "1");
    pg.stop();
    assert!(try_execute(&url, "select 1").is_err());
    pg.start();
    assert_eq!(execute(&url, "select count(*) from t").unwrap(), "1");
}
